"""Organizations and memberships: one organization per user, superusers excepted."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.conflicts import says
from portal.kit.schema import Base, one_of, same


class Role(StrEnum):
    """What a member may do in the organization."""

    ADMIN = "admin"
    ORGANIZER = "organizer"


class Organization(Base):
    """A tenant: every row below belongs to exactly one."""

    __tablename__ = "organizations"
    __table_args__ = (
        Index(
            "uq_organizations_slug",
            "slug",
            unique=True,
            info=says(
                "That address is already used by another organization. Choose another one.",
                "Esa dirección ya la usa otra organización. Elige otra.",
            ),
        ),
    )

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80))
    last_reference: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class Membership(Base):
    """One user in one organization.

    ``is_superuser`` follows the user through the composite key, so that the
    partial unique index can except superusers without a look at another table.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        same(["user_id", "is_superuser"], "users", ["id", "is_superuser"], onupdate="CASCADE"),
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        one_of("role", Role, table="memberships"),
        Index(
            "uq_memberships_user_organization",
            "user_id",
            "organization_id",
            unique=True,
            info=says("{name} is already a member of this organization.", "{name} ya pertenece a esta organización."),
        ),
        Index(
            "uq_memberships_one_tenant_per_user",
            "user_id",
            unique=True,
            sqlite_where=text("NOT is_superuser"),
            postgresql_where=text("NOT is_superuser"),
            info=says(
                "{name} is already a member of {organization}. People can belong to one organization at a time.",
                "{name} ya pertenece a {organization}. Cada persona puede pertenecer a una sola organización a la vez.",
            ),
        ),
        Index("ix_memberships_organization_id", "organization_id"),
        Index("ix_memberships_user_id_is_superuser", "user_id", "is_superuser"),
    )

    user_id: Mapped[int]
    organization_id: Mapped[int]
    role: Mapped[Role] = mapped_column(String(20))
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False)
