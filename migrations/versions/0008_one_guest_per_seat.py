"""One guest per seat, held and taken alike; one seat and one hold per guest."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integrity.stop_on_duplicates(op.get_bind(), "seat_claims", ["seat_id"], rule="uq_seat_claims_seat_id")
    integrity.stop_on_duplicates(
        op.get_bind(), "seat_claims", ["assignment_id", "state"], rule="uq_seat_claims_assignment_id_state"
    )
    op.create_index("uq_seat_claims_seat_id", "seat_claims", ["seat_id"], unique=True)
    op.create_index("uq_seat_claims_assignment_id_state", "seat_claims", ["assignment_id", "state"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_seat_claims_assignment_id_state", table_name="seat_claims")
    op.drop_index("uq_seat_claims_seat_id", table_name="seat_claims")
