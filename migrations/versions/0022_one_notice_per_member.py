"""A household is told once of each of its members where they sit now."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RULE = "uq_seat_notices_member_id"


def upgrade() -> None:
    integrity.stop_on_duplicates(op.get_bind(), "seat_notices", ["member_id"], rule=RULE)
    op.create_index(RULE, "seat_notices", ["member_id"], unique=True)


def downgrade() -> None:
    op.drop_index(RULE, table_name="seat_notices")
