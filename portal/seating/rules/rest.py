"""Seats for everybody who has none: households together, beside those of them who sit, nobody on a kept seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from portal.seating.models import ClaimState
from portal.seating.rules.fitting import relatives_at, shared
from portal.seating.rules.people import Person
from portal.seating.rules.plan import Household, households_of
from portal.seating.rules.splits import best_splits
from portal.seating.rules.together import Block, Fit, best_block, distance, placed
from portal.seating.rules.views import SeatRow, TableRow

MOST_TRIED = 8
"""So many tables are compared for a household, those that it fills best."""

MOST_SPLIT = 12
"""So many tables are tried in pairs where no single one has room."""


@dataclass(frozen=True)
class Proposed:
    """A household and the seats it is to have, in the order of its people; ``left`` have none."""

    household: Household
    seats: tuple[tuple[Person, SeatRow], ...]
    left: tuple[Person, ...]


def propose(tables: Sequence[TableRow], people: Sequence[Person]) -> list[Proposed]:
    """Seats for all of ``people`` who have none, as far as there are any.

    First those who belong to a table or whose relatives sit at one, then the
    larger households before the smaller ones, each at the table that it fills
    best; at two tables only where no single one has room for all of it.

    Args:
        tables: the room as it is now.
        people: everybody with a place at the event.
    """
    room = _Room(tables)
    standing = [replace(each, people=tuple(each.people)) for each in households_of(people) if each.standing]
    found = {each.id: _proposed(room, each) for each in sorted(standing, key=_first)}
    return [found[each.id] for each in standing]


def _first(household: Household) -> tuple[bool, int, int]:
    tied = any(person.table_id for person in household.people)
    return not tied, -len(household.standing), household.id


def _proposed(room: _Room, household: Household) -> Proposed:
    seats: dict[int, SeatRow] = {}
    own_tables = dict.fromkeys(person.table_id for person in household.standing)
    for table_id in own_tables:
        group = [person for person in household.standing if person.table_id == table_id]
        seats |= room.seat(group, household.people, table_id)
    given = tuple((person, seats[person.id]) for person in household.standing if person.id in seats)
    return Proposed(household, given, tuple(person for person in household.standing if person.id not in seats))


class _Room:
    """The room as it fills."""

    def __init__(self, tables: Sequence[TableRow]) -> None:
        self._tables = {table.id: table for table in tables}
        self._table_of = {seat.id: table.id for table in tables for seat in table.seats}
        self._shelves: dict[frozenset[str], _Shelf] = {}

    def seat(self, group: Sequence[Person], family: Sequence[Person], table_id: int | None) -> dict[int, SeatRow]:
        """Take the best seats for people of one household; one by one if there are not enough for all of them.

        Args:
            group: who is to be seated together.
            family: the whole household, for those of it who sit already.
            table_id: the table they belong to, if they belong to one; one that is no more in the room is none.
        """
        table_id = table_id if table_id in self._tables else None
        block = self._best(group, family, table_id)
        if block is None and len(group) > 1:
            parts = [self.seat([person], family, table_id) for person in group]
            return {place: seat for part in parts for place, seat in part.items()}
        if block is None:
            return {}
        adults = {person.seat_id for person in family if person.seat_id and not person.is_child}
        seats = dict(zip((person.id for person in placed(list(group), block, adults)), block.seats, strict=True))
        self._take(seats)
        return seats

    def _best(self, group: Sequence[Person], family: Sequence[Person], table_id: int | None) -> Block | None:
        count, categories = len(group), shared(group)
        homes = {self._table_of[person.seat_id] for person in family if person.seat_id in self._table_of}
        candidates = self._candidates(count, categories, homes, table_id)
        blocks = list(self._blocks(candidates, group, family, categories))
        if blocks:
            return min(blocks, key=lambda block: (block.fit, 0 if homes else block.orphans))
        return None if table_id else self._split(count, categories)

    def _candidates(
        self, count: int, categories: frozenset[str], homes: set[int], table_id: int | None
    ) -> list[TableRow]:
        """The tables to be compared: their own; else the nearest to their relatives; else those they fill best."""
        if table_id is not None:
            return [self._tables[table_id]]
        shelf = self._shelf(categories)
        if not homes:
            return [self._tables[each] for each in islice(shelf.fitting(count), MOST_TRIED)]
        at = [self._tables[each] for each in homes]
        near = sorted(shelf.fitting(count), key=lambda each: (each not in homes, self._far(each, at), each))
        return [self._tables[each] for each in near[:MOST_TRIED]]

    def _far(self, table_id: int, homes: Sequence[TableRow]) -> int:
        return min(distance(self._tables[table_id], home) for home in homes)

    def _blocks(
        self, tables: Iterable[TableRow], group: Sequence[Person], family: Sequence[Person], categories: frozenset[str]
    ) -> Iterator[Block]:
        """The best block of each table; one that leaves nothing to be wished for ends the search."""
        children = sum(person.is_child for person in group)
        for table in tables:
            near = relatives_at(table, group, family)
            anchors = {person.seat_id for person in near if person.seat_id}
            adults = {person.seat_id for person in near if person.seat_id and not person.is_child}
            block = best_block(table, len(group), categories, anchors, children=children, adults=adults)
            if block is not None:
                yield block
                if block.fit in {Fit.BESIDE, Fit.ROW} and (not block.orphans or anchors):
                    return

    def _split(self, count: int, categories: frozenset[str]) -> Block | None:
        roomy = list(self._shelf(categories).fitting(1))[-MOST_SPLIT:]
        splits = best_splits([self._tables[each] for each in roomy], count, categories, limit=1) if count > 1 else []
        return next(iter(splits), None)

    def _shelf(self, categories: frozenset[str]) -> _Shelf:
        if categories not in self._shelves:
            self._shelves[categories] = _Shelf(categories, self._tables.values())
        return self._shelves[categories]

    def _take(self, seats: dict[int, SeatRow]) -> None:
        owners = {seat.id: place for place, seat in seats.items()}
        for table_id in {seat.table_id for seat in seats.values()}:
            table = self._tables[table_id]
            taken = tuple(
                replace(seat, assignment_id=owners[seat.id], state=ClaimState.TAKEN) if seat.id in owners else seat
                for seat in table.seats
            )
            self._tables[table_id] = replace(table, seats=taken, plates={})
            for shelf in self._shelves.values():
                shelf.put(self._tables[table_id])


class _Shelf:
    """Tables by how many seats of some categories they have free, so that the one a household fills best is at hand."""

    def __init__(self, categories: frozenset[str], tables: Iterable[TableRow]) -> None:
        self._categories = categories
        self._free: dict[int, int] = {}
        self._by_count: dict[int, dict[int, None]] = {}
        for table in tables:
            self.put(table)

    def put(self, table: TableRow) -> None:
        """Note how many are free at a table now."""
        if table.id in self._free:
            del self._by_count[self._free[table.id]][table.id]
        count = self._free[table.id] = len(table.free(self._categories))
        self._by_count.setdefault(count, {})[table.id] = None

    def fitting(self, count: int) -> Iterator[int]:
        """The tables with at least so many free, the fullest first."""
        for free in sorted(each for each in self._by_count if each >= count):
            yield from self._by_count[free]
