"""The draft of an event's room, and the steps that led to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "room_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.CheckConstraint("version > 0", name="ck_room_drafts_version"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_room_drafts_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_room_drafts"),
    )
    op.create_table(
        "room_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["room_drafts.id"], name="fk_room_steps_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_room_steps"),
    )


def downgrade() -> None:
    op.drop_table("room_steps")
    op.drop_table("room_drafts")
