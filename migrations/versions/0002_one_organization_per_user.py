"""One membership per user and organization, one organization per user; superusers excepted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kit import integrity

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    integrity.stop_on_duplicates(
        op.get_bind(), "memberships", ["user_id", "organization_id"], rule="uq_memberships_user_organization"
    )
    integrity.stop_on_duplicates(
        op.get_bind(), "memberships", ["user_id"], rule="uq_memberships_one_tenant_per_user", where="NOT is_superuser"
    )
    op.create_index("uq_memberships_user_organization", "memberships", ["user_id", "organization_id"], unique=True)
    op.create_index(
        "uq_memberships_one_tenant_per_user",
        "memberships",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("NOT is_superuser"),
        postgresql_where=sa.text("NOT is_superuser"),
    )


def downgrade() -> None:
    op.drop_index("uq_memberships_one_tenant_per_user", table_name="memberships")
    op.drop_index("uq_memberships_user_organization", table_name="memberships")
