"""One profile a person, one group of a name, each member once in it, one open invitation an address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kit import integrity

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

RULES = {
    "uq_member_profiles_user_id": ("member_profiles", ["user_id"], ""),
    "uq_groups_organization_id_name_key": ("groups", ["organization_id", "name_key"], ""),
    "uq_group_memberships_group_id_user_id": ("group_memberships", ["group_id", "user_id"], ""),
    "uq_organization_invitations_token_hash": ("organization_invitations", ["token_hash"], ""),
    "uq_organization_invitations_open": (
        "organization_invitations",
        ["organization_id", "email_key"],
        "accepted_at IS NULL",
    ),
}


def upgrade() -> None:
    for rule, (table, columns, where) in RULES.items():
        integrity.stop_on_duplicates(op.get_bind(), table, columns, rule=rule, where=where)
    for rule, (table, columns, where) in RULES.items():
        condition = sa.text(where) if where else None
        op.create_index(rule, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for rule, (table, _columns, _where) in reversed(RULES.items()):
        op.drop_index(rule, table_name=table)
