"""Make guests, invitations, their members and what they answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email_opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sms_opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whatsapp_opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_guests_organization_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_guests_user_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_guests"),
        sa.UniqueConstraint("id", "organization_id", name="uq_guests_id_organization_id"),
    )
    op.create_index("ix_guests_organization_id_search_key", "guests", ["organization_id", "search_key"])
    op.create_index("ix_guests_user_id", "guests", ["user_id"])
    op.create_index("uq_guests_organization_id_email_key", "guests", ["organization_id", "email_key"], unique=True)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("names_hidden", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_invitations_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("id", "event_id", name="uq_invitations_id_event_id"),
    )
    op.create_index("ix_invitations_event_id_id", "invitations", ["event_id", "id"])
    op.create_index("uq_invitations_code", "invitations", ["code"], unique=True)
    op.create_table(
        "invitation_guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rsvp", sa.String(length=20), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_by", sa.String(length=40), nullable=True),
        sa.Column("plus_one_of", sa.Integer(), nullable=True),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.Column("meal", sa.String(length=80), nullable=True),
        sa.Column("dietary", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("host_note", sa.Text(), nullable=False),
        sa.Column("seat_category", sa.String(length=20), nullable=False),
        sa.Column("reference_code", sa.String(length=20), nullable=True),
        sa.CheckConstraint("rsvp IN ('pending', 'accepted', 'declined')", name="ck_invitation_guests_rsvp"),
        sa.CheckConstraint(
            "seat_category IN ('regular', 'vip', 'reserved')", name="ck_invitation_guests_seat_category"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "organization_id"],
            ["events.id", "events.organization_id"],
            name="fk_invitation_guests_event_id_organization_id",
        ),
        sa.ForeignKeyConstraint(
            ["guest_id", "organization_id"],
            ["guests.id", "guests.organization_id"],
            name="fk_invitation_guests_guest_id_organization_id",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id", "event_id"],
            ["invitations.id", "invitations.event_id"],
            name="fk_invitation_guests_invitation_id_event_id",
        ),
        sa.ForeignKeyConstraint(
            ["plus_one_of", "invitation_id"],
            ["invitation_guests.id", "invitation_guests.invitation_id"],
            name="fk_invitation_guests_plus_one_of_invitation_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_guests"),
        sa.UniqueConstraint("id", "event_id", "guest_id", name="uq_invitation_guests_id_event_id_guest_id"),
        sa.UniqueConstraint("id", "invitation_id", name="uq_invitation_guests_id_invitation_id"),
        sa.UniqueConstraint("id", "rsvp", name="uq_invitation_guests_id_rsvp"),
    )
    op.create_index(
        "ix_invitation_guests_event_id_organization_id", "invitation_guests", ["event_id", "organization_id"]
    )
    op.create_index("ix_invitation_guests_event_id_rsvp", "invitation_guests", ["event_id", "rsvp"])
    op.create_index(
        "ix_invitation_guests_guest_id_organization_id", "invitation_guests", ["guest_id", "organization_id"]
    )
    op.create_index("ix_invitation_guests_invitation_id_event_id", "invitation_guests", ["invitation_id", "event_id"])
    op.create_index(
        "ix_invitation_guests_plus_one_of_invitation_id", "invitation_guests", ["plus_one_of", "invitation_id"]
    )
    op.create_index(
        "uq_invitation_guests_event_id_guest_id", "invitation_guests", ["event_id", "guest_id"], unique=True
    )
    op.create_table(
        "session_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "event_id", "guest_id"],
            ["invitation_guests.id", "invitation_guests.event_id", "invitation_guests.guest_id"],
            name="fk_session_answers_member_id_event_id_guest_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "event_id"],
            ["event_sessions.id", "event_sessions.event_id"],
            name="fk_session_answers_session_id_event_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session_answers"),
        sa.UniqueConstraint("member_id", "session_id", name="uq_session_answers_member_id_session_id"),
    )
    op.create_index(
        "ix_session_answers_member_id_event_id_guest_id", "session_answers", ["member_id", "event_id", "guest_id"]
    )
    op.create_index("ix_session_answers_session_id_event_id", "session_answers", ["session_id", "event_id"])


def downgrade() -> None:
    op.drop_table("session_answers")
    op.drop_table("invitation_guests")
    op.drop_table("invitations")
    op.drop_table("guests")
