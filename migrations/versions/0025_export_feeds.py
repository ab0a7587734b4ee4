"""Addresses under which a spreadsheet follows the lists of an event, each to be withdrawn by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('guests', 'seating', 'answers')", name="ck_export_feeds_kind"),
        sa.ForeignKeyConstraint(
            ["event_id", "organization_id"],
            ["events.id", "events.organization_id"],
            name="fk_export_feeds_event_id_organization_id",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_export_feeds_created_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_export_feeds"),
    )
    op.create_index("ix_export_feeds_event_id_organization_id", "export_feeds", ["event_id", "organization_id"])
    op.create_index("ix_export_feeds_created_by", "export_feeds", ["created_by"])


def downgrade() -> None:
    op.drop_table("export_feeds")
