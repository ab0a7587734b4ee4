"""Let only those who come take up room in a part of an event; whoever changes back has it if there still is any."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ANSWERED = "SELECT count(*) FROM session_answers WHERE session_id = {part}"
COMING = (
    "SELECT count(*) FROM session_answers a JOIN invitation_guests m ON m.id = a.member_id"
    " WHERE a.session_id = {part} AND m.rsvp = 'accepted'"
)

SQLITE_TRIGGER = """
CREATE TRIGGER part_has_room_{name} AFTER {event}
BEGIN
SELECT RAISE(ABORT, 'part_has_room') WHERE ({count}) > (SELECT capacity FROM event_sessions WHERE id = {part});
END
"""
TRIGGERS = {
    "answer": ("INSERT ON session_answers", "NEW.session_id"),
    "move": ("UPDATE OF session_id ON session_answers", "NEW.session_id"),
    "capacity": ("UPDATE OF capacity ON event_sessions", "NEW.id"),
}
SQLITE_RETURN = """
CREATE TRIGGER part_has_room_return BEFORE UPDATE OF rsvp ON invitation_guests
WHEN NEW.rsvp = 'accepted' AND OLD.rsvp <> 'accepted'
BEGIN
DELETE FROM session_answers WHERE member_id = NEW.id AND EXISTS
(SELECT 1 FROM event_sessions s WHERE s.id = session_id AND s.capacity <= ({count}));
END
"""

# An answer holds a share of its part's row, as its key does; whoever sets a capacity waits for all of them.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION part_has_room() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF ({count}) > places THEN
    RAISE EXCEPTION 'part_has_room' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
"""

# Before each row, so that of a family that changes back the first have what room there is, as on SQLite.
POSTGRESQL_RETURN = (
    """
CREATE FUNCTION part_has_room_again() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part integer; places integer;
BEGIN
  FOR part, places IN
    SELECT s.id, s.capacity FROM event_sessions s JOIN session_answers a ON a.session_id = s.id
    WHERE a.member_id = NEW.id ORDER BY s.id FOR KEY SHARE OF s
  LOOP
    CONTINUE WHEN places IS NULL;
    SELECT capacity INTO places FROM event_sessions WHERE id = part FOR NO KEY UPDATE;
    IF ({count}) >= places THEN
      DELETE FROM session_answers WHERE member_id = NEW.id AND session_id = part;
    END IF;
  END LOOP;
  RETURN NEW;
END $$
""",
    """
CREATE TRIGGER part_has_room_return BEFORE UPDATE OF rsvp ON invitation_guests FOR EACH ROW
WHEN (NEW.rsvp = 'accepted' AND OLD.rsvp <> 'accepted') EXECUTE FUNCTION part_has_room_again()
""",
)


def upgrade() -> None:
    _count(COMING)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_RETURN.format(count=COMING.format(part="s.id")))
    else:
        for statement in POSTGRESQL_RETURN:
            op.execute(statement.format(count=COMING.format(part="part")))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER part_has_room_return")
    else:
        op.execute("DROP FUNCTION part_has_room_again CASCADE")
    _count(ANSWERED)


def _count(counted: str) -> None:
    """Let the triggers that stand since 0028 count this."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION.format(count=counted.format(part="part")))
        return
    for name, (event, part) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER part_has_room_{name}")
        op.execute(SQLITE_TRIGGER.format(name=name, event=event, part=part, count=counted.format(part=part)))
