"""The room as all who look at it share it: read once per change, and what is made of it kept with it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Flask, current_app

from portal.kit import live
from portal.kit.schema import db
from portal.seating.queries.seats import NOTHING, Found, names_on_map, seat_map
from portal.seating.rules.cards import TableCard, ranked, shared_card
from portal.seating.rules.views import TableRow

MOST_ROOMS = 64
"""How many rooms, or single tables, a process keeps: the ones asked for last."""

Place = tuple[int, str | None]
"""An event and the slug of one of its tables; without a slug, the whole room."""


@dataclass(frozen=True, eq=False)
class Room:
    """An event's tables with their seats, and what was made of them for everybody.

    Attributes:
        event_id: whose room it is.
        tables: in the order they were laid; only the one that was asked for, if one was.
        until: when it stops being true even if nothing is changed: the first hold runs out.
        found: the same tables with what the database said of them, by their ids.
        made: renderings of the whole room that know nothing of whoever looks.
    """

    event_id: int
    tables: tuple[TableRow, ...]
    until: datetime | None = None
    found: Mapping[int, Found] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)

    def cards(self, people: int, categories: frozenset[str], *, step_free: bool = False) -> tuple[TableCard, ...]:
        """The tables as they suit ``people`` who may take seats of these categories, the best first."""
        key = ("cards", people, categories, step_free)
        if key not in self.made:
            for table in self.tables:
                if key not in table.made:
                    table.made[key] = shared_card(table, people, categories, step_free=step_free)
            self.made[key] = ranked(table.made[key] for table in self.tables)
        found: tuple[TableCard, ...] = self.made[key]
        return found

    @cached_property
    def places(self) -> dict[int, int]:
        """The tables of all who sit or are about to, by their places."""
        return {seat.assignment_id: table.id for table in self.tables for seat in table.seats if seat.assignment_id}

    def names(self) -> dict[int, str]:
        """Who sits where, of those who may be named."""
        if "names" not in self.made:
            self.made["names"] = names_on_map(self.event_id)
        found: dict[int, str] = self.made["names"]
        return found

    def is_true(self, now: datetime) -> bool:
        """Whether no hold has run out since it was read."""
        return self.until is None or now < self.until


@dataclass
class _Shelf:
    """A room as it was read last, under which version of its event, and the lock of whoever reads it anew."""

    version: int = -1
    room: Room | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, version: int, now: datetime) -> Room | None:
        return self.room if self.room and self.version >= version and self.room.is_true(now) else None


class Rooms:
    """The rooms a process keeps while it hears of every change."""

    def __init__(self) -> None:
        self._shelves: OrderedDict[Place, _Shelf] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, place: Place, version: int, now: datetime) -> Room:
        """The room as it is now; of all who ask at once after a change, one reads and the others wait for it."""
        whole = self._shelves.get((place[0], None))
        shelf = self._shelf(place)
        if found := (whole and whole.find(version, now)) or shelf.find(version, now):
            return found
        db.session.rollback()  # the others wait without a connection, and what is read is newer than ``version``
        with shelf.lock:
            if (found := shelf.find(version, now)) is not None:
                return found
            room = _read(*place, now, shelf.room)
            shelf.version, shelf.room = version, room
            return room

    def latest(self, event_id: int) -> Room | None:
        """The whole room as it was read last, however old."""
        shelf = self._shelves.get((event_id, None))
        return shelf.room if shelf else None

    def _shelf(self, place: Place) -> _Shelf:
        with self._lock:
            shelf = self._shelves.setdefault(place, _Shelf())
            self._shelves.move_to_end(place)
            if len(self._shelves) > MOST_ROOMS:
                self._shelves.popitem(last=False)
            return shelf


def init_app(app: Flask) -> None:
    """Let this application keep rooms."""
    app.extensions["rooms"] = Rooms()


def room(event_id: int, now: datetime, *, table_slug: str | None = None) -> Room:
    """The room, or one table of it, as it is now; no statement while it is kept and nothing has changed."""
    version = live.version(event_id)
    if version is None:
        return _read(event_id, table_slug, now, None)
    rooms: Rooms = current_app.extensions["rooms"]
    return rooms.get((event_id, table_slug), version, now)


def read_room(event_id: int, now: datetime) -> Room:
    """The whole room as the database has it at this moment, and as the running action has changed it."""
    rooms: Rooms = current_app.extensions["rooms"]
    return _read(event_id, None, now, rooms.latest(event_id))


def _read(event_id: int, table_slug: str | None, now: datetime, before: Room | None) -> Room:
    """The room anew; a table that is as it was ``before`` is the same one, with all that was made of it."""
    found = seat_map(event_id, now, table_slug=table_slug, known=before.found if before else NOTHING)
    tables = tuple(each.table for each in found.values())
    until = min((seat.held_until for table in tables for seat in table.seats if seat.held_until), default=None)
    return Room(event_id, tables, until, found)
