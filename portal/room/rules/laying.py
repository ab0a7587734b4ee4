"""The room that a few words describe, laid where there is floor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.kit.conflicts import Conflict, rule
from portal.kit.text import slugify
from portal.room.rules.layout import AROUND, MOST_SEATS, MOST_TABLES, DraftSeat, DraftTable, Landmark, Layout
from portal.seating.models import Shape
from portal.seating.rules.room import letters

COLUMNS = (46, 135, 224, 313)
"""The middles of the four columns in which tables are laid."""

APART = 2 * AROUND + 6
"""How far apart the centres of two tables stand at least."""

STEP = 90
"""From one laid table to the next one below it."""

UNREADABLE = rule(
    "room_unreadable",
    "“{part}” cannot be read. Write for example “12 round tables of 10” or “rows A–N of 20”.",
    "No entendemos “{part}”. Escribe por ejemplo “12 mesas redondas de 10” o “filas A–N de 20”.",
)
OUT_OF_RANGE = rule(
    "room_out_of_range",
    "“{part}” is too much or too little: up to {tables} tables of up to {seats} seats.",
    "“{part}” es demasiado o demasiado poco: hasta {tables} mesas de hasta {seats} asientos.",
)
ROOM_FULL = rule(
    "room_full",
    "A room holds up to {tables} tables. There would be {count}.",
    "Una sala admite hasta {tables} mesas. Serían {count}.",
)

SHAPES = {
    Shape.ROUND: ("round", "circular", "redonda", "redondo"),
    Shape.LONG: ("long", "rectangular", "banquet", "larga", "largo", "imperial"),
    Shape.ROW: ("row", "rows", "line", "fila", "hilera"),
}
_KINDS = {word: shape for shape, words in SHAPES.items() for word in words}
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
_COUNTED = re.compile(
    rf"(?P<count>\d{{1,6}})\s*(?:x\s*)?(?:mesas?\s+)?(?P<kind>{_KIND})(?:s|es)?(?:\s+tables?)?\s*(?:of|de|x|×)?\s*(?P<size>\d{{1,6}})"
    r"(?:\s+(?:seats?|chairs?|people|asientos?|sillas?|personas?))?",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?P<count>\d{1,6})\s*(?:x\s*)?(?:tables?|mesas?)\s*(?:of|de|x|×)?\s*(?P<size>\d{1,6})", re.IGNORECASE
)
_LETTERED = re.compile(
    r"(?:rows?|filas?)\s+(?P<first>[a-z]{1,2})\s*(?:-|–|—|to|a|hasta|through)\s*(?P<last>[a-z]{1,2})\s*(?:of|de|x|×)?\s*(?P<size>\d{1,6})"
    r"(?:\s+(?:seats?|chairs?|asientos?|sillas?))?",
    re.IGNORECASE,
)


class NotARoom(ValueError):
    """A description that cannot be laid; ``why`` says so to a person."""

    def __init__(self, why: Conflict) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Part:
    """Some tables alike, or the rows from a letter on."""

    count: int
    shape: Shape
    size: int
    first: int | None = None


def read_parts(description: str) -> list[Part]:
    """What “12 round tables of 10, rows A–N of 20” asks for; English and Spanish words alike.

    Raises:
        NotARoom: a part cannot be read, or asks for too much.
    """
    return [_part(piece.strip()) for piece in re.split(r"[,;\n]|\s(?:and|y)\s", description.strip())]


def _part(piece: str) -> Part:
    if found := _LETTERED.fullmatch(piece):
        first, last = _number(found["first"]), _number(found["last"])
        part = Part(last - first + 1, Shape.ROW, int(found["size"]), first)
    elif found := _COUNTED.fullmatch(piece):
        part = Part(int(found["count"]), _KINDS[found["kind"].lower()], int(found["size"]))
    elif found := _PLAIN.fullmatch(piece):
        part = Part(int(found["count"]), Shape.ROUND, int(found["size"]))
    else:
        raise NotARoom(UNREADABLE.conflict(part=piece[:60]))
    if not (1 <= part.count <= MOST_TABLES and 1 <= part.size <= MOST_SEATS):
        raise NotARoom(OUT_OF_RANGE.conflict(part=piece[:60], tables=str(MOST_TABLES), seats=str(MOST_SEATS)))
    return part


def _number(letter: str) -> int:
    """The place of a row's letter: A is 0, AA is 26."""
    place = 0
    for each in letter.upper():
        place = place * 26 + ord(each) - 64
    return place - 1


