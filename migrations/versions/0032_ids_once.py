"""Give no id twice on SQLite, as PostgreSQL does not: an undo or a form would mean somebody else by it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = (
    "event_sessions", "guests", "invitations", "invitation_guests", "tables", "seats", "guest_assignments", "imports",
)  # fmt: skip
PLAIN, ONCE = "id INTEGER NOT NULL", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"


def upgrade() -> None:
    for table in TABLES:
        _rebuild(table, PLAIN, ONCE, key_before=f"CONSTRAINT pk_{table} PRIMARY KEY (id), ")


def downgrade() -> None:
    for table in reversed(TABLES):
        _rebuild(table, ONCE, PLAIN, key_after=f", CONSTRAINT pk_{table} PRIMARY KEY (id)")


def _rebuild(table: str, old: str, new: str, *, key_before: str = "", key_after: str = "") -> None:
    """SQLite changes the key of a table only by copying it; its indexes and triggers are made anew as they were."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    kept = "SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type = 'trigger'"
    made = [(row.type, row.sql) for row in connection.execute(text(kept), {"name": table})]
    (create,) = (sql for kind, sql in made if kind == "table")
    body = create[create.index("(") + 1 : create.rindex(")")].strip()
    if not body.startswith(f"{old},") or key_before not in body:
        raise RuntimeError(f"{table} is not as its migrations made it: {create}")
    body = body.replace(old, new, 1).replace(key_before, "") + key_after
    run = connection.exec_driver_sql
    run("PRAGMA legacy_alter_table=ON")  # or renaming looks for the table in triggers while it is away
    try:
        run(f"CREATE TABLE anew ({body})")
        run(f"INSERT INTO anew SELECT * FROM {table}")  # noqa: S608 - one of the names above
        run(f"DROP TABLE {table}")
        run(f"ALTER TABLE anew RENAME TO {table}")
    finally:
        run("PRAGMA legacy_alter_table=OFF")
    for kind, sql in made:
        if kind != "table":
            run(sql)
