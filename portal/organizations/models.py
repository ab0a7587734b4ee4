"""Organizations and memberships: one organization per user, superusers excepted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import MOVED_ON, refuses, says
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
    """One user in one organization; a trigger keeps the last admin of those who remain.

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
        {
            "info": refuses(
                "organization_keeps_an_admin",
                "{name} is the last admin of this organization. Make somebody else an admin first.",
                "{name} es la última persona que administra esta organización. Nombra primero a otra.",
            )
        },
    )

    user_id: Mapped[int]
    organization_id: Mapped[int]
    role: Mapped[Role] = mapped_column(String(20))
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False)


class MemberProfile(Base):
    """How a member is shown to colleagues; gone with the membership, and one for each person."""

    __tablename__ = "member_profiles"
    __table_args__ = (
        same(["user_id", "organization_id"], "memberships", ["user_id", "organization_id"], ondelete="CASCADE"),
        Index(
            "uq_member_profiles_user_id",
            "user_id",
            unique=True,
            info=says("{name} already has a profile.", "{name} ya tiene un perfil."),
        ),
        Index("ix_member_profiles_user_id_organization_id", "user_id", "organization_id"),
    )

    user_id: Mapped[int]
    organization_id: Mapped[int]
    display_name: Mapped[str] = mapped_column(String(200))
    bio: Mapped[str] = mapped_column(String(1000), default="")


class Group(Base):
    """Members of an organization who do something together: “Kitchen”, “Door”; ``name_key`` is compared."""

    __tablename__ = "groups"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("id", "organization_id", name="uq_groups_id_organization_id", info=MOVED_ON),
        Index(
            "uq_groups_organization_id_name_key",
            "organization_id",
            "name_key",
            unique=True,
            info=says(
                "There is already a group of this name. Choose another one.",
                "Ya hay un grupo con este nombre. Elige otro.",
            ),
        ),
    )

    organization_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))


class GroupMembership(Base):
    """A member in a group of their own organization; gone with the membership, and with the group."""

    __tablename__ = "group_memberships"
    __table_args__ = (
        same(["group_id", "organization_id"], "groups", ["id", "organization_id"], ondelete="CASCADE"),
        same(["user_id", "organization_id"], "memberships", ["user_id", "organization_id"], ondelete="CASCADE"),
        Index(
            "uq_group_memberships_group_id_user_id",
            "group_id",
            "user_id",
            unique=True,
            info=says("{name} is already in this group.", "{name} ya está en este grupo."),
        ),
        Index("ix_group_memberships_group_id_organization_id", "group_id", "organization_id"),
        Index("ix_group_memberships_user_id_organization_id", "user_id", "organization_id"),
    )

    group_id: Mapped[int]
    user_id: Mapped[int]
    organization_id: Mapped[int]


class OrganizationInvitation(Base):
    """A colleague is asked to join, by a link that is mailed and stored only as a hash; open until accepted."""

    __tablename__ = "organization_invitations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        one_of("role", Role, table="organization_invitations"),
        Index("uq_organization_invitations_token_hash", "token_hash", unique=True, info=MOVED_ON),
        Index(
            "uq_organization_invitations_open",
            "organization_id",
            "email_key",
            unique=True,
            sqlite_where=text("accepted_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL"),
            info=says(
                "Somebody has just invited this address. The link is on its way.",
                "Alguien acaba de invitar a esta dirección. El enlace va en camino.",
            ),
        ),
        Index("ix_organization_invitations_organization_id", "organization_id"),
        Index("ix_organization_invitations_invited_by", "invited_by"),
    )

    organization_id: Mapped[int]
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    role: Mapped[Role] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
