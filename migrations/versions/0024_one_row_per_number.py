"""A list has each of its rows, and each of its households, once."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RULES = {
    "uq_import_rows_number": ("import_rows", ["import_id", "event_id", "number"]),
    "uq_import_households_place": ("import_households", ["import_id", "event_id", "place"]),
}


def upgrade() -> None:
    for rule, (table, columns) in RULES.items():
        integrity.stop_on_duplicates(op.get_bind(), table, columns, rule=rule)
    for rule, (table, columns) in RULES.items():
        op.create_index(rule, table, columns, unique=True)


def downgrade() -> None:
    for rule, (table, _columns) in reversed(RULES.items()):
        op.drop_index(rule, table_name=table)
