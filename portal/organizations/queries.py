"""Nouns about organizations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from portal.accounts.models import User
from portal.kit.schema import db
from portal.organizations.models import Organization


def all_organization_ids() -> list[int]:
    """Every organization there is, for superusers."""
    return list(db.session.scalars(select(Organization.id).order_by(Organization.id)))


def organization_names(organization_ids: Sequence[int]) -> list[str]:
    """The names of these organizations, oldest first."""
    return list(
        db.session.scalars(
            select(Organization.name).where(Organization.id.in_(organization_ids)).order_by(Organization.id)
        )
    )


def names_of_users(actors: Iterable[str]) -> dict[str, str]:
    """Whom the log means by ``user:7``: their names, by how it names them; no statement where it means nobody."""
    ids = {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
    if not ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user:{row.id}": row.name for row in rows}


def organizations_of(organization_ids: Sequence[int]) -> list[tuple[int, str]]:
    """The ids and names of these organizations, by name."""
    rows = db.session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.id.in_(organization_ids))
        .order_by(Organization.name, Organization.id)
    )
    return [(row.id, row.name) for row in rows]
