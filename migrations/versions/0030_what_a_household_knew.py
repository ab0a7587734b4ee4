"""Remember that a household knew of a seat also when that seat is taken out of the room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat_notices", sa.Column("had_seat", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE seat_notices SET had_seat = seat_id IS NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE seat_notices DROP COLUMN had_seat")
