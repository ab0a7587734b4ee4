"""Whoever runs the server, and data that got in while nobody looked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from tests import world
from tests.migrations.scratch import Scratch

STANDING = range(1, 9)


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    code: int
    said: str


def told(scratch: Scratch, *words: str | Path) -> Told:
    """Run a command of ``flask integrity``."""
    result = scratch.app.test_cli_runner().invoke(args=["integrity", *map(str, words)], catch_exceptions=False)
    return Told(result.exit_code, result.output)


@contextmanager
def unguarded(scratch: Scratch) -> Iterator[Connection]:
    """A transaction in which no key and no trigger looks."""
    is_sqlite = scratch.engine.dialect.name == "sqlite"
    off, on = ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON")
    if not is_sqlite:
        off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    with scratch.engine.connect().execution_options(writes=True) as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(off)
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute(on)


def plant(scratch: Scratch, *rows: tuple[str, world.Row]) -> None:
    """Let rows stand that no rule would let in."""
    with unguarded(scratch) as connection:
        for table, row in rows:
            world.add(connection, table, [row])


def populate(scratch: Scratch) -> None:
    """A world that keeps every rule."""
    with scratch.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, STANDING)
        if connection.dialect.name == "postgresql":  # whose own numbers go on after these
            for table in world.tables_of(connection):
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")


def picture(scratch: Scratch) -> dict[str, str]:
    """What every table holds."""
    with scratch.engine.connect() as connection:
        return world.digests(connection)


def rows(scratch: Scratch, statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with scratch.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]
