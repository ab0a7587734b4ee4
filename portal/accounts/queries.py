"""Nouns about people who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from portal.accounts.models import User, UserSession
from portal.accounts.rules import Device, SignedIn, device_of, fingerprint, session_hash
from portal.kit.schema import db
from portal.kit.statements import question
from portal.kit.text import email_key, tidy
from portal.organizations.models import Membership
from portal.organizations.queries import all_organization_ids


def find_credentials(email: str) -> Any | None:
    """The id and the password's hash of the living account with this address."""
    return next(iter(_credentials(key=email_key(tidy(email)))), None)


@question
def _credentials() -> Any:
    """Asked on a connection that is given back at once: whoever waits for a password to be checked holds none."""
    return select(User.id, User.password_hash).where(User.email_key == bindparam("key"), User.deleted_at.is_(None))


@dataclass(frozen=True)
class Account:
    """A living account as its owner sees it; ``fingerprint`` tells one state of it from the next."""

    id: int
    name: str
    email: str
    password_hash: str | None
    fingerprint: str


def find_account(user_id: int) -> Account | None:
    """The living account of this id."""
    return _account(User.id == user_id)


def find_account_of(email: str) -> Account | None:
    """The living account with this address."""
    return _account(User.email_key == email_key(tidy(email)))


def find_deleted(email: str) -> int | None:
    """The id of the account with this address that was deleted last."""
    return db.session.scalar(
        select(User.id)
        .where(User.email_key == email_key(tidy(email)), User.deleted_at.is_not(None))
        .order_by(User.deleted_at.desc(), User.id.desc())
        .limit(1)
    )


def find_account_by_identity(issuer: str, subject: str) -> Account | None:
    """The living account that signs in with this account elsewhere."""
    return _account((User.provider == issuer) & (User.provider_id == subject))


def _account(condition: ColumnElement[bool]) -> Account | None:
    row = db.session.execute(
        select(User.id, User.name, User.email, User.email_key, User.password_hash).where(
            condition, User.deleted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return Account(row.id, row.name, row.email, row.password_hash, fingerprint(row.email_key, row.password_hash))


@dataclass(frozen=True)
class OpenSession:
    """A browser in which somebody is signed in."""

    id: int
    device: Device
    address: str
    last_seen_at: datetime
    is_this: bool


def sessions_of(user: SignedIn, now: datetime) -> list[OpenSession]:
    """The browsers in which somebody is signed in: this one, then the others, the last used first."""
    rows = db.session.execute(
        select(
            UserSession.id, UserSession.device, UserSession.address, UserSession.last_seen_at, UserSession.token_hash
        )
        .where(UserSession.user_id == user.id, UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    mine = session_hash(user.token)
    found = [
        OpenSession(row.id, device_of(row.device), row.address, row.last_seen_at, row.token_hash == mine)
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.is_this)


def find_signed_in(token: str, now: datetime) -> SignedIn | None:
    """Whose session this token is; None once it has ended, run out, or its user is gone.

    One statement, and a second one for superusers, who belong everywhere.
    """
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            User.email,
            User.is_superuser,
            UserSession.last_seen_at,
            Membership.organization_id,
        )
        .join(User, UserSession.user_id == User.id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(
            UserSession.token_hash == session_hash(token),
            UserSession.expires_at > now,
            User.deleted_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    user = rows[0]
    mine = tuple(row.organization_id for row in rows if row.organization_id is not None)
    organization_ids = tuple(all_organization_ids()) if user.is_superuser else mine
    return SignedIn(user.id, user.name, user.email, user.is_superuser, organization_ids, token, user.last_seen_at)
