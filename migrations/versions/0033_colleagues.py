"""Colleagues: profiles and groups of members, invitations to join, and the mails that are to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_profiles",
        *_key(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("bio", sa.String(length=1000), nullable=False),
        _of_a_member("member_profiles"),
        sa.PrimaryKeyConstraint("id", name="pk_member_profiles"),
    )
    op.create_index("ix_member_profiles_user_id_organization_id", "member_profiles", ["user_id", "organization_id"])
    op.create_table(
        "groups",
        *_key(),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_groups_organization_id"),
        sa.UniqueConstraint("id", "organization_id", name="uq_groups_id_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
    )
    op.create_table(
        "group_memberships",
        *_key(),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "organization_id"],
            ["groups.id", "groups.organization_id"],
            name="fk_group_memberships_group_id_organization_id",
            ondelete="CASCADE",
        ),
        _of_a_member("group_memberships"),
        sa.PrimaryKeyConstraint("id", name="pk_group_memberships"),
    )
    for columns in (["group_id", "organization_id"], ["user_id", "organization_id"]):
        op.create_index(f"ix_group_memberships_{'_'.join(columns)}", "group_memberships", columns)
    op.create_table(
        "organization_invitations",
        *_key(),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('admin', 'organizer')", name="ck_organization_invitations_role"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_organization_invitations_organization_id"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name="fk_organization_invitations_invited_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organization_invitations"),
    )
    for columns in (["organization_id"], ["invited_by"]):
        op.create_index(f"ix_organization_invitations_{columns[0]}", "organization_invitations", columns)
    op.create_table(
        "outbox",
        *_key(),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])


def downgrade() -> None:
    for table in ("outbox", "organization_invitations", "group_memberships", "groups", "member_profiles"):
        op.drop_table(table)


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _of_a_member(table: str) -> sa.ForeignKeyConstraint:
    """What hangs on a membership goes with it."""
    return sa.ForeignKeyConstraint(
        ["user_id", "organization_id"],
        ["memberships.user_id", "memberships.organization_id"],
        name=f"fk_{table}_user_id_organization_id",
        ondelete="CASCADE",
    )
