"""Verbs that change accounts and the sessions in which people are signed in."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, update

from portal.accounts.models import User, UserSession
from portal.accounts.rules import SEEN_EVERY, SESSION_LASTS, session_hash
from portal.kit.database import action
from portal.kit.schema import db
from portal.kit.text import email_key, tidy


@action
def add_user(*, email: str, name: str, password_hash: str | None, is_superuser: bool = False) -> int:
    """Make an account; returns its id.

    Raises:
        Conflict: a living account has this address.
    """
    return db.session.execute(
        insert(User)
        .values(
            email=email.strip(),
            email_key=email_key(email),
            name=tidy(name),
            password_hash=password_hash,
            is_superuser=is_superuser,
        )
        .returning(User.id)
    ).scalar_one()


@action
def begin_session(user_id: int, *, device: str, address: str, now: datetime) -> str:
    """Sign a browser in; returns the token its cookie shall carry, which is stored only as a hash."""
    token = secrets.token_urlsafe(32)
    db.session.execute(
        insert(UserSession).values(
            user_id=user_id,
            token_hash=session_hash(token),
            device=device[:200],
            address=address[:64],
            last_seen_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    return token


@action
def end_session(token: str) -> None:
    """Sign a browser out: its cookie is worth nothing from this moment."""
    db.session.execute(delete(UserSession).where(UserSession.token_hash == session_hash(token)))


@action
def touch_session(token: str, *, now: datetime) -> None:
    """Note a session's last use, at most every five minutes; the one thing a GET may write."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == session_hash(token), UserSession.last_seen_at < now - SEEN_EVERY)
        .values(last_seen_at=now)
    )
