"""A layout as a file: what is written, and what is asked of a file that is brought in.

The format is described in ``docs/room-file.md``. It holds no guest: neither
who sits where nor who is a captain leaves with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from portal.kit.conflicts import rule
from portal.kit.text import slugify, tidy
from portal.room.rules.editing import place_landmark
from portal.room.rules.laying import ROOM_FULL, NotARoom
from portal.room.rules.layout import (
    AROUND,
    DEEPEST,
    LONGEST_LABEL,
    LONGEST_MARK,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_LANDMARKS,
    MOST_SEATS,
    MOST_TABLES,
    WIDTH,
    DraftSeat,
    DraftTable,
    Landmark,
    Layout,
)
from portal.seating.models import Category, Shape

FORMAT, VERSION = "placecard-room", 1
LARGEST = 5 * 1024 * 1024
"""Bytes of a file; a room of 600 tables of 100 seats fits."""

FARTHEST = 100_000

NOT_JSON = rule(
    "room_file_unreadable",
    "That file cannot be read. Bring one that you exported here: its name ends in .json.",
    "No pudimos leer ese archivo. Trae uno que hayas exportado aquí: su nombre termina en .json.",
)
OTHER_FORMAT = rule(
    "room_file_format",
    "That file is no room of Placecard, or of a version we do not know yet (this is version {version}).",
    "Ese archivo no es una sala de Placecard, o es de una versión que aún no conocemos (esta es la versión {version}).",
)
TOO_LARGE = rule(
    "room_file_large",
    "That file is larger than {size} MB, more than any room needs.",
    "Ese archivo pesa más de {size} MB, más de lo que una sala necesita.",
)
WRONG_PLACE = rule(
    "room_file_wrong",
    "The file cannot be used: {where} should be {wanted}. Nothing was changed.",
    "El archivo no se puede usar: {where} debería ser {wanted}. No cambió nada.",
)
TWICE = rule(
    "room_file_twice",
    "The file cannot be used: there are two of “{name}”. Nothing was changed.",
    "El archivo no se puede usar: hay dos de “{name}”. No cambió nada.",
)


def file_of(layout: Layout) -> str:
    """The layout as a file."""
    tables = [
        {
            "name": table.name,
            "shape": str(table.shape),
            "x": table.x,
            "y": table.y,
            "rotation": table.rotation,
            "note": table.note,
            "quiet": table.is_quiet,
            "seats": [
                {"label": seat.label, "category": str(seat.category), "step_free": seat.step_free}
                for seat in table.seats
            ],
        }
        for table in layout.tables.values()
    ]
    marks = [
        {"label": mark.label, "x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height}
        for mark in layout.landmarks.values()
    ]
    written = {"format": FORMAT, "version": VERSION, "tables": tables, "landmarks": marks}
    return json.dumps(written, ensure_ascii=False, indent=1)


def read_file(words: bytes) -> Layout:
    """The layout that a file holds; every table and chair of it is new.

    Raises:
        NotARoom: it holds none; the sentence says what is wrong, and where.
    """
    if len(words) > LARGEST:
        raise NotARoom(TOO_LARGE.conflict(size=str(LARGEST // 1024 // 1024)))
    try:
        content = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise NotARoom(NOT_JSON.conflict()) from error
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (FORMAT, VERSION):
        raise NotARoom(OTHER_FORMAT.conflict(version=str(VERSION)))
    tables = _listed(content, "tables", MOST_TABLES)
    if len(tables) > MOST_TABLES:
        raise NotARoom(ROOM_FULL.conflict(tables=str(MOST_TABLES), count=str(len(tables))))
    marks = _listed(content, "landmarks", MOST_LANDMARKS)
    read = [_table(-number, table, f"tables[{number}]") for number, table in enumerate(tables, start=1)]
    _require_each_once(slugify(table.name) for table in read)
    layout = Layout().with_tables(read)
    for number, mark in enumerate(marks[:MOST_LANDMARKS], start=1):
        layout = place_landmark(layout, _landmark(number, mark, f"landmarks[{number}]"))
    return layout


def with_identities(layout: Layout, published: Layout) -> Layout:
    """The layout with its tables and chairs recognised: whoever sits at a table and chair of that name keeps it."""
    known = {slugify(table.name): table for table in published.tables.values()}
    found = []
    for table in layout.tables.values():
        same = known.get(slugify(table.name))
        ids = {seat.label: seat.id for seat in same.seats} if same else {}
        seats = tuple(replace(seat, id=ids.get(seat.label)) for seat in table.seats)
        captain = same.captain_id if same else None
        found.append(replace(table, id=same.id if same else table.id, seats=seats, captain_id=captain))
    return replace(layout, tables={}, known=published.known).with_tables(found)


def without_identities(layout: Layout) -> Layout:
    """The layout of another event: the same tables and chairs, none of which stands here."""
    tables = [
        replace(table, id=-number, captain_id=None, seats=tuple(replace(seat, id=None) for seat in table.seats))
        for number, table in enumerate(layout.tables.values(), start=1)
    ]
    return Layout({}, layout.landmarks).with_tables(tables)


def _table(table_id: int, stored: Any, where: str) -> DraftTable:
    table = _object(stored, where)
    seats = [_seat(seat, f"{where}.seats[{number}]") for number, seat in enumerate(_seats_of(table, where), start=1)]
    _require_each_once(seat.label for seat in seats)
    x, y = (_number(table, side, where) for side in ("x", "y"))
    return DraftTable(
        id=table_id,
        name=_words(table, "name", where, LONGEST_NAME),
        seats=tuple(seats),
        shape=_choice(table, "shape", where, Shape),
        x=min(max(x, AROUND), WIDTH - AROUND),
        y=min(max(y, AROUND), DEEPEST),
        rotation=_number(table, "rotation", where, otherwise=0) % 360,
        note=_words(table, "note", where, LONGEST_NOTE, otherwise=""),
        is_quiet=_truth(table, "quiet", where),
    )


def _seats_of(table: Mapping[str, Any], where: str) -> list[Any]:
    seats = table.get("seats")
    if not isinstance(seats, list) or not 1 <= len(seats) <= MOST_SEATS:
        raise _wrong(f"{where}.seats", f"1–{MOST_SEATS} × {{…}}")
    return seats


def _seat(stored: Any, where: str) -> DraftSeat:
    seat = _object(stored, where)
    return DraftSeat(
        _words(seat, "label", where, LONGEST_LABEL),
        None,
        _choice(seat, "category", where, Category, otherwise=Category.REGULAR),
        _truth(seat, "step_free", where),
    )


def _landmark(mark_id: int, stored: Any, where: str) -> Landmark:
    mark = _object(stored, where)
    x, y, width, height = (_number(mark, side, where) for side in ("x", "y", "width", "height"))
    return Landmark(mark_id, _words(mark, "label", where, LONGEST_MARK), x, y, width, height)


def _listed(content: Mapping[str, Any], name: str, most: int) -> list[Any]:
    found = content.get(name, [])
    if not isinstance(found, list):
        raise _wrong(name, f"[0–{most}]")
    return found


def _object(stored: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(stored, dict):
        raise _wrong(where, "{…}")
    return stored


def _words(stored: Mapping[str, Any], name: str, where: str, most: int, *, otherwise: str | None = None) -> str:
    value = stored.get(name, otherwise)
    found = tidy(value) if isinstance(value, str) else ""
    if not isinstance(value, str) or len(found) > most or (otherwise is None and not found):
        raise _wrong(f"{where}.{name}", f"“…” (1–{most})")
    return found


def _number(stored: Mapping[str, Any], name: str, where: str, *, otherwise: int | None = None) -> int:
    value = stored.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > FARTHEST:
        raise _wrong(f"{where}.{name}", "0, 1, 2, …")
    return value


def _truth(stored: Mapping[str, Any], name: str, where: str) -> bool:
    value = stored.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(f"{where}.{name}", "true / false")
    return value


def _choice(
    stored: Mapping[str, Any], name: str, where: str, choices: type[Shape] | type[Category], otherwise: str = ""
) -> str:
    value = stored.get(name, otherwise)
    if not isinstance(value, str) or value not in set(choices):
        raise _wrong(f"{where}.{name}", " / ".join(f"“{choice}”" for choice in choices))
    return value


def _wrong(where: str, wanted: str) -> NotARoom:
    return NotARoom(WRONG_PLACE.conflict(where=where, wanted=wanted))


def _require_each_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NotARoom(TWICE.conflict(name=name))
        seen.add(name)
