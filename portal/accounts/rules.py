"""Decisions about people who sign in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

SESSION_LASTS = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
LONGEST_PATH = 2000

PATH_OF_THIS_HOST = re.compile(r"/[!-\[\]-~]*")
"""A slash, then no backslash, no blank and no control character: browsers may read those as part of a host."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in with this browser, as routes and queries see them.

    Flask-Login keeps ``get_id()`` in the cookie: it is the token of the
    session, not the id of the user, so that ending the session ends the cookie.
    """

    id: int
    name: str
    email: str
    is_superuser: bool
    organization_ids: tuple[int, ...]
    token: str
    last_seen_at: datetime

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token

    @property
    def actor(self) -> str:
        """How the log names them."""
        return f"user:{self.id}"


def session_hash(token: str) -> str:
    """How a session's token is stored: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_long_unseen(last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session's last use is due to be noted again."""
    return last_seen_at < now - SEEN_EVERY


def safe_path(wished: str, *, otherwise: str) -> str:
    """``wished`` if a browser that follows it stays on this host, else ``otherwise``; two slashes begin a host."""
    path, _, _ = wished.partition("?")
    if len(wished) > LONGEST_PATH or "//" in path or not PATH_OF_THIS_HOST.fullmatch(wished):
        return otherwise
    return wished
