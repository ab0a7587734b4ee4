"""The room that a few words describe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from portal.seating.models import Category, Shape

MAX_TABLES = 500
MAX_SEATS = 100


@dataclass(frozen=True)
class NewSeat:
    """A seat to be made."""

    label: str
    category: Category = Category.REGULAR
    step_free: bool = False


@dataclass(frozen=True)
class NewTable:
    """A table to be made, with its seats in order around it."""

    name: str
    seats: tuple[NewSeat, ...] = field(default=())
    shape: Shape = Shape.ROUND
    note: str = ""
    is_quiet: bool = False
    x: int = 0
    y: int = 0


class NotARoom(ValueError):
    """A description of tables that cannot be read; the sentence says how to write one."""


def lay_tables(description: str, *, first_number: int = 1, first_row: int = 0, first_place: int = 0) -> list[NewTable]:
    """The tables that “12 round 10” means: twelve round tables of ten, numbered on.

    Several parts are joined by commas: ``"12 round 10, 2 long 8, 5 row 20"``.
    Rows are lettered (A, B, …). Tables are put on the floor plan in four
    columns, rows of a hall one below the other.

    Args:
        description: what shall be laid.
        first_number: the number of the first table that has one.
        first_row: how many lettered rows there are already.
        first_place: how many places of the floor plan are taken already.

    Raises:
        NotARoom: a part cannot be read, or the room would be too large.
    """
    tables: list[NewTable] = []
    for part in (piece.strip() for piece in description.split(",")):
        found = re.fullmatch(r"(\d+)\s*(?:x\s*)?(round|long|row)s?\s*(?:of\s*)?(\d+)", part, re.IGNORECASE)
        if found is None:
            raise NotARoom(f"“{part}” cannot be read. Write for example “12 round 10” or “5 row 20”.")
        count, shape, size = int(found[1]), Shape(found[2].lower()), int(found[3])
        if not (1 <= count <= MAX_TABLES and 1 <= size <= MAX_SEATS):
            raise NotARoom(f"“{part}” is out of range: up to {MAX_TABLES} tables of up to {MAX_SEATS} seats.")
        numbered = sum(1 for table in tables if table.shape != Shape.ROW)
        lettered = len(tables) - numbered
        for index in range(count):
            name = letters(first_row + lettered + index) if shape == Shape.ROW else str(first_number + numbered + index)
            seats = tuple(NewSeat(str(number)) for number in range(1, size + 1))
            x, y = floor_position(first_place + len(tables))
            tables.append(NewTable(name=name, seats=seats, shape=shape, x=x, y=y))
    return tables


def letters(index: int) -> str:
    """The name of the ``index``-th row: A … Z, AA, AB …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def floor_position(index: int) -> tuple[int, int]:
    """Where the ``index``-th table stands: four columns, the inner two set lower, 90 units apart."""
    column, row = divmod(index, 3) if index < 12 else (index % 4, index // 4)
    return 46 + 89 * column, (96 if column in {0, 3} else 132) + 90 * row