def lay(layout: Layout, parts: Sequence[Part], landmarks: Iterable[Landmark] = ()) -> Layout:
    """The room with these tables put where there is floor, and these landmarks before them.

    Numbers and letters go on after the highest that is there; a name that is
    there already is passed over.

    Raises:
        NotARoom: there would be more tables than a room holds.
    """
    for mark in landmarks:
        layout = layout.with_landmark(replace(mark, id=layout.next_landmark_id()))
    count = len(layout.tables) + sum(part.count for part in parts)
    if count > MOST_TABLES:
        raise NotARoom(ROOM_FULL.conflict(tables=str(MOST_TABLES), count=str(count)))
    named = _named(layout, parts)
    places = free_places(layout, len(named), in_rows=all(part.shape == Shape.ROW for part in parts))
    first = layout.next_table_id()
    return layout.with_tables(
        DraftTable(first - index, name, seats_for(part.size), part.shape, x, y)
        for index, ((name, part), (x, y)) in enumerate(zip(named, places, strict=True))
    )


def next_number(layout: Layout) -> int:
    """The number after the highest that a table is called by; one of ten digits or more is a name like any other."""
    names = (table.name for table in layout.tables.values())
    return max((int(name) for name in names if name.isdecimal() and len(name) < 10), default=0) + 1


def _named(layout: Layout, parts: Sequence[Part]) -> list[tuple[str, Part]]:
    used = {slugify(table.name) for table in layout.tables.values()}
    number, row, found = next_number(layout), 0, []
    for part in parts:
        row = part.first if part.first is not None else row
        for _ in range(part.count):
            if part.shape == Shape.ROW:
                while slugify(name := letters(row)) in used:
                    row += 1
            else:
                while slugify(name := str(number)) in used:
                    number += 1
            used.add(slugify(name))
            found.append((name, part))
    return found


def seats_for(size: int, taken_labels: Iterable[str] = ()) -> tuple[DraftSeat, ...]:
    """As many new seats, numbered from one; numbers that are in use are passed over."""
    used, number = set(taken_labels), 1
    seats: list[DraftSeat] = []
    while len(seats) < size:
        if str(number) not in used:
            seats.append(DraftSeat(str(number)))
        number += 1
    return tuple(seats)


def free_places(layout: Layout, count: int, *, in_rows: bool = False) -> list[tuple[int, int]]:
    """Where so many tables can stand in four columns, beside what is there already.

    A dozen is laid column by column, the inner ones set lower; more than that
    row by row, so that neighbours in number are neighbours on the floor. The
    rows of a hall stand in straight lines.
    """
    per_column = -(-count // len(COLUMNS))
    down = [AROUND + 9 + (0 if in_rows or column in {0, 3} else 36) for column in range(len(COLUMNS))]
    if in_rows:
        down = [max(first_free(layout.tables, layout.landmarks, x, down[0]) for x in COLUMNS)] * len(COLUMNS)
    free = [first_free(layout.tables, layout.landmarks, x, y) for x, y in zip(COLUMNS, down, strict=True)]
    found = []
    for index in range(count):
        by_row = min(range(len(COLUMNS)), key=lambda column: (free[column] // STEP, column))
        column = index // per_column if count <= 12 and not in_rows else by_row
        found.append((COLUMNS[column], free[column]))
        free[column] = first_free(layout.tables, layout.landmarks, COLUMNS[column], free[column] + STEP)
    return found


def first_free(tables: Mapping[int, DraftTable], landmarks: Mapping[int, Landmark], x: int, y: int) -> int:
    """How far down from ``y`` the first table can stand in the column ``x`` that overlaps nothing."""
    near = [table for table in tables.values() if abs(table.x - x) < APART]
    while blocked := [
        *(table.y + APART for table in near if _too_close(table, x, y)),
        *(mark.y + mark.height + AROUND + 4 for mark in landmarks.values() if _covers(mark, x, y)),
    ]:
        y = max(y + 1, min(blocked))
    return y


def _too_close(table: DraftTable, x: int, y: int) -> bool:
    return (table.x - x) ** 2 + (table.y - y) ** 2 < APART**2


def _covers(mark: Landmark, x: int, y: int) -> bool:
    """Whether a table there would stand on a landmark."""
    beside = max(mark.x - x, 0, x - mark.x - mark.width)
    above = max(mark.y - y, 0, y - mark.y - mark.height)
    return beside**2 + above**2 < (AROUND + 2) ** 2


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    """What stands in each other's way, by name: two tables, or a table and a landmark."""
    tables = sorted(layout.tables.values(), key=lambda table: table.y)
    found = []
    for index, one in enumerate(tables):
        for other in tables[index + 1 :]:
            if other.y - one.y >= APART:
                break
            if _too_close(other, one.x, one.y):
                found.append((one.name, other.name))
        found += [(one.name, mark.label) for mark in layout.landmarks.values() if _covers(mark, one.x, one.y)]
    return found
