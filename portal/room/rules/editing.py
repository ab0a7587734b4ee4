"""What a host's hands do to a draft: every one of them gives a new layout, and none touches the old."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from portal.kit.conflicts import rule
from portal.kit.text import slugify
from portal.room.rules.laying import ROOM_FULL, first_free, next_number, seats_for
from portal.room.rules.layout import (
    AROUND,
    DEEPEST,
    MOST_LANDMARKS,
    MOST_TABLES,
    WIDTH,
    DraftSeat,
    DraftTable,
    Landmark,
    Layout,
)

GRID = 5
"""Everything stands on a grid of this many floor-plan units."""

LONGEST_STEM = 50
"""So many letters of a name's address leave room for a number behind them."""

NUDGE, FAR_NUDGE = 10, 50
"""How far one press of an arrow moves, and with shift."""

DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}

MANY_LANDMARKS = rule(
    "room_many_landmarks",
    "A room shows up to {count} landmarks. Remove one first.",
    "Una sala muestra hasta {count} puntos de referencia. Quita uno primero.",
)
SEATS_TAKEN = rule(
    "room_seats_taken",
    "{names} would lose a seat: {table} is not empty there. Nothing was removed.",
    "Esto deja sin asiento a {names}: en {table} hay gente sentada ahí. No se quitó nada.",
)
"""Said when a chair or a table is to go that somebody sits on; the page names them and offers a way on."""


@dataclass(frozen=True)
class TableWish:
    """What a host typed about a table."""

    name: str
    shape: str
    seats: int
    x: int
    y: int
    rotation: int = 0
    note: str = ""
    is_quiet: bool = False
    captain_id: int | None = None


def on_floor(x: int, y: int) -> tuple[int, int]:
    """The nearest point of the grid at which a whole table stands on the floor."""
    return _within(x, AROUND, WIDTH - AROUND), _within(y, AROUND, DEEPEST)


def _within(value: int, least: int, most: int) -> int:
    snapped = round(value / GRID) * GRID
    return max(-(-least // GRID) * GRID, min(most // GRID * GRID, snapped))


def move_table(layout: Layout, table: DraftTable, x: int, y: int) -> Layout:
    """The room with a table somewhere else."""
    x, y = on_floor(x, y)
    return layout.with_tables([replace(table, x=x, y=y)])


def change_table(layout: Layout, table: DraftTable, wish: TableWish, taken: Collection[int]) -> Layout:
    """The room with a table as it was typed; chairs that must go are free ones first, the last of them first.

    Args:
        layout: the room.
        table: which table.
        wish: as it shall be.
        taken: the seats that somebody has.
    """
    x, y = (wish.x, wish.y) if (wish.x, wish.y) == (table.x, table.y) else on_floor(wish.x, wish.y)
    changed = replace(
        table,
        name=wish.name,
        shape=wish.shape,
        x=x,
        y=y,
        rotation=wish.rotation % 360,
        note=wish.note,
        is_quiet=wish.is_quiet,
        captain_id=wish.captain_id,
        seats=with_count(table.seats, wish.seats, taken),
    )
    return layout.with_tables([changed])


def with_count(seats: Sequence[DraftSeat], count: int, taken: Collection[int]) -> tuple[DraftSeat, ...]:
    """As many chairs: new ones take the numbers that are free, and whoever sits keeps the chair if any can stay."""
    if count >= len(seats):
        return (*seats, *seats_for(count - len(seats), [seat.label for seat in seats]))
    last_free_first = sorted(range(len(seats)), key=lambda place: (seats[place].id in taken, -place))
    going = set(last_free_first[: len(seats) - count])
    return tuple(seat for place, seat in enumerate(seats) if place not in going)


def losing(before: DraftTable, after: DraftTable | None) -> set[int]:
    """The seats that are there now and would not be."""
    return before.seat_ids - (after.seat_ids if after else set())


def set_seats(layout: Layout, table: DraftTable, seats: Sequence[DraftSeat]) -> Layout:
    """The room with these chairs at a table."""
    return layout.with_tables([replace(table, seats=tuple(seats))])


def is_name_free(layout: Layout, name: str, table_id: int | None) -> bool:
    """Whether no other table is called like this, as addresses read it."""
    return all(slugify(table.name) != slugify(name) for each, table in layout.tables.items() if each != table_id)


def duplicate_table(layout: Layout, table: DraftTable) -> tuple[Layout, DraftTable]:
    """The room with a table like this beside it, with chairs of its own.

    Raises:
        Conflict: the room is full.
    """
    if len(layout.tables) >= MOST_TABLES:
        raise ROOM_FULL.conflict(tables=str(MOST_TABLES), count=str(len(layout.tables) + 1))
    copy = replace(
        table,
        id=layout.next_table_id(),
        name=next_name(layout, table.name),
        seats=tuple(replace(seat, id=None) for seat in table.seats),
        captain_id=None,
        y=first_free(layout.tables, layout.landmarks, table.x, table.y),
    )
    return layout.with_tables([copy]), copy


def next_name(layout: Layout, name: str) -> str:
    """A name like this one that is free: the next number, or the name with a number behind it."""
    stem, number = f"{name[:70]} ", 2
    if name.isdecimal():
        stem, number = "", next_number(layout)
    while len(slugify(stem)) > LONGEST_STEM:
        stem = f"{stem[:-5]} "
    while not is_name_free(layout, f"{stem}{number}", None):
        number += 1
    return f"{stem}{number}"


def add_landmark(layout: Layout, label: str) -> tuple[Layout, Landmark]:
    """The room with a landmark on top of everything, to be moved where it belongs.

    Raises:
        Conflict: there are as many as a plan shows.
    """
    if len(layout.landmarks) >= MOST_LANDMARKS:
        raise MANY_LANDMARKS.conflict(count=str(MOST_LANDMARKS))
    y = 5
    while any(abs(mark.y - y) < 40 for mark in layout.landmarks.values()):
        y += 45
    mark = Landmark(layout.next_landmark_id(), label, 115, y, 130, 40)
    return layout.with_landmark(mark), mark


def moved(mark: Landmark, x: int, y: int) -> Landmark:
    """A landmark somewhere else, on the grid."""
    return replace(mark, x=round(x / GRID) * GRID, y=round(y / GRID) * GRID)


def place_landmark(layout: Layout, mark: Landmark) -> Layout:
    """The room with a landmark as it was typed, moved onto the floor as a whole."""
    width, height = max(20, min(mark.width, WIDTH)), max(20, min(mark.height, 600))
    x, y = max(0, min(mark.x, WIDTH - width)), max(0, min(mark.y, DEEPEST))
    return layout.with_landmark(replace(mark, x=x, y=y, width=width, height=height))
