"""Who in an address book has the same number is answered from an index: possible doubles are looked for by it."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_guests_organization_id_phone", "guests", ["organization_id", "phone"])


def downgrade() -> None:
    op.drop_index("ix_guests_organization_id_phone", table_name="guests")
