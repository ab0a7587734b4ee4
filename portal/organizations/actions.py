"""Verbs that change who belongs where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from portal.accounts.models import User
from portal.audit.actions import record
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import slugify
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
