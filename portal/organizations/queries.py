"""Nouns about organizations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

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
