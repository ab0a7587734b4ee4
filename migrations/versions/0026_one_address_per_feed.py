"""An address leads to one list."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integrity.stop_on_duplicates(op.get_bind(), "export_feeds", ["code"], rule="uq_export_feeds_code")
    op.create_index("uq_export_feeds_code", "export_feeds", ["code"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_export_feeds_code", table_name="export_feeds")
