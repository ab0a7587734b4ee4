"""Let no event have more guests than places: a count of those who come, kept by triggers, and the rule over it."""

from __future__ import annotations

from alembic import op

from portal.kit import integrity

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CROWDED = """
SELECT e.id AS event, e.capacity AS capacity, count(*) AS coming FROM events e
JOIN invitation_guests m ON m.event_id = e.id AND m.rsvp = 'accepted'
GROUP BY e.id, e.capacity HAVING count(*) > e.capacity ORDER BY e.id
"""

COUNT = """
UPDATE events SET coming = (SELECT count(*) FROM invitation_guests m WHERE m.event_id = events.id AND m.rsvp = 'accepted')
WHERE capacity IS NOT NULL
"""

COLUMN = (
    "ALTER TABLE events ADD COLUMN coming INTEGER DEFAULT '0' NOT NULL"
    " CONSTRAINT ck_events_capacity CHECK (capacity IS NULL OR coming <= capacity)"
)

SQLITE_TRIGGERS = (
    """
CREATE TRIGGER count_who_comes_insert AFTER INSERT ON invitation_guests WHEN NEW.rsvp = 'accepted'
BEGIN UPDATE events SET coming = coming + 1 WHERE id = NEW.event_id AND capacity IS NOT NULL; END
""",
    """
CREATE TRIGGER count_who_comes_delete AFTER DELETE ON invitation_guests WHEN OLD.rsvp = 'accepted'
BEGIN UPDATE events SET coming = coming - 1 WHERE id = OLD.event_id AND capacity IS NOT NULL; END
""",
    """
CREATE TRIGGER count_who_comes_update AFTER UPDATE OF rsvp, event_id ON invitation_guests
WHEN (OLD.rsvp = 'accepted') <> (NEW.rsvp = 'accepted') OR OLD.event_id <> NEW.event_id
BEGIN
UPDATE events SET coming = coming - 1 WHERE id = OLD.event_id AND capacity IS NOT NULL AND OLD.rsvp = 'accepted';
UPDATE events SET coming = coming + 1 WHERE id = NEW.event_id AND capacity IS NOT NULL AND NEW.rsvp = 'accepted';
END
""",
    """
CREATE TRIGGER count_who_comes_anew AFTER UPDATE OF capacity ON events
WHEN (OLD.capacity IS NULL) <> (NEW.capacity IS NULL)
BEGIN
UPDATE events SET coming = CASE WHEN NEW.capacity IS NULL THEN 0 ELSE
(SELECT count(*) FROM invitation_guests m WHERE m.event_id = NEW.id AND m.rsvp = 'accepted') END
WHERE id = NEW.id;
END
""",
)

POSTGRESQL_FUNCTIONS = (
    # FOR KEY SHARE keeps an event from being given a capacity until this answer is there to be counted; the
    # answer's own foreign keys take the same lock anyway. It is free of conflicts between answers.
    """
CREATE FUNCTION count_who_comes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places integer;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.rsvp = 'accepted' THEN
    SELECT capacity INTO places FROM events WHERE id = OLD.event_id FOR KEY SHARE;
    IF places IS NOT NULL THEN UPDATE events SET coming = coming - 1 WHERE id = OLD.event_id; END IF;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.rsvp = 'accepted' THEN
    SELECT capacity INTO places FROM events WHERE id = NEW.event_id FOR KEY SHARE;
    IF places IS NOT NULL THEN UPDATE events SET coming = coming + 1 WHERE id = NEW.event_id; END IF;
  END IF;
  RETURN NULL;
END $$
""",
    # FOR UPDATE waits for the answers that are under way, so that none of them is missed.
    """
CREATE FUNCTION count_who_comes_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM events WHERE id = NEW.id FOR UPDATE;
  NEW.coming := CASE WHEN NEW.capacity IS NULL THEN 0 ELSE
    (SELECT count(*) FROM invitation_guests m WHERE m.event_id = NEW.id AND m.rsvp = 'accepted') END;
  RETURN NEW;
END $$
""",
)

POSTGRESQL_TRIGGERS = (
    """
CREATE TRIGGER count_who_comes_insert AFTER INSERT ON invitation_guests
FOR EACH ROW WHEN (NEW.rsvp = 'accepted') EXECUTE FUNCTION count_who_comes()
""",
    """
CREATE TRIGGER count_who_comes_delete AFTER DELETE ON invitation_guests
FOR EACH ROW WHEN (OLD.rsvp = 'accepted') EXECUTE FUNCTION count_who_comes()
""",
    """
CREATE TRIGGER count_who_comes_update AFTER UPDATE OF rsvp, event_id ON invitation_guests FOR EACH ROW
WHEN ((OLD.rsvp = 'accepted') <> (NEW.rsvp = 'accepted') OR OLD.event_id <> NEW.event_id)
EXECUTE FUNCTION count_who_comes()
""",
    """
CREATE TRIGGER count_who_comes_anew BEFORE UPDATE OF capacity ON events
FOR EACH ROW WHEN ((OLD.capacity IS NULL) <> (NEW.capacity IS NULL)) EXECUTE FUNCTION count_who_comes_anew()
""",
)


def upgrade() -> None:
    integrity.stop_on_offenders(
        op.get_bind(),
        CROWDED,
        rule="ck_events_capacity",
        mend="Give these events a larger capacity, or none, and run this again.",
    )
    op.execute(COLUMN)
    op.execute(COUNT)
    triggers = SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_FUNCTIONS + POSTGRESQL_TRIGGERS
    for statement in triggers:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("insert", "delete", "update", "anew"):
            op.execute(f"DROP TRIGGER count_who_comes_{trigger}")
    else:
        op.execute("DROP FUNCTION count_who_comes, count_who_comes_anew CASCADE")
    op.execute("ALTER TABLE events DROP COLUMN coming")
