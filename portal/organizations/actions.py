"""Verbs that change who belongs where."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, count

from sqlalchemy import insert, select

from portal.accounts.actions import add_user
from portal.accounts.models import User
from portal.audit.actions import record
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import slugify, tidy
from portal.organizations.models import Membership, Organization, Role


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
    wished, base = tidy(organization), slugify(organization)
    alike = select(Organization.slug, Organization.name, Organization.id).where(
        Organization.slug.startswith(base, autoescape=True)
    )
    standing = {row.slug: row for row in db.session.execute(alike.order_by(Organization.id))}
    same = (row.id for row in standing.values() if tidy(row.name).casefold() == wished.casefold())
    slugs = chain([base], (f"{base}-{number}" for number in count(2)))
    free = (slug for slug in slugs if slug not in standing)
    organization_id = next(same, None) or found_organization(name=wished, slug=next(free), actor=actor, now=now)
    add_membership(user_id=user_id, organization_id=organization_id, role=Role.ADMIN, actor=actor, now=now)
    return user_id
