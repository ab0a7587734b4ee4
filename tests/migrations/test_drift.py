"""Models and migrations describe one house; and every key into another table has an index to find it by."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from portal import create_app
from portal.kit.schema import db
from tests.conftest import settings_for
from tests.migrations.scratch import VERSION_TABLE, Scratch, drop_database, new_database

FOREIGN_KEYS = """
SELECT k.conname, c.relname,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
"""
INDEXES = """
SELECT c.relname,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n ORDER BY n)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND i.indpred IS NULL
"""
WITHOUT_INDEX = {
    "fk_events_organization_id": "An organization is not deleted; its living events are found by their partial key.",
}
"""Foreign keys that no index begins with, each with its reason."""


def test_migrations_make_what_the_models_declare(scratch: Scratch, tmp_path: Path) -> None:
    scratch.upgrade()
    migrated = scratch.schema(triggers=False)
    url = new_database(scratch.engine.dialect.name, tmp_path, "declared")
    app = create_app(settings_for(url))
    with app.app_context():
        db.create_all()
        declared = Scratch(app).schema()
        db.engine.dispose()
    drop_database(url)
    assert len(declared) > 100
    assert sorted(migrated - declared) == [], "made by a migration, declared by no model"
    assert sorted(declared - migrated) == [], "declared by a model, made by no migration"


def test_the_only_things_beside_the_models_are_the_triggers(
    scratch: Scratch,
) -> None:
    scratch.upgrade()
    beside = sorted(scratch.schema() - scratch.schema(triggers=False))
    kinds = [tuple(line.replace(":", "").replace("(", " ").split()[:2]) for line in beside]
    if scratch.engine.dialect.name == "sqlite":
        counted = {
            "activity": 2, "event_sessions": 1, "events": 1, "invitation_guests": 4, "memberships": 2,
            "participants": 2, "session_answers": 2, "users": 1,
        }  # fmt: skip
        assert kinds == [(table, "trigger") for table, count in counted.items() for _ in range(count)]
    else:
        counts = ["count_who_comes", "count_who_comes_anew"]
        triggers = ["count_who_comes_anew", *(f"count_who_comes_{verb}" for verb in ("delete", "insert", "update"))]
        log, organizers, part = "activity_is_only_added_to", "event_keeps_an_organizer", "part_has_room"
        admins = "organization_keeps_an_admin"
        assert kinds == [
            *(
                ("function", name)
                for name in (log, *counts, organizers, admins, f"{admins}_user", part, f"{part}_again")
            ),
            *(("trigger", name) for name in (log, *triggers)),
            *(("trigger", f"{organizers}_{verb}") for verb in ("delete", "update")),
            *(("trigger", f"{admins}_{verb}") for verb in ("delete", "update", "user")),
            *(("trigger", f"{part}_{verb}") for verb in ("answer", "capacity", "move", "return")),
        ]


def test_nothing_is_left_for_a_next_migration_to_do(scratch: Scratch) -> None:
    scratch.upgrade()

    def is_ours(_object: object, name: str | None, *_rest: object) -> bool:
        return name != VERSION_TABLE

    with scratch.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, db.metadata) == []


def test_every_foreign_key_has_an_index_or_a_reason(scratch: Scratch) -> None:
    """PostgreSQL makes none by itself: without it, deleting a parent reads the whole table of its children."""
    scratch.upgrade()
    with scratch.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return
        indexes = [(row[0], row[1]) for row in connection.execute(text(INDEXES))]
        keys = connection.execute(text(FOREIGN_KEYS)).all()
    assert len(keys) > 20
    missing = {
        name
        for name, table, columns in keys
        if not any(owner == table and set(led[: len(columns)]) == set(columns) for owner, led in indexes)
    }
    assert missing == set(WITHOUT_INDEX)
