"""What was done with a household or a person is answered from an index: without it the whole log is read for each."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_activity_subject", "activity", ["subject"])


def downgrade() -> None:
    op.drop_index("ix_activity_subject", table_name="activity")
