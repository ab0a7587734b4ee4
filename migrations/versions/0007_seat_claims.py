"""Make the claims by which a seat is held or taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_table_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('held', 'taken')", name="ck_seat_claims_state"),
        sa.CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", name="ck_seat_claims_held_until"),
        sa.CheckConstraint(
            "(state = 'taken' AND taken_table_id IS NOT NULL AND taken_table_id = table_id) OR (state = 'held' AND taken_table_id IS NULL)",
            name="ck_seat_claims_taken_table",
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id", "event_id"],
            ["guest_assignments.id", "guest_assignments.event_id"],
            name="fk_seat_claims_assignment_id_event_id",
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id", "taken_table_id"],
            ["guest_assignments.id", "guest_assignments.table_id"],
            name="fk_seat_claims_assignment_id_taken_table_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["seat_id", "table_id", "event_id"],
            ["seats.id", "seats.table_id", "seats.event_id"],
            name="fk_seat_claims_seat_id_table_id_event_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seat_claims"),
    )
    op.create_index("ix_seat_claims_assignment_id_event_id", "seat_claims", ["assignment_id", "event_id"])
    op.create_index("ix_seat_claims_assignment_id_taken_table_id", "seat_claims", ["assignment_id", "taken_table_id"])
    op.create_index("ix_seat_claims_event_id_table_id", "seat_claims", ["event_id", "table_id"])
    op.create_index("ix_seat_claims_seat_id_table_id_event_id", "seat_claims", ["seat_id", "table_id", "event_id"])


def downgrade() -> None:
    op.drop_table("seat_claims")
