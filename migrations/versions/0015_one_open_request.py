"""A household asks another for the same thing once at a time, and fills each of its slots once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kit import integrity

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RULES = {
    "uq_household_requests_open": ["from_invitation_id", "to_invitation_id", "kind"],
    "uq_household_requests_slot": ["from_invitation_id", "slot"],
}
IS_OPEN = "state = 'asked'"


def upgrade() -> None:
    for rule, columns in RULES.items():
        integrity.stop_on_duplicates(op.get_bind(), "household_requests", columns, rule=rule, where=IS_OPEN)
    for rule, columns in RULES.items():
        op.create_index(
            rule,
            "household_requests",
            columns,
            unique=True,
            sqlite_where=sa.text(IS_OPEN),
            postgresql_where=sa.text(IS_OPEN),
        )


def downgrade() -> None:
    for rule in reversed(RULES):
        op.drop_index(rule, table_name="household_requests")
