"""Make the waiting list, and say how long a place is kept for whoever waits for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMN = (
    "ALTER TABLE events ADD COLUMN offer_seconds INTEGER DEFAULT '86400' NOT NULL"
    " CONSTRAINT ck_events_offer_seconds CHECK (offer_seconds > 0)"
)


def upgrade() -> None:
    op.execute(COLUMN)
    op.create_table(
        "waiting_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("wants", sa.Integer(), nullable=True),
        sa.Column("offered", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("wants IS NULL OR wants > 0", name="ck_waiting_list_wants"),
        sa.CheckConstraint(
            "(offered IS NULL AND offered_until IS NULL)"
            " OR (offered IS NOT NULL AND offered > 0 AND offered_until IS NOT NULL)",
            name="ck_waiting_list_offer",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id", "event_id"],
            ["invitations.id", "invitations.event_id"],
            name="fk_waiting_list_invitation_id_event_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_list"),
    )


def downgrade() -> None:
    op.drop_table("waiting_list")
    op.execute("ALTER TABLE events DROP COLUMN offer_seconds")
