"""Decisions about people who sign in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from portal.kit.conflicts import rule

SESSION_LASTS = timedelta(days=30)
LINK_LASTS = timedelta(hours=24)
"""How long the link of a mail is good for."""
RESET_LASTS = timedelta(hours=1)
"""How long the one is that gives an account another password."""
GO_ON_WITHIN = timedelta(minutes=10)
"""How long whoever came back from a provider has to say that it is they who sign in."""

SHORTEST_PASSWORD = 12

OTHER_PROVIDER = rule(
    "account_has_another_provider",
    "Your account here signs in with another account elsewhere. Use that one, or your password.",
    "Tu cuenta aquí inicia sesión con otra cuenta externa. Usa esa, o tu contraseña.",
)

BROWSERS = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
]  # fmt: skip

TRIES_PER_ADDRESS = "30/10 minutes"
TRIES_PER_ACCOUNT = "10/10 minutes"
"""Wrong passwords from one network address, and for one account."""
MAILS_PER_ADDRESS = "30/hour"
MAILS_PER_ACCOUNT = "5/hour"
"""Mails that one network address may ask for, and that one mailbox gets."""

LINK_USED = rule(
    "account_has_changed",
    "This link has been used, or your account has changed since. Ask for a new one.",
    "Este enlace ya se usó o tu cuenta cambió desde entonces. Pide uno nuevo.",
)

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


@dataclass(frozen=True)
class Device:
    """What a browser says it is, as people call it; empty where it does not say."""

    browser: str
    system: str


def device_of(user_agent: str) -> Device:
    """The browser and the system that this header names: each claims to be those before it as well."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    return Device(browser, next((name for mark, name in SYSTEMS if mark in user_agent), ""))


def fingerprint(key: str, password_hash: str | None) -> str:
    """What an account is like, in few letters: a link that was made for it is worth nothing once it has changed."""
    return hashlib.sha256(f"{key} {password_hash or ''}".encode()).hexdigest()[:32]


def is_long_unseen(last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session's last use is due to be noted again."""
    return last_seen_at < now - SEEN_EVERY


def safe_path(wished: str, *, otherwise: str) -> str:
    """``wished`` if a browser that follows it stays on this host, else ``otherwise``; two slashes begin a host."""
    path, _, _ = wished.partition("?")
    if len(wished) > LONGEST_PATH or "//" in path or not PATH_OF_THIS_HOST.fullmatch(wished):
        return otherwise
    return wished
