"""How a table is drawn on the plan: where its chairs stand, and which part of a large room is shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from portal.room.rules.layout import AROUND, DraftTable, Layout
from portal.seating.models import Shape

MOST_AT_ONCE = 40
"""A room with more tables is shown in parts."""

STRETCH = 900
"""How much floor, from top to bottom, one part of a large room shows; in floor-plan units."""

LEAST_HEIGHT = 220


@dataclass(frozen=True)
class Look:
    """What of the editor is looked at: a table or a landmark, where it could go, and a part of a large room."""

    table_id: int | None = None
    landmark_id: int | None = None
    zone: int | None = None
    moving: bool = False
    x: int | None = None
    y: int | None = None


@dataclass(frozen=True)
class Zone:
    """A part of the floor, from ``top`` to ``bottom``, with what stands there."""

    number: int
    top: int
    bottom: int
    tables: tuple[DraftTable, ...]


def chairs(table: DraftTable) -> list[tuple[float, float]]:
    """Where the chairs of a table stand around its centre, in the order of its seats."""
    count = len(table.seats)
    if table.shape == Shape.ROUND:
        turns = (2 * pi * place / count - pi / 2 for place in range(count))
        return [(round(31 * cos(turn), 1), round(31 * sin(turn), 1)) for turn in turns]
    if table.shape == Shape.ROW:
        return [(x, 0.0) for x in _along(count)]
    near = _along((count + 1) // 2)
    far = _along(count // 2)
    return [(x, -22.0) for x in near] + [(x, 22.0) for x in reversed(far)]


def _along(count: int) -> list[float]:
    """So many places side by side, as wide as a table."""
    return [round(-32 + 64 * (place + 0.5) / count, 1) for place in range(count)]


def chair_size(table: DraftTable) -> float:
    """The radius of its chairs, so that they do not touch."""
    around = {Shape.ROUND: 190, Shape.LONG: 128}.get(Shape(table.shape), 64)
    return round(min(4.5, around / max(1, len(table.seats)) / 2.3), 1)


def floor_height(layout: Layout) -> int:
    """How high a plan of the whole room is."""
    lowest = max([LEAST_HEIGHT, *(table.y + AROUND for table in layout.tables.values()), *_lower_edges(layout)])
    return lowest + 10


def zones(layout: Layout) -> list[Zone]:
    """The room in parts that are small enough to look at; a small one is one part."""
    tables = sorted(layout.tables.values(), key=lambda table: (table.y, table.x))
    bottom = floor_height(layout)
    if len(tables) <= MOST_AT_ONCE:
        return [Zone(1, 0, bottom, tuple(layout.tables.values()))]
    tops = range(0, bottom, STRETCH)
    parts = [(top, [table for table in tables if top <= table.y < top + STRETCH]) for top in tops]
    return [
        Zone(number, max(0, top - AROUND), top + STRETCH + AROUND, tuple(found))
        for number, (top, found) in enumerate(((top, found) for top, found in parts if found), start=1)
    ]


def _lower_edges(layout: Layout) -> list[int]:
    return [mark.y + mark.height for mark in layout.landmarks.values()]
