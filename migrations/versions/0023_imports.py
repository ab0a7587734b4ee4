"""A guest list is staged before it is written: its rows, what was found about them, and what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("refusal", DOCUMENT, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("worked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'refused', 'mapping', 'checking', 'ready', 'writing', 'done', 'undoing', 'undone')",
            name="ck_imports_state",
        ),
        sa.CheckConstraint("(state = 'reading') = (content IS NOT NULL)", name="ck_imports_content"),
        sa.CheckConstraint("done >= 0", name="ck_imports_done"),
        sa.ForeignKeyConstraint(
            ["event_id", "organization_id"],
            ["events.id", "events.organization_id"],
            name="fk_imports_event_id_organization_id",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_imports_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.UniqueConstraint("id", "event_id", name="uq_imports_id_event_id"),
    )
    op.create_index("ix_imports_event_id_organization_id", "imports", ["event_id", "organization_id"])
    op.create_index("ix_imports_user_id", "imports", ["user_id"])
    op.create_index("ix_imports_expires_at", "imports", ["expires_at"])
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", DOCUMENT, nullable=False),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("fate", sa.String(length=20), nullable=True),
        sa.Column("people", DOCUMENT, nullable=False),
        sa.Column("notices", DOCUMENT, nullable=False),
        sa.Column("kinds", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "fate IN ('new', 'updated', 'unchanged', 'skipped', 'left_out')", name="ck_import_rows_fate"
        ),
        sa.ForeignKeyConstraint(
            ["import_id", "event_id"],
            ["imports.id", "imports.event_id"],
            name="fk_import_rows_import_id_event_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_rows"),
    )
    op.create_index("ix_import_rows_place", "import_rows", ["import_id", "place"])
    op.create_table(
        "import_households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("frees", sa.Boolean(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("refusal", DOCUMENT, nullable=False),
        sa.Column("traces", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id", "event_id"],
            ["imports.id", "imports.event_id"],
            name="fk_import_households_import_id_event_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name="fk_import_households_invitation_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_households"),
    )
    op.create_index("ix_import_households_invitation_id", "import_households", ["invitation_id"])


def downgrade() -> None:
    op.drop_table("import_households")
    op.drop_table("import_rows")
    op.drop_table("imports")
