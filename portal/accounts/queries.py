"""Nouns about people who sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.accounts.models import User, UserSession
from portal.accounts.rules import SignedIn, session_hash
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
