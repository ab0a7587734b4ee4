"""A host at the floor plan, and what stands in the room."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.accounts.hosts import HostBrowser, host_of
from tests.cast import Cast


class Planner:
    """A host who edits the room of the cast's event; every form names the version that is there now."""

    def __init__(self, cast: Cast, browser: HostBrowser | None = None) -> None:
        self.cast = cast
        self.browser = browser or host_of(cast)

    def path(self, rest: str = "") -> str:
        return f"/host/events/{self.cast.event_id}/room-plan{rest}"

    @property
    def version(self) -> int:
        return self.cast.count(
            "SELECT coalesce(max(version), 0) FROM room_drafts WHERE event_id = :event", event=self.cast.event_id
        )

    def get(self, rest: str = "") -> TestResponse:
        return self.browser.get(self.path(rest))

    def post(self, rest: str, **fields: Any) -> TestResponse:
        return self.browser.post(self.path(rest), **{"version": self.version, **fields})

    def does(self, rest: str, **fields: Any) -> None:
        """A change that goes through."""
        answer = self.post(rest, **fields)
        assert answer.status_code == 303, answer.text[:2000]

    def table(self, name: str) -> int:
        """The id of a published table."""
        return int(
            self.cast.rows(
                "SELECT id FROM tables WHERE name = :name AND event_id = :event", name=name, event=self.cast.event_id
            )[0].id
        )

    def about(self, table: str, /, **changes: Any) -> dict[str, Any]:
        """The form about a published table, with something changed."""
        row = self.cast.rows(
            "SELECT name, shape, capacity, x, y, rotation, note FROM tables WHERE id = :id", id=self.table(table)
        )[0]
        typed = {
            "name": row.name, "shape": row.shape, "seats": row.capacity, "x": row.x, "y": row.y,
            "rotation": row.rotation, "note": row.note, "captain": "",
        }  # fmt: skip
        return {**typed, **changes}

    def names(self) -> list[str]:
        """The published tables, in the order they were laid."""
        return [
            row.name
            for row in self.cast.rows("SELECT name FROM tables WHERE event_id = :e ORDER BY id", e=self.cast.event_id)
        ]

    def entries(self, verb: str) -> int:
        """How often the log says this."""
        return self.cast.count(
            "SELECT count(*) FROM activity WHERE verb = :verb AND event_id = :event",
            verb=verb,
            event=self.cast.event_id,
        )
