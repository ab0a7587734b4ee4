"""What the tests of imports need: a list on the disk, the command, and the whole database to compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.events.queries import find_event_by_slug
from portal.events.rules import EventView
from portal.kit.schema import db
from tests.imports.books import csv_bytes

FILES = Path(__file__).parent / "files"
SLUG = "lantern-night"


@dataclass(frozen=True)
class Desk:
    """The operator at the command line, beside an event of two families of four."""

    app: Flask
    folder: Path

    def run(self, file: Path, *options: str, event: str = SLUG) -> Result:
        """Give the command."""
        return self.app.test_cli_runner().invoke(args=["invitations", "import", str(file), "--event", event, *options])

    def run_list(self, *lines: str, options: tuple[str, ...] = ()) -> Result:
        """Import a list of these lines."""
        return self.run_bytes(csv_bytes(*lines), *options)

    def run_bytes(self, content: bytes, *options: str) -> Result:
        """Import a file that holds this."""
        file = self.folder / "list"
        file.write_bytes(content)
        return self.run(file, *options)

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table, read on a connection of its own."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
                for table in db.metadata.sorted_tables
            }

    def event(self, slug: str = SLUG) -> EventView:
        """The event that lists are imported into."""
        with self.app.app_context():
            found = find_event_by_slug(slug)
        assert found is not None
        return found


def changed_tables(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The tables in which anything is different."""
    return {name for name in before if before[name] != after[name]}
