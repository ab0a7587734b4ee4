"""What the hosts moved: steps that can be taken back, and what households have not been told yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seating_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("moves", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_seating_steps_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seating_steps"),
    )
    op.create_index("ix_seating_steps_event_id_actor_id", "seating_steps", ["event_id", "actor", "id"])
    op.create_table(
        "seat_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id", "event_id"],
            ["invitations.id", "invitations.event_id"],
            name="fk_seat_notices_invitation_id_event_id",
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "invitation_id"],
            ["invitation_guests.id", "invitation_guests.invitation_id"],
            name="fk_seat_notices_member_id_invitation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_seat_notices_seat_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_seat_notices"),
    )
    op.create_index("ix_seat_notices_invitation_id_event_id", "seat_notices", ["invitation_id", "event_id"])
    op.create_index("ix_seat_notices_member_id_invitation_id", "seat_notices", ["member_id", "invitation_id"])
    op.create_index("ix_seat_notices_seat_id", "seat_notices", ["seat_id"])


def downgrade() -> None:
    op.drop_table("seat_notices")
    op.drop_table("seating_steps")
