"""An event's room has one draft, and each of its steps comes once."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RULES = {
    "uq_room_drafts_event_id": ("room_drafts", ["event_id"]),
    "uq_room_steps_draft_id_number": ("room_steps", ["draft_id", "number"]),
}


def upgrade() -> None:
    for rule, (table, columns) in RULES.items():
        integrity.stop_on_duplicates(op.get_bind(), table, columns, rule=rule)
    for rule, (table, columns) in RULES.items():
        op.create_index(rule, table, columns, unique=True)


def downgrade() -> None:
    for rule, (table, _columns) in reversed(RULES.items()):
        op.drop_index(rule, table_name=table)
