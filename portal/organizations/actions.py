"""Verbs that change who belongs where."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, count

from sqlalchemy import ColumnElement, insert, literal, select

from portal.accounts.actions import add_user
from portal.accounts.models import User
from portal.audit.actions import record
from portal.kit.clock import UTCDateTime
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import slugify, tidy
from portal.organizations.models import MemberProfile, Membership, Organization, Role


@action
def found_organization(*, name: str, actor: str, now: datetime, slug: str | None = None) -> int:
    """Make an organization; returns its id.

    Raises:
        Conflict: the slug is taken.
    """
    organization_id = db.session.execute(
        insert(Organization).values(name=name, slug=slug or slugify(name)).returning(Organization.id)
    ).scalar_one()
    record(
        "organization.founded",
        organization_id=organization_id,
        event_id=None,
        actor=actor,
        subject=f"organization:{organization_id}",
        now=now,
        detail={"name": name},
    )
    return organization_id


@action
def add_membership(*, user_id: int, organization_id: int, role: Role, actor: str, now: datetime) -> int:
    """Make a user a member of an organization; returns the membership's id.

    Raises:
        Conflict: they are a member here already, or of another organization
            and no superuser.
    """
    user = db.session.execute(select(User.name, User.is_superuser).where(User.id == user_id)).one()
    explain(name=user.name)
    membership_id = db.session.execute(
        insert(Membership)
        .values(user_id=user_id, organization_id=organization_id, role=role, is_superuser=user.is_superuser)
        .returning(Membership.id)
    ).scalar_one()
    _make_profile(user_id, organization_id, user.name, now=now)
    record(
        "membership.created",
        organization_id=organization_id,
        event_id=None,
        actor=actor,
        subject=f"user:{user_id}",
        now=now,
        detail={"name": user.name, "role": str(role)},
    )
    return membership_id


def _make_profile(user_id: int, organization_id: int, name: str, *, now: datetime) -> None:
    """One profile a person: a superuser who belongs to several organizations keeps the first."""
    none_yet = ~select(MemberProfile.id).where(MemberProfile.user_id == user_id).exists()
    row = select(literal(user_id), literal(organization_id), literal(name), literal(""), literal(now, UTCDateTime))
    db.session.execute(
        insert(MemberProfile).from_select(
            ["user_id", "organization_id", "display_name", "bio", "created_at"], row.where(none_yet)
        )
    )


@action
def sign_up(
    *,
    email: str,
    name: str,
    password_hash: str | None,
    organization: str,
    now: datetime,
    provider: tuple[str, str] | None = None,
) -> int:
    """Make an account, and an organization of its own; it has no part in any other, whatever that is called.

    Returns:
        The id of the user.

    Raises:
        Conflict: a living account has this address.
    """
    user_id = add_user(email=email, name=name, password_hash=password_hash, provider=provider)
    actor = f"user:{user_id}"
    slug = _free_slug(organization)
    organization_id = found_organization(name=tidy(organization), slug=slug, actor=actor, now=now)
    add_membership(user_id=user_id, organization_id=organization_id, role=Role.ADMIN, actor=actor, now=now)
    return user_id


@action
def add_admin(*, email: str, name: str, password_hash: str, organization: str, actor: str, now: datetime) -> int:
    """Make an account that may do everything in an organization, which is founded if there is none of that name.

    Another one whose name is only written alike in addresses is no hindrance: the address is made longer.

    Returns:
        The id of the user.

    Raises:
        Conflict: a living account has this address.
    """
    user_id = add_user(email=email, name=name, password_hash=password_hash)
    wished = tidy(organization)
    same = select(Organization.id, Organization.name).where(_is_alike(wished)).order_by(Organization.id)
    standing = (row.id for row in db.session.execute(same) if tidy(row.name).casefold() == wished.casefold())
    organization_id = next(standing, None) or found_organization(
        name=wished, slug=_free_slug(wished), actor=actor, now=now
    )
    add_membership(user_id=user_id, organization_id=organization_id, role=Role.ADMIN, actor=actor, now=now)
    return user_id


def _is_alike(name: str) -> ColumnElement[bool]:
    """Whose address begins as that of this name would."""
    return Organization.slug.startswith(slugify(name), autoescape=True)


def _free_slug(name: str) -> str:
    """An address that no organization has: another of the same name is no hindrance, it is made longer."""
    taken = set(db.session.scalars(select(Organization.slug).where(_is_alike(name))))
    base = slugify(name)
    return next(slug for slug in chain([base], (f"{base}-{number}" for number in count(2))) if slug not in taken)
