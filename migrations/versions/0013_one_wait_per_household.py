"""A household stands on the waiting list of an event once."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integrity.stop_on_duplicates(
        op.get_bind(), "waiting_list", ["event_id", "invitation_id"], rule="uq_waiting_list_event_id_invitation_id"
    )
    op.create_index(
        "uq_waiting_list_event_id_invitation_id", "waiting_list", ["event_id", "invitation_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_waiting_list_event_id_invitation_id", table_name="waiting_list")
