"""Make tables, seats and the places of guests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("captain_id", sa.Integer(), nullable=True),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'prepaid', 'hosted')", name="ck_tables_kind"),
        sa.CheckConstraint("shape IN ('round', 'long', 'row')", name="ck_tables_shape"),
        sa.CheckConstraint("capacity > 0", name="ck_tables_capacity"),
        sa.ForeignKeyConstraint(
            ["event_id", "captain_id"],
            ["invitation_guests.event_id", "invitation_guests.guest_id"],
            name="fk_tables_event_id_captain_id",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_tables_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tables"),
        sa.UniqueConstraint("event_id", "name", name="uq_tables_event_id_name"),
        sa.UniqueConstraint("event_id", "slug", name="uq_tables_event_id_slug"),
        sa.UniqueConstraint("id", "event_id", name="uq_tables_id_event_id"),
    )
    op.create_index("ix_tables_event_id_captain_id", "tables", ["event_id", "captain_id"])
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.CheckConstraint("category IN ('regular', 'vip', 'reserved')", name="ck_seats_category"),
        sa.ForeignKeyConstraint(
            ["table_id", "event_id"], ["tables.id", "tables.event_id"], name="fk_seats_table_id_event_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint("event_id", "table_id", "label", name="uq_seats_event_id_table_id_label"),
        sa.UniqueConstraint("id", "table_id", "event_id", name="uq_seats_id_table_id_event_id"),
    )
    op.create_index("ix_seats_table_id_event_id", "seats", ["table_id", "event_id"])
    op.create_table(
        "guest_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("member_rsvp", sa.String(length=20), nullable=True),
        sa.Column("tier", sa.String(length=80), nullable=True),
        sa.Column("reference_code", sa.String(length=20), nullable=False),
        sa.Column("bidder_number", sa.Integer(), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("dietary", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(member_id IS NULL AND member_rsvp IS NULL) OR (member_id IS NOT NULL AND member_rsvp IS NOT NULL AND member_rsvp = 'accepted')",
            name="ck_guest_assignments_member_accepted",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "organization_id"],
            ["events.id", "events.organization_id"],
            name="fk_guest_assignments_event_id_organization_id",
        ),
        sa.ForeignKeyConstraint(
            ["guest_id", "organization_id"],
            ["guests.id", "guests.organization_id"],
            name="fk_guest_assignments_guest_id_organization_id",
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "event_id", "guest_id"],
            ["invitation_guests.id", "invitation_guests.event_id", "invitation_guests.guest_id"],
            name="fk_guest_assignments_member",
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "member_rsvp"],
            ["invitation_guests.id", "invitation_guests.rsvp"],
            name="fk_guest_assignments_member_id_member_rsvp",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["table_id", "event_id"], ["tables.id", "tables.event_id"], name="fk_guest_assignments_table_id_event_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_guest_assignments"),
        sa.UniqueConstraint("id", "event_id", name="uq_guest_assignments_id_event_id"),
        sa.UniqueConstraint("id", "table_id", name="uq_guest_assignments_id_table_id"),
    )
    op.create_index(
        "ix_guest_assignments_event_id_organization_id", "guest_assignments", ["event_id", "organization_id"]
    )
    op.create_index(
        "ix_guest_assignments_guest_id_organization_id", "guest_assignments", ["guest_id", "organization_id"]
    )
    op.create_index(
        "ix_guest_assignments_member_id_event_id_guest_id", "guest_assignments", ["member_id", "event_id", "guest_id"]
    )
    op.create_index("ix_guest_assignments_member_id_member_rsvp", "guest_assignments", ["member_id", "member_rsvp"])
    op.create_index("ix_guest_assignments_table_id_event_id", "guest_assignments", ["table_id", "event_id"])


def downgrade() -> None:
    op.drop_table("guest_assignments")
    op.drop_table("seats")
    op.drop_table("tables")
