"""Tables to be made, and what they are called and where they stand if nobody says."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.seating.models import Category, Shape


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
