"""Let no event lose its last organizer: whatever changes or removes one, somebody else must be left."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQLITE_TRIGGER = """
CREATE TRIGGER event_keeps_an_organizer_{verb} AFTER {event} ON participants
WHEN OLD.role = 'organizer' AND OLD.deleted_at IS NULL
BEGIN
SELECT RAISE(ABORT, 'event_keeps_an_organizer') WHERE NOT EXISTS
(SELECT 1 FROM participants WHERE event_id = OLD.event_id AND role = 'organizer' AND deleted_at IS NULL);
END
"""

# The event's row lets one removal after the other look: two organizers who remove each other at once cannot both win.
POSTGRESQL_FUNCTION = """
CREATE FUNCTION event_keeps_an_organizer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM events WHERE id = OLD.event_id FOR NO KEY UPDATE;
  IF NOT EXISTS
    (SELECT 1 FROM participants WHERE event_id = OLD.event_id AND role = 'organizer' AND deleted_at IS NULL)
  THEN RAISE EXCEPTION 'event_keeps_an_organizer' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NULL;
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE TRIGGER event_keeps_an_organizer_{verb} AFTER {event} ON participants
FOR EACH ROW WHEN (OLD.role = 'organizer' AND OLD.deleted_at IS NULL) EXECUTE FUNCTION event_keeps_an_organizer()
"""

VERBS = {"update": "UPDATE OF event_id, user_id, role, deleted_at", "delete": "DELETE"}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for verb, event in VERBS.items():
        op.execute((SQLITE_TRIGGER if is_sqlite else POSTGRESQL_TRIGGER).format(verb=verb, event=event))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION event_keeps_an_organizer CASCADE")
        return
    for verb in VERBS:
        op.execute(f"DROP TRIGGER event_keeps_an_organizer_{verb}")
