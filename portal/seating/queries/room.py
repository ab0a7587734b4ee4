"""The room as all who look at it share it: read once per change, and what is made of it kept with it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Flask, current_app

from portal.kit import live
from portal.kit.schema import db
from portal.seating.queries.seats import names_on_map, seat_map
from portal.seating.rules.cards import TableCard, ranked, shared_card
from portal.seating.rules.views import TableRow

MOST_ROOMS = 256
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
        made: renderings of the whole room that know nothing of whoever looks.
        made_of: such renderings of one table, by its id.
    """

    event_id: int
    tables: tuple[TableRow, ...]
    until: datetime | None = None
    made: dict[Any, Any] = field(default_factory=dict)
    made_of: dict[int, dict[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.tables:
            self.made_of.setdefault(table.id, {})

    def cards(self, people: int, categories: frozenset[str], *, step_free: bool = False) -> tuple[TableCard, ...]:
        """The tables as they suit ``people`` who may take seats of these categories, the best first."""
        key = ("cards", people, categories, step_free)
        if key not in self.made:
            cards = (shared_card(table, people, categories, step_free=step_free) for table in self.tables)
            self.made[key] = ranked(cards)
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
            room = read_room(*place, now, before=shelf.room)
            shelf.version, shelf.room = version, room
            return room

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
        return read_room(event_id, table_slug, now)
    rooms: Rooms = current_app.extensions["rooms"]
    return rooms.get((event_id, table_slug), version, now)


def read_room(event_id: int, table_slug: str | None, now: datetime, *, before: Room | None = None) -> Room:
    """The room as the database has it; what was made of tables that are as they were ``before`` is carried over."""
    tables = tuple(seat_map(event_id, now, table_slug=table_slug))
    until = min((seat.held_until for table in tables for seat in table.seats if seat.held_until), default=None)
    old = {table.id: table for table in before.tables} if before else {}
    made_of = {table.id: before.made_of[table.id] for table in tables if before and old.get(table.id) == table}
    return Room(event_id, tables, until, made_of=made_of)
