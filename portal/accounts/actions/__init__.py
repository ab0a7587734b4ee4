"""Verbs that change an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal.accounts.actions.sessions import end_sessions
from portal.accounts.models import User
from portal.accounts.rules import LINK_USED, OTHER_PROVIDER, fingerprint
from portal.audit.actions import record
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import email_key, tidy
from portal.mail.actions import post
from portal.mail.rules import Letter
from portal.organizations.models import Membership


@action
def add_user(
    *,
    email: str,
    name: str,
    password_hash: str | None,
    is_superuser: bool = False,
    provider: tuple[str, str] | None = None,
) -> int:
    """Make an account; returns its id.

    Args:
        email: has been confirmed, or is known to whoever asks for this.
        name: what the person is called.
        password_hash: None for whoever signs in elsewhere.
        is_superuser: whether they belong to every organization.
        provider: issuer and subject of the OpenID account with which they sign in.

    Raises:
        Conflict: a living account has this address, or this way of signing in.
    """
    return db.session.execute(
        insert(User)
        .values(
            email=email.strip(),
            email_key=email_key(email),
            name=tidy(name),
            password_hash=password_hash,
            is_superuser=is_superuser,
            provider=provider[0] if provider else None,
            provider_id=provider[1] if provider else None,
        )
        .returning(User.id)
    ).scalar_one()


@action
def write_to(letter: Letter, *, now: datetime) -> None:
    """Send somebody a link: it changes nothing until it is followed."""
    post(letter, now=now)


@action
def change_password(
    user_id: int, password_hash: str, *, was: str, notice: Letter, now: datetime, keep: str | None = None
) -> None:
    """Give an account another password; every session of it ends, but for ``keep``, and its owner is told by mail.

    Args:
        user_id: whose.
        password_hash: the new one's.
        was: the account's fingerprint when the change was asked for.
        notice: what its owner is told.
        now: when.
        keep: the token of the session in which it is changed, None for none.

    Raises:
        Conflict: the account has changed since, so a link that was used once is worth nothing.
    """
    _change(user_id, was, password_hash=password_hash)
    end_sessions(user_id, but=keep)
    post(notice, now=now)
    _record("password.changed", user_id, now=now)


@action
def link_provider(user_id: int, issuer: str, subject: str, *, notice: Letter, now: datetime) -> None:
    """Let somebody sign in with their account elsewhere, whose confirmed address is theirs here; they are told by mail.

    Raises:
        Conflict: they sign in with another one already, or somebody else with this one.
    """
    linked = db.session.execute(
        update(User)
        .where(User.id == user_id, User.deleted_at.is_(None), User.provider.is_(None))
        .values(provider=issuer, provider_id=subject)
        .returning(User.id)
    ).all()
    if not linked:
        raise OTHER_PROVIDER.conflict()
    post(notice, now=now)
    _record("provider.linked", user_id, now=now)


@action
def change_address(user_id: int, email: str, *, was: str, notice: Letter, now: datetime) -> None:
    """Give an account another address, which has been confirmed; the old one is told.

    Raises:
        Conflict: the account has changed since, or another has this address.
    """
    _change(user_id, was, email=email.strip(), email_key=email_key(email))
    post(notice, now=now)
    _record("address.changed", user_id, now=now)


@action
def rename_user(user_id: int, name: str, *, now: datetime) -> None:
    """Call somebody by another name; what the log says of the past stays."""
    changed = db.session.execute(
        update(User).where(User.id == user_id, User.name != tidy(name)).values(name=tidy(name)).returning(User.id)
    ).all()
    if changed:
        _record("user.renamed", user_id, now=now)


@action
def delete_user(user_id: int, *, actor: str, now: datetime) -> None:
    """Hide an account everywhere and sign it out; its address is free again, and it can be restored.

    Raises:
        Conflict: it is the last admin of an organization that has other members.
    """
    explain(name=db.session.scalar(select(User.name).where(User.id == user_id)) or "")
    deleted = db.session.execute(
        update(User).where(User.id == user_id, User.deleted_at.is_(None)).values(deleted_at=now).returning(User.id)
    ).all()
    end_sessions(user_id)
    if deleted:
        _record("user.deleted", user_id, now=now, actor=actor)


@action
def restore_user(user_id: int, *, actor: str, now: datetime) -> None:
    """Let a deleted account be as it was; its sessions are over.

    Raises:
        Conflict: another account has its address, or its way of signing in, meanwhile.
    """
    restored = db.session.execute(
        update(User).where(User.id == user_id, User.deleted_at.is_not(None)).values(deleted_at=None).returning(User.id)
    ).all()
    if restored:
        _record("user.restored", user_id, now=now, actor=actor)


def _change(user_id: int, was: str, **values: Any) -> None:
    """Change an account that is as it was when the change was asked for.

    Raises:
        Conflict: it is not.
    """
    row = db.session.execute(
        select(User.email_key, User.password_hash)
        .where(User.id == user_id, User.deleted_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None or fingerprint(row.email_key, row.password_hash) != was:
        raise LINK_USED.conflict()
    db.session.execute(update(User).where(User.id == user_id).values(**values))


def _record(verb: str, user_id: int, *, now: datetime, actor: str | None = None) -> None:
    """An entry in the log of each organization that the account belongs to."""
    mine = select(Membership.organization_id).where(Membership.user_id == user_id).order_by(Membership.organization_id)
    name = db.session.scalar(select(User.name).where(User.id == user_id))
    for organization_id in db.session.scalars(mine).all():
        record(
            verb,
            organization_id=organization_id,
            event_id=None,
            actor=actor or f"user:{user_id}",
            subject=f"user:{user_id}",
            now=now,
            detail={"name": name},
        )
