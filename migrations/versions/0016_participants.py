"""Say who takes part in an event with an account, and in which role; each event that stands gets an organizer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# The oldest admin of the organization, or its oldest member where nobody is an admin.
ORGANIZERS = """
INSERT INTO participants (created_at, organization_id, event_id, user_id, role, metadata)
SELECT e.created_at, e.organization_id, e.id,
    (SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.organization_id = e.organization_id AND u.deleted_at IS NULL
     ORDER BY CASE m.role WHEN 'admin' THEN 0 ELSE 1 END, m.id LIMIT 1),
    'organizer', '{}'
FROM events e
WHERE EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.organization_id = e.organization_id AND u.deleted_at IS NULL)
ORDER BY e.id
"""


def upgrade() -> None:
    op.create_table(
        "participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("metadata", JSON, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('admin', 'organizer', 'moderator', 'participant', 'viewer')", name="ck_participants_role"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "organization_id"],
            ["events.id", "events.organization_id"],
            name="fk_participants_event_id_organization_id",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_participants_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
    )
    op.create_index("ix_participants_event_id_organization_id", "participants", ["event_id", "organization_id"])
    op.create_index("ix_participants_event_id_role", "participants", ["event_id", "role"])
    op.create_index("ix_participants_user_id_event_id", "participants", ["user_id", "event_id"])
    op.execute(ORGANIZERS)


def downgrade() -> None:
    op.drop_table("participants")
