"""Sitting together: which free seats suit a household best."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Protocol, TypeVar

from portal.seating.rules.views import SeatRow, TableRow


class Fit(IntEnum):
    """How well a block suits, best first."""

    BESIDE = 0
    ROW = 1
    GAP = 2
    SPLIT = 3


@dataclass(frozen=True)
class Block:
    """Seats for a household, in the order they stand; a split has two tables."""

    fit: Fit
    tables: tuple[TableRow, ...]
    seats: tuple[SeatRow, ...]


class Person(Protocol):
    """Somebody who is to be seated."""

    @property
    def is_child(self) -> bool:
        """A child sits beside an adult."""


P = TypeVar("P", bound=Person)


def longest_run(table: TableRow, categories: Collection[str]) -> int:
    """How many free seats stand side by side at the most."""
    return max((len(run) for run in _runs(table, categories)), default=0)


def best_block(table: TableRow, count: int, categories: Collection[str], anchors: Collection[int] = ()) -> Block | None:
    """The best ``count`` free seats of one table, or None if it has not enough.

    Beside a seat the household already has, before side by side elsewhere,
    before a gap; of equals, the one that leaves no single seat over.

    Args:
        table: the table as it is now.
        count: how many are to be seated.
        categories: the seats they may take.
        anchors: the ids of seats the household already has.
    """
    free = table.free(categories)
    if count < 1 or len(free) < count:
        return None
    windows = [(window, run) for run in _runs(table, categories) for window in _windows(run, count, table, free)]
    if windows:
        window, _ = min(windows, key=lambda found: _cost(found[0], found[1], table, anchors))
        fit = Fit.BESIDE if _touches(window, table, anchors) else Fit.ROW
        return Block(fit, (table,), tuple(window))
    return Block(Fit.GAP, (table,), tuple(_closest(free, count, table, anchors)))


def ranked_blocks(
    tables: Sequence[TableRow], count: int, categories: Collection[str], anchors: Collection[int] = ()
) -> list[Block]:
    """The best block of every table that has room, the best table first."""
    blocks = [block for table in tables if (block := best_block(table, count, categories, anchors))]
    home = {table.id for table in tables if any(seat.id in anchors for seat in table.seats)}

    def rank(block: Block) -> tuple[int, bool, int]:
        return block.fit, block.tables[0].id not in home, _distance_to_home(block.tables[0], tables, home)

    return sorted(blocks, key=rank)


def best_split(tables: Sequence[TableRow], count: int, categories: Collection[str]) -> Block | None:
    """The two nearest tables that together seat everybody, nobody sitting alone if it can be helped."""
    open_tables = [table for table in tables if table.free(categories)]
    found: list[tuple[bool, int, Block]] = []
    for first, second in combinations(open_tables, 2):
        sizes = (min(len(first.free(categories)), count - 1), len(second.free(categories)))
        if sum(sizes) < count:
            continue
        here = min(max(count - sizes[1], 2 if count > 2 else 1), sizes[0])
        parts = (best_block(first, here, categories), best_block(second, count - here, categories))
        if parts[0] is None or parts[1] is None:
            continue
        alone = count > 2 and 1 in {here, count - here}
        block = Block(Fit.SPLIT, (first, second), (*parts[0].seats, *parts[1].seats))
        found.append((alone, _distance(first, second), block))
    return min(found, key=lambda split: split[:2])[2] if found else None


def nearest_seats(
    wanted: SeatRow, tables: Sequence[TableRow], categories: Collection[str], anchors: Collection[int] = ()
) -> list[SeatRow]:
    """The free seats, the one closest to ``wanted`` first: same table by chairs, then by table."""
    at = next(table for table in tables if table.id == wanted.table_id)

    def far(pair: tuple[TableRow, SeatRow]) -> tuple[int, int, int]:
        table, seat = pair
        if table.id != at.id:
            return 1, _distance(at, table), seat.position
        beside = 0 if _touches([seat], table, anchors) else 1
        return 0, _chairs(seat, wanted, table) * 2 + beside, seat.position

    free = [(table, seat) for table in tables for seat in table.free(categories) if seat.id != wanted.id]
    return [seat for _, seat in sorted(free, key=far)]


def child_beside_adult(people: Sequence[P]) -> list[P]:
    """The household in a seating order that puts each child beside an adult, as far as there are adults."""
    adults = [person for person in people if not person.is_child]
    children = [person for person in people if person.is_child]
    order: list[P] = []
    while adults:
        order += [*children[:1], adults.pop(0), *children[1:2]]
        del children[:2]
    return order + children


def chairs_between(first: SeatRow, second: SeatRow, table: TableRow) -> int:
    """How many chairs one has to pass from one seat to the other; 1 means side by side."""
    return _chairs(first, second, table)


def _runs(table: TableRow, categories: Collection[str]) -> list[list[SeatRow]]:
    """The stretches of free seats around the table; a whole free round table is one stretch."""
    runs: list[list[SeatRow]] = [[]]
    for seat in table.seats:
        if seat.is_free_for(categories):
            runs[-1].append(seat)
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    joins = table.is_round and len(runs) > 1 and runs[0][0] == table.seats[0] and runs[-1][-1] == table.seats[-1]
    return [runs[-1] + runs[0], *runs[1:-1]] if joins else runs


def _windows(run: list[SeatRow], count: int, table: TableRow, free: list[SeatRow]) -> Iterator[list[SeatRow]]:
    whole = table.is_round and len(free) == len(table.seats) and len(run) > count
    around = run + run[: count - 1] if whole else run
    for start in range(len(around) - count + 1):
        yield around[start : start + count]


def _cost(
    window: list[SeatRow], run: list[SeatRow], table: TableRow, anchors: Collection[int]
) -> tuple[bool, int, int]:
    places = [run.index(seat) for seat in window]
    before, after = min(places), len(run) - 1 - max(places)
    orphans = (before == 1) + (after == 1)
    return not _touches(window, table, anchors), orphans, window[0].position


def _touches(window: Sequence[SeatRow], table: TableRow, anchors: Collection[int]) -> bool:
    mine = [seat for seat in table.seats if seat.id in anchors]
    return any(_chairs(seat, anchor, table) == 1 for seat in window for anchor in mine)


def _closest(free: list[SeatRow], count: int, table: TableRow, anchors: Collection[int]) -> list[SeatRow]:
    """``count`` free seats with few chairs between them, near the household's own if it sits here."""
    mine = [seat for seat in table.seats if seat.id in anchors]

    def spread(start: SeatRow) -> tuple[int, int]:
        group = _around(start, free, count, table)
        reach = max(_chairs(start, seat, table) for seat in group)
        return min((_chairs(start, anchor, table) for anchor in mine), default=0), reach

    chosen = _around(min(free, key=spread), free, count, table)
    return sorted(chosen, key=lambda seat: seat.position)


def _around(start: SeatRow, free: list[SeatRow], count: int, table: TableRow) -> list[SeatRow]:
    return sorted(free, key=lambda seat: (_chairs(start, seat, table), seat.position))[:count]


def _chairs(first: SeatRow, second: SeatRow, table: TableRow) -> int:
    order = {seat.id: index for index, seat in enumerate(table.seats)}
    apart = abs(order[first.id] - order[second.id])
    return min(apart, len(table.seats) - apart) if table.is_round else apart


def _distance(first: TableRow, second: TableRow) -> int:
    return (first.x - second.x) ** 2 + (first.y - second.y) ** 2


def _distance_to_home(table: TableRow, tables: Sequence[TableRow], home: Collection[int]) -> int:
    return min((_distance(table, other) for other in tables if other.id in home), default=0)
