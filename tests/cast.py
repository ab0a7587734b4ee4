"""The fixed cast of the tests: who is there before anything happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import text

from portal.demo.actions import PlainEvent, prepare_event
from portal.demo.rules.evening import HOST_PASSWORD, host_email
from portal.kit import clock
from portal.kit.passwords import hash_password
from portal.kit.schema import db


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
    return Cast(
        app,
        event_id,
        families,
        {f"{place.name}-{place.label}": place.id for place in places},
        host_email(slug),
        HOST_PASSWORD,
    )
