"""Accounts: a deleted one leaves its way of signing in free, and no organization loses the last of its admins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kit import integrity

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

PROVIDERS = "uq_users_provider_provider_id"
LIVING = sa.text("deleted_at IS NULL")

# Whoever remains needs an admin; where nobody remains, nobody is missed.
LEFT_ALONE = """
EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.organization_id = {organization} AND u.deleted_at IS NULL)
AND NOT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.organization_id = {organization} AND u.deleted_at IS NULL AND m.role = 'admin')
"""

SQLITE_MEMBERSHIPS = """
CREATE TRIGGER organization_keeps_an_admin_{verb} AFTER {event} ON memberships
WHEN OLD.role = 'admin'
BEGIN
SELECT RAISE(ABORT, 'organization_keeps_an_admin') WHERE {left_alone};
END
"""

SQLITE_USERS = """
CREATE TRIGGER organization_keeps_an_admin_user AFTER UPDATE OF deleted_at ON users
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
BEGIN
SELECT RAISE(ABORT, 'organization_keeps_an_admin') FROM memberships mine
WHERE mine.user_id = NEW.id AND mine.role = 'admin' AND {left_alone};
END
"""

# The organization's row lets one look after the other: two admins who leave at once cannot both be the last but one.
POSTGRESQL = """
CREATE FUNCTION organization_keeps_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM organizations WHERE id = OLD.organization_id FOR NO KEY UPDATE;
  IF {of_membership} THEN
    RAISE EXCEPTION 'organization_keeps_an_admin' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION organization_keeps_an_admin_user() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine record;
BEGIN
  FOR mine IN SELECT organization_id FROM memberships WHERE user_id = NEW.id AND role = 'admin' ORDER BY 1 LOOP
    PERFORM 1 FROM organizations WHERE id = mine.organization_id FOR NO KEY UPDATE;
    IF {of_user} THEN
      RAISE EXCEPTION 'organization_keeps_an_admin' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_keeps_an_admin_update AFTER UPDATE OF user_id, organization_id, role ON memberships
FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION organization_keeps_an_admin();
CREATE TRIGGER organization_keeps_an_admin_delete AFTER DELETE ON memberships
FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION organization_keeps_an_admin();
CREATE TRIGGER organization_keeps_an_admin_user AFTER UPDATE OF deleted_at ON users
FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
EXECUTE FUNCTION organization_keeps_an_admin_user();
"""

VERBS = {"update": "UPDATE OF user_id, organization_id, role", "delete": "DELETE"}


def upgrade() -> None:
    op.drop_index(PROVIDERS, table_name="users")
    op.create_index(
        PROVIDERS, "users", ["provider", "provider_id"], unique=True, sqlite_where=LIVING, postgresql_where=LIVING
    )
    of_membership = LEFT_ALONE.format(organization="OLD.organization_id")
    of_user = LEFT_ALONE.format(organization="mine.organization_id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL.format(of_membership=of_membership, of_user=of_user))
        return
    for verb, event in VERBS.items():
        op.execute(SQLITE_MEMBERSHIPS.format(verb=verb, event=event, left_alone=of_membership))
    op.execute(SQLITE_USERS.format(left_alone=of_user))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION organization_keeps_an_admin CASCADE")
        op.execute("DROP FUNCTION organization_keeps_an_admin_user CASCADE")
    else:
        for verb in (*VERBS, "user"):
            op.execute(f"DROP TRIGGER organization_keeps_an_admin_{verb}")
    op.drop_index(PROVIDERS, table_name="users")
    integrity.stop_on_duplicates(op.get_bind(), "users", ["provider", "provider_id"], rule=PROVIDERS)
    op.create_index(PROVIDERS, "users", ["provider", "provider_id"], unique=True)
