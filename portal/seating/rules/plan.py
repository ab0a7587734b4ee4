"""What a host looks at of the seating: whom they have chosen, and which tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.seating.rules.fitting import EVERY
from portal.seating.rules.people import Person, Pick
from portal.seating.rules.views import TableRow

MOST_AT_ONCE = 24
"""So many tables are shown at once with all their seats; a larger room is looked at zone by zone."""

ZONE = 12
"""Tables of a zone, in the order they were laid."""

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
    """Some tables of a large room, one after the other."""

    number: int
    tables: tuple[TableRow, ...]

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


def zones_of(tables: Sequence[TableRow]) -> list[Zone]:
    """The room in parts that can be looked at one at a time; a small room has none."""
    if len(tables) <= MOST_AT_ONCE:
        return []
    return [Zone(start // ZONE + 1, tuple(tables[start : start + ZONE])) for start in range(0, len(tables), ZONE)]


def households_of(people: Sequence[Person]) -> list[Household]:
    """People in the order they come, put together by household."""
    grouped: dict[int, list[Person]] = {}
    for person in people:
        grouped.setdefault(person.household_id, []).append(person)
    return [Household(key, theirs[0].household, tuple(theirs)) for key, theirs in grouped.items()]
