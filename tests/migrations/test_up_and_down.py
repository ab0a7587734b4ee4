"""Migrations on a populated database, one step at a time, in both directions."""

from __future__ import annotations

import os

from sqlalchemy import text

from portal.kit.schema import db
from tests import world
from tests.migrations.scratch import Scratch

ROWS = int(os.environ.get("PLACECARD_ROWS", "500"))


def populate(scratch: Scratch) -> None:
    with scratch.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, range(1, ROWS + 1))


def digests(scratch: Scratch) -> dict[str, str]:
    with scratch.engine.connect() as connection:
        return world.column_digests(connection)


def test_the_world_fills_every_table() -> None:
    assert set(world.ROWS) == set(db.metadata.tables)


def test_every_step_down_and_up_keeps_what_the_columns_that_stand_hold(scratch: Scratch) -> None:
    scratch.upgrade()
    populate(scratch)
    before = digests(scratch)
    assert all(line.startswith(f"{ROWS} rows, ") for line in before.values()), before
    schemas = {scratch.revision(): scratch.schema()}
    revisions = scratch.revisions
    for revision in revisions[-2::-1]:
        scratch.downgrade(revision)
        now = digests(scratch)
        assert now == {column: before[column] for column in now}, revision
        schemas[revision] = scratch.schema()
    standing = digests(scratch)
    for revision in revisions[1:]:
        scratch.upgrade(revision)
        assert scratch.schema() == schemas[revision], revision
        now = digests(scratch)
        assert {column: now[column] for column in standing} == standing, revision
        assert all(line.startswith("0 rows") for column, line in now.items() if column not in standing), revision


def test_all_the_way_down_leaves_nothing_and_up_again_the_same_house_empty(scratch: Scratch) -> None:
    scratch.upgrade()
    populate(scratch)
    schema = scratch.schema()
    scratch.downgrade("base")
    assert scratch.schema() == set()
    scratch.upgrade()
    assert scratch.schema() == schema
    assert {line.split(",")[0] for line in digests(scratch).values()} == {"0 rows"}
    populate(scratch)  # and every row fits again


def test_a_migration_leaves_the_keys_of_sqlite_on(scratch: Scratch) -> None:
    scratch.upgrade("0004")
    with scratch.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
