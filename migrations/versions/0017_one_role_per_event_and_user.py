"""Give a user at most one role at an event, those that were taken away not counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kit import integrity

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LIVING = "deleted_at IS NULL"


def upgrade() -> None:
    integrity.stop_on_duplicates(
        op.get_bind(),
        "participants",
        ["event_id", "user_id"],
        rule="uq_participants_event_id_user_id",
        where=LIVING,
    )
    op.create_index(
        "uq_participants_event_id_user_id",
        "participants",
        ["event_id", "user_id"],
        unique=True,
        sqlite_where=sa.text(LIVING),
        postgresql_where=sa.text(LIVING),
    )


def downgrade() -> None:
    op.drop_index("uq_participants_event_id_user_id", "participants")
