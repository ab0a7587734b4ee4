"""Let no part of an event have more guests than places, and count its changes."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CROWDED = """
SELECT s.id AS part, s.capacity AS capacity, count(*) AS coming FROM event_sessions s
JOIN session_answers a ON a.session_id = s.id GROUP BY s.id, s.capacity HAVING count(*) > s.capacity ORDER BY s.id
"""

SQLITE_TRIGGER = """
CREATE TRIGGER part_has_room_{name} AFTER {event}
BEGIN
SELECT RAISE(ABORT, 'part_has_room') WHERE
(SELECT count(*) FROM session_answers WHERE session_id = {part}) > (SELECT capacity FROM event_sessions WHERE id = {part});
END
"""

# An answer holds a share of its part's row, as its key does; whoever sets a capacity waits for all of them.
POSTGRESQL_FUNCTION = """
CREATE FUNCTION part_has_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part integer; places integer;
BEGIN
  IF TG_TABLE_NAME = 'session_answers' THEN
    part := NEW.session_id;
    SELECT capacity INTO places FROM event_sessions WHERE id = part;
    IF places IS NULL THEN RETURN NULL; END IF;
    SELECT capacity INTO places FROM event_sessions WHERE id = part FOR NO KEY UPDATE;
  ELSE
    part := NEW.id; places := NEW.capacity;
    PERFORM 1 FROM event_sessions WHERE id = part FOR UPDATE;
  END IF;
  IF (SELECT count(*) FROM session_answers WHERE session_id = part) > places THEN
    RAISE EXCEPTION 'part_has_room' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
"""

POSTGRESQL_TRIGGER = "CREATE TRIGGER part_has_room_{name} AFTER {event} FOR EACH ROW EXECUTE FUNCTION part_has_room()"

TRIGGERS = {
    "answer": ("INSERT ON session_answers", "NEW.session_id"),
    "move": ("UPDATE OF session_id ON session_answers", "NEW.session_id"),
    "capacity": ("UPDATE OF capacity ON event_sessions", "NEW.id"),
}


def upgrade() -> None:
    integrity.stop_on_offenders(
        op.get_bind(), CROWDED, rule="part_has_room", mend="Give these parts more places, or none, and run this again."
    )
    op.execute("ALTER TABLE event_sessions ADD COLUMN version INTEGER DEFAULT '1' NOT NULL")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for name, (event, part) in TRIGGERS.items():
        op.execute((SQLITE_TRIGGER if is_sqlite else POSTGRESQL_TRIGGER).format(name=name, event=event, part=part))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION part_has_room CASCADE")
    else:
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER part_has_room_{name}")
    op.execute("ALTER TABLE event_sessions DROP COLUMN version")
