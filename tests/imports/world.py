"""What the tests of imports need: a list on the disk, the command, and the whole database to compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.demo.rules.evening import host_email
from portal.events.queries import find_event_by_slug
from portal.events.rules import EventView
from portal.kit.schema import db
from tests.accounts.hosts import HostBrowser
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

    def browser(self) -> ImportBrowser:
        """The host of the event, signed in, with their lists."""
        host = HostBrowser(self.app)
        assert host.sign_in(host_email(SLUG)).status_code == 303
        return ImportBrowser(host, self.event().id)

    def event(self, slug: str = SLUG) -> EventView:
        """The event that lists are imported into."""
        with self.app.app_context():
            found = find_event_by_slug(slug)
        assert found is not None
        return found


def changed_tables(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The tables in which anything is different."""
    return {name for name in before if before[name] != after[name]}


@dataclass
class ImportBrowser:
    """A host who brings a list, page by page."""

    host: HostBrowser
    event_id: int
    address: str = ""

    @property
    def start(self) -> str:
        """Where lists are brought."""
        return f"/host/events/{self.event_id}/import"

    def bring(self, content: bytes, name: str = "guests.csv") -> TestResponse:
        """Choose a file and send it."""
        return self._brought(content, name)

    def bring_again(self, content: bytes) -> TestResponse:
        """Send the very form once more, as a phone's back button offers it, with this file."""
        return self._brought(content, operation_id="one")

    def paste(self, text: str) -> TestResponse:
        """Paste a list and send it, with the line ends that a browser sends."""
        return self._brought(None, pasted="\r\n".join(text.splitlines()))

    def _brought(self, content: bytes | None, name: str = "guests.csv", **fields: str) -> TestResponse:
        form: dict[str, Any] = {"csrf_token": self.host.csrf_token(), **fields}
        if content is not None:
            form["file"] = FileStorage(BytesIO(content), filename=name if content else "")
        boundary, body = encode_multipart(form)
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer = self.host.client.post(self.start, data=body, content_type=kind)
        self.address = answer.location or self.address
        return answer

    def page(self, query: str = "") -> str:
        """The list in its present state."""
        answer = self.host.get(f"{self.address}{query}")
        assert answer.status_code == 200
        return answer.text

    def send(self, to: str, **fields: Any) -> TestResponse:
        """Send one of the page's forms, with the version that the page was made from."""
        version = re.search(r'name="version" value="(\d+)"', self.page())
        filled = {"version": version[1] if version else "", **fields}
        return self.host.post(f"{self.address}/{to}", **filled)

    def map_columns(self, **changes: str) -> TestResponse:
        """Say that the columns are as they were recognised, but for these."""
        page = self.page("?step=columns")
        chosen = {
            select["name"]: next((o["value"] for o in options if "selected" in o), "")
            for select, options in selects(page)
        }
        return self.send("columns", **{**chosen, **changes})

    def mend(self, number: int, **fields: str) -> TestResponse:
        """Save a row's form."""
        return self.send(f"rows/{number}", **{"version": "1", "do": "save", **fields})

    def take_all(self, content: bytes, name: str = "guests.csv") -> str:
        """The whole way with a list as it is; returns the last page."""
        assert self.bring(content, name).status_code == 303
        assert self.map_columns().status_code == 303
        assert self.send("write").status_code == 303
        return self.page()

    def state(self) -> str:
        """Where the list stands in the database."""
        with self.host.app.app_context(), db.engine.connect() as connection:
            import_id = int(self.address.partition("?")[0].rpartition("/")[2])
            return str(connection.scalar(text("SELECT state FROM imports WHERE id = :id"), {"id": import_id}))


def selects(page: str) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """The selects of a page with their options, as their attributes."""
    found = []
    for tag, body in re.findall(r"<select\b([^>]*)>(.*?)</select>", page, re.DOTALL):
        options = [attributes(option) for option in re.findall(r"<option\b([^>]*)>", body)]
        found.append((attributes(tag), options))
    return found


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag; one without a value has an empty one."""
    return dict(re.findall(r'([\w-]+)(?:="([^"]*)")?', tag))
