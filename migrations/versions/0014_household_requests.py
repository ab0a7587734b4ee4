"""What households ask of each other: to sit near, or to swap seats; answered by whom it was asked, or taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("from_invitation_id", sa.Integer(), nullable=False),
        sa.Column("to_invitation_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.String(length=200), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('near', 'swap')", name="ck_household_requests_kind"),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'declined', 'withdrawn')", name="ck_household_requests_state"),
        sa.CheckConstraint(
            "to_invitation_id IS NULL OR to_invitation_id <> from_invitation_id", name="ck_household_requests_two"
        ),
        sa.CheckConstraint("slot BETWEEN 1 AND 5", name="ck_household_requests_slot"),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="ck_household_requests_answered_at"),
        sa.CheckConstraint(
            "to_invitation_id IS NOT NULL OR state IN ('asked', 'withdrawn')", name="ck_household_requests_answered_by"
        ),
        sa.ForeignKeyConstraint(
            ["from_invitation_id", "event_id"],
            ["invitations.id", "invitations.event_id"],
            name="fk_household_requests_from_invitation_id_event_id",
        ),
        sa.ForeignKeyConstraint(
            ["to_invitation_id", "event_id"],
            ["invitations.id", "invitations.event_id"],
            name="fk_household_requests_to_invitation_id_event_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_requests"),
    )
    op.create_index(
        "ix_household_requests_from_invitation_id_event_id", "household_requests", ["from_invitation_id", "event_id"]
    )
    op.create_index(
        "ix_household_requests_to_invitation_id_event_id", "household_requests", ["to_invitation_id", "event_id"]
    )


def downgrade() -> None:
    op.drop_table("household_requests")
