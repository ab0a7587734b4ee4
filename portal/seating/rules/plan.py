"""What a host looks at of the seating: whom they have chosen, and which tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.seating.rules.fitting import EVERY
from portal.seating.rules.people import Person, Pick
from portal.seating.rules.views import TableRow

MOST_AT_ONCE = 24
"""So many tables are shown at once with all their seats; a larger room is looked at zone by zone."""

ZONE = 12
"""Tables of a zone, in the order they were laid."""

WIDTH, AROUND = 358, 42
"""How wide a floor plan is, and from a table's centre to the edge of what is drawn of it, in floor-plan units."""

MOST_PICKED = 150
"""How many people can be chosen at once: their list travels in an address."""


@dataclass(frozen=True)
class Looking:
    """What of the seating is looked at: one table, a zone; whom a search finds; who is chosen."""

    table_id: int | None = None
    zone: int | None = None
    words: str = ""
    after: int = 0
    picks: tuple[Pick, ...] = ()

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The query string that looks the same way, but for ``changes``; what is not set is left out."""
        now: dict[str, Any] = {
            "table": self.table_id,
            "zone": self.zone,
            "q": self.words or None,
            "after": self.after or None,
            "place": [pick.place_id for pick in self.picks] or None,
        }
        return {name: value for name, value in {**now, **changes}.items() if value is not None}


@dataclass(frozen=True)
class Zone:
    """Some tables of a large room, one after the other, and the landmarks that stand nearest to them."""

    number: int
    tables: tuple[TableRow, ...]
    landmarks: tuple[Mapping[str, Any], ...] = ()

    @property
    def middle(self) -> float:
        """How far down its tables stand, in floor-plan units."""
        return sum(table.y for table in self.tables) / len(self.tables)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The floor it takes, as a drawing says it: left, top, width and height; never narrower than a plan."""
        sides = [(table.x - AROUND, table.y - AROUND, table.x + AROUND, table.y + AROUND) for table in self.tables]
        sides += [(m["x"], m["y"], m["x"] + m["width"], m["y"] + m["height"]) for m in self.landmarks]
        lefts, tops, rights, bottoms = zip(*sides, (0, self.tables[0].y, WIDTH, self.tables[0].y), strict=True)
        return min(lefts), min(tops), max(rights) - min(lefts), max(bottoms) - min(tops)

    @property
    def free(self) -> int:
        """How many of its seats are free."""
        return sum(len(table.free(EVERY)) for table in self.tables)

    @property
    def seats(self) -> int:
        """All of its seats."""
        return sum(len(table.seats) for table in self.tables)


@dataclass(frozen=True)
class Household:
    """People who were invited together, as the list shows them."""

    id: int
    name: str
    people: tuple[Person, ...]

    @property
    def standing(self) -> list[Person]:
        """Those of them who have no seat."""
        return [person for person in self.people if person.seat_id is None]


def zones_of(tables: Sequence[TableRow], landmarks: Iterable[Mapping[str, Any]] = ()) -> list[Zone]:
    """The room in parts that can be looked at one at a time; a small room has none."""
    if len(tables) <= MOST_AT_ONCE:
        return []
    parts = [Zone(start // ZONE + 1, tuple(tables[start : start + ZONE])) for start in range(0, len(tables), ZONE)]
    near: dict[int, list[Mapping[str, Any]]] = {}
    for mark in landmarks:
        middle = mark["y"] + mark["height"] / 2
        near.setdefault(min(parts, key=lambda zone: abs(zone.middle - middle)).number, []).append(mark)
    return [replace(zone, landmarks=tuple(near.get(zone.number, ()))) for zone in parts]


def households_of(people: Sequence[Person]) -> list[Household]:
    """People in the order they come, put together by household."""
    grouped: dict[int, list[Person]] = {}
    for person in people:
        grouped.setdefault(person.household_id, []).append(person)
    return [Household(key, theirs[0].household, tuple(theirs)) for key, theirs in grouped.items()]
