"""One place per member, one seat per guest at a table, one owner per reference code."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integrity.stop_on_duplicates(
        op.get_bind(), "guest_assignments", ["member_id"], rule="uq_guest_assignments_member_id"
    )
    integrity.stop_on_duplicates(
        op.get_bind(),
        "guest_assignments",
        ["event_id", "table_id", "guest_id"],
        rule="uq_guest_assignments_event_id_table_id_guest_id",
    )
    integrity.stop_on_duplicates(
        op.get_bind(),
        "guest_assignments",
        ["organization_id", "reference_code"],
        rule="uq_guest_assignments_organization_id_reference_code",
    )
    integrity.stop_on_duplicates(
        op.get_bind(),
        "guest_assignments",
        ["event_id", "bidder_number"],
        rule="uq_guest_assignments_event_id_bidder_number",
    )
    op.create_index("uq_guest_assignments_member_id", "guest_assignments", ["member_id"], unique=True)
    op.create_index(
        "uq_guest_assignments_event_id_table_id_guest_id",
        "guest_assignments",
        ["event_id", "table_id", "guest_id"],
        unique=True,
    )
    op.create_index(
        "uq_guest_assignments_organization_id_reference_code",
        "guest_assignments",
        ["organization_id", "reference_code"],
        unique=True,
    )
    op.create_index(
        "uq_guest_assignments_event_id_bidder_number", "guest_assignments", ["event_id", "bidder_number"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_guest_assignments_event_id_bidder_number", table_name="guest_assignments")
    op.drop_index("uq_guest_assignments_organization_id_reference_code", table_name="guest_assignments")
    op.drop_index("uq_guest_assignments_event_id_table_id_guest_id", table_name="guest_assignments")
    op.drop_index("uq_guest_assignments_member_id", table_name="guest_assignments")
