"""The fixed cast of the tests: who is there before anything happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import text

from portal.demo.actions import PlainEvent, prepare_event
from portal.demo.rules.evening import HOST_PASSWORD, host_email
from portal.exports.queries.feeds import path_of
from portal.kit import clock
from portal.kit.passwords import hash_password
from portal.kit.schema import db
from portal.kit.tokens import new_code


@dataclass(frozen=True)
class Family:
    """An invitation and its members' ids and names, in order."""

    id: int
    token: str
    code: str
    members: list[int]
    names: list[str]

    def path(self, rest: str = "") -> str:
        """An address under this family's link."""
        return f"/i/{self.token}{rest}"


@dataclass(frozen=True)
class Cast:
    """One event with everybody in it."""

    app: Flask
    event_id: int
    families: list[Family]
    seats: dict[str, int]
    host_email: str
    host_password: str

    @property
    def okafor(self) -> Family:
        """The first family."""
        return self.families[0]

    @property
    def brandt(self) -> Family:
        """The second family."""
        return self.families[1]

    @property
    def feed_path(self) -> str:
        """The address under which a spreadsheet follows this event."""
        code = self.rows("SELECT code FROM export_feeds WHERE event_id = :id ORDER BY id", id=self.event_id)[0].code
        with self.app.app_context():
            return path_of(code)

    @property
    def names(self) -> dict[str, object]:
        """What the addresses of routes name: an event, and something of each kind in it."""
        tables = self.rows("SELECT id FROM tables WHERE event_id = :event ORDER BY id", event=self.event_id)
        guests = self.rows("SELECT guest_id FROM invitation_guests WHERE id = :id", id=self.brandt.members[0])
        places = self.rows("SELECT id FROM guest_assignments WHERE member_id = :id", id=self.okafor.members[0])
        parts = self.rows("SELECT id FROM event_sessions WHERE event_id = :event ORDER BY id", event=self.event_id)
        hosts = self.rows("SELECT user_id FROM participants WHERE event_id = :event ORDER BY id", event=self.event_id)
        return {
            "part": parts[0].id if parts else 0,
            "user": hosts[0].user_id if hosts else 0,
            "event": self.event_id,
            "invitation": self.okafor.id,
            "household": self.brandt.id,
            "member": self.okafor.members[0],
            "leaving": self.okafor.members[1],
            "moving": self.okafor.members[2],
            "guest": guests[0].guest_id if guests else 0,
            "place": places[0].id if places else 0,
            "other": guests[0].guest_id + 1,
            "table": tables[0].id,
            "seat": self.seat(1, 5),
            "landmark": 1,
            "room": '{"format": "placecard-room", "version": 1, "tables": [], "landmarks": []}',
            "draft": self.count(
                "SELECT coalesce(max(version), 0) FROM room_drafts WHERE event_id = :e", e=self.event_id
            ),
            "import": self.count(
                "SELECT coalesce(max(id), 0) FROM imports WHERE event_id = :event", event=self.event_id
            ),
            "row": 2,
            "feed": self.rows("SELECT id FROM export_feeds WHERE event_id = :id", id=self.event_id)[0].id,
        }

    def seat(self, table: int | str, label: int | str) -> int:
        """The id of a seat."""
        return self.seats[f"{table}-{label}"]

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What stands in the database now, read on a connection of its own."""
        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.execute(text(statement), values))

    def run(self, statement: str, **values: Any) -> None:
        """Change the world behind the application's back."""
        with self.app.app_context(), db.engine.begin() as connection:
            connection.execute(text(statement), values)

    def count(self, statement: str, **values: Any) -> int:
        """One number from the database."""
        return int(self.rows(statement, **values)[0][0])


def make_cast(
    app: Flask,
    *,
    invitations: int = 2,
    members: int = 4,
    tables: int = 2,
    seats: int = 10,
    hold: int = 0,
    slug: str = "lantern-night",
) -> Cast:
    """Make an event for a test; everything but codes follows from the numbers."""
    from portal.invitations.queries import token_of

    with app.app_context():
        wish = PlainEvent(slug, invitations, members, tables, seats, hold)
        event_id = prepare_event(wish, password_hash=hash_password(HOST_PASSWORD), now=clock.now())
        with db.engine.connect() as connection:
            families = []
            for row in connection.execute(
                text("SELECT id, code FROM invitations WHERE event_id = :event ORDER BY id"), {"event": event_id}
            ).all():
                people = connection.execute(
                    text(
                        "SELECT m.id, g.name FROM invitation_guests m JOIN guests g ON g.id = m.guest_id"
                        " WHERE m.invitation_id = :id ORDER BY m.position"
                    ),
                    {"id": row.id},
                ).all()
                families.append(
                    Family(row.id, token_of(row.code), row.code, [p.id for p in people], [p.name for p in people])
                )
            places = connection.execute(
                text(
                    "SELECT s.id, t.name, s.label FROM seats s JOIN tables t ON t.id = s.table_id"
                    " WHERE s.event_id = :event"
                ),
                {"event": event_id},
            ).all()
    cast = Cast(
        app,
        event_id,
        families,
        {f"{place.name}-{place.label}": place.id for place in places},
        host_email(slug),
        HOST_PASSWORD,
    )
    cast.run(
        "INSERT INTO export_feeds (created_at, organization_id, event_id, kind, name, code)"
        " SELECT created_at, organization_id, id, 'guests', 'A sheet', :code FROM events WHERE id = :event",
        code=new_code(), event=event_id,
    )  # fmt: skip
    return cast
