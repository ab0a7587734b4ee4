"""Verbs that begin and end the sessions in which people are signed in."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, update

from portal.accounts.models import UserSession
from portal.accounts.rules import SEEN_EVERY, SESSION_LASTS, session_hash
from portal.kit.database import action
from portal.kit.schema import db


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
def end_one_session(user_id: int, session_id: int) -> None:
    """Sign one of somebody's browsers out; one that is gone already, or another's, changes nothing."""
    db.session.execute(delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id))


@action
def end_sessions(user_id: int, *, but: str | None = None) -> None:
    """Sign somebody out everywhere.

    Args:
        user_id: whom.
        but: the token of a session that goes on, None for none.
    """
    mine = delete(UserSession).where(UserSession.user_id == user_id)
    db.session.execute(mine.where(UserSession.token_hash != session_hash(but)) if but else mine)


@action
def touch_session(token: str, *, now: datetime) -> None:
    """Note a session's last use, at most every five minutes; the one thing a GET may write."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == session_hash(token), UserSession.last_seen_at < now - SEEN_EVERY)
        .values(last_seen_at=now)
    )
