"""Sitting together: which free seats suit a household best."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import combinations
from typing import Protocol, TypeVar

from portal.seating.models import Category
from portal.seating.rules.views import SeatRow, TableRow

MOST_TRIED = 10
"""Up to how many people every order is tried to put each child beside an adult."""


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
    orphans: int = 0
    """How many single seats are left over between others."""


class Person(Protocol):
    """Somebody who is to be seated."""

    @property
    def is_child(self) -> bool:
        """A child sits beside an adult."""


P = TypeVar("P", bound=Person)


def longest_run(table: TableRow, categories: Collection[str]) -> int:
    """How many free seats stand side by side at the most."""
    return max((len(run) for run in _runs(table, categories)), default=0)


def without_steps(tables: Sequence[TableRow]) -> list[TableRow]:
    """The room for somebody who needs to reach their seat without a step: any other is as good as reserved."""
    return [
        replace(
            table,
            seats=tuple(seat if seat.step_free else replace(seat, category=Category.RESERVED) for seat in table.seats),
        )
        for table in tables
    ]


def best_block(
    table: TableRow,
    count: int,
    categories: Collection[str],
    anchors: Collection[int] = (),
    *,
    children: int = 0,
    adults: Collection[int] = (),
) -> Block | None:
    """The best ``count`` free seats of one table, or None if it has not enough.

    Beside a seat the household already has, before side by side elsewhere,
    before a gap; of equals, the one that lets each child sit beside an adult,
    and then the one that leaves no single seat over.

    Args:
        table: the table as it is now.
        count: how many are to be seated.
        categories: the seats they may take.
        anchors: the ids of seats the household already has.
        children: how many of those to be seated are children.
        adults: which of the anchors are an adult's.
    """
    if any(seat.id in anchors for seat in table.seats) or (children and adults):
        return _best_block(table, count, categories, anchors, children, adults)
    key = "best block", count, frozenset(categories)
    if key not in table.made:  # the same for all who have no seat here: made once, until the table changes
        table.made[key] = _best_block(table, count, categories, (), 0, ())
    found: Block | None = table.made[key]
    return found


def _best_block(
    table: TableRow,
    count: int,
    categories: Collection[str],
    anchors: Collection[int],
    children: int,
    adults: Collection[int],
) -> Block | None:
    free = table.free(categories)
    if count < 1 or len(free) < count:
        return None
    windows = [(window, run) for run in _runs(table, categories) for window in _windows(run, count, table, free)]
    if not windows:
        return Block(Fit.GAP, (table,), tuple(_closest(free, count, table, anchors)))

    def cost(found: tuple[list[SeatRow], list[SeatRow]]) -> tuple[bool, int, int, int]:
        window, run = found
        lonely = _lonely(_pattern(count, children), window, (table,), adults) if children and adults else 0
        return not _touches(window, table, anchors), lonely, _orphans(window, run), window[0].position

    window, run = min(windows, key=cost)
    fit = Fit.BESIDE if _touches(window, table, anchors) else Fit.ROW
    return Block(fit, (table,), tuple(window), _orphans(window, run))


def ranked_blocks(
    tables: Sequence[TableRow],
    count: int,
    categories: Collection[str],
    anchors: Collection[int] = (),
    *,
    children: int = 0,
    adults: Collection[int] = (),
) -> list[Block]:
    """The best block of every table that has room, the best table first; the arguments are those of ``best_block``."""
    found = (best_block(table, count, categories, anchors, children=children, adults=adults) for table in tables)
    home = home_of(tables, anchors)
    return sorted((block for block in found if block), key=lambda block: block_rank(block, tables, home, categories))


def home_of(tables: Sequence[TableRow], anchors: Collection[int]) -> set[int]:
    """The tables at which the household sits already."""
    return {table.id for table in tables if any(seat.id in anchors for seat in table.seats)}


def block_rank(
    block: Block, tables: Sequence[TableRow], home: Collection[int], categories: Collection[str]
) -> tuple[int, bool, int, int, int]:
    """What is compared between tables: how they sit, near their own, without a single seat over, at the roomiest."""
    (table,) = block.tables
    far = distance_to_home(table, tables, home)
    return block.fit, table.id not in home, far, block.orphans, -len(table.free(categories))


def nearest_seats(
    wanted: SeatRow, tables: Sequence[TableRow], categories: Collection[str], anchors: Collection[int] = ()
) -> list[SeatRow]:
    """The free seats, the one closest to ``wanted`` first: same table by chairs, then by table."""
    at = next(table for table in tables if table.id == wanted.table_id)

    def far(pair: tuple[TableRow, SeatRow]) -> tuple[int, int, int]:
        table, seat = pair
        if table.id != at.id:
            return 1, distance(at, table), seat.position
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


def placed(people: Sequence[P], block: Block, adults: Collection[int] = ()) -> list[P]:
    """The household in the order of the block's seats, each child beside an adult as far as that is possible.

    Args:
        people: as many as the block has seats.
        block: where they are to sit.
        adults: the seats around it that adults of the household have already.
    """
    order = child_beside_adult(people)
    usual = [person.is_child for person in order]
    lonely = _lonely(usual, block.seats, block.tables, adults)
    if not lonely or len(order) > MOST_TRIED or all(usual):
        return order
    pattern = min(_patterns(usual), key=lambda tried: _lonely(tried, block.seats, block.tables, adults))
    if _lonely(pattern, block.seats, block.tables, adults) >= lonely:
        return order
    minors, grown_ups = (iter([person for person in order if person.is_child is kind]) for kind in (True, False))
    return [next(minors if is_child else grown_ups) for is_child in pattern]


def _patterns(usual: Sequence[bool]) -> Iterator[list[bool]]:
    """Every way to deal as many children to the seats."""
    for children in combinations(range(len(usual)), sum(usual)):
        yield [place in children for place in range(len(usual))]


def _pattern(count: int, children: int) -> list[bool]:
    """The usual order of so many people, of whom some are children."""
    return [person.is_child for person in child_beside_adult([_Anybody(place < children) for place in range(count)])]


@dataclass(frozen=True)
class _Anybody:
    is_child: bool


def _lonely(
    pattern: Sequence[bool], seats: Sequence[SeatRow], tables: Sequence[TableRow], adults: Collection[int]
) -> int:
    """How many children would sit beside no adult of the household."""
    grown_up = {seat.id for seat, is_child in zip(seats, pattern, strict=True) if not is_child} | set(adults)
    at = {table.id: table for table in tables}
    return sum(
        is_child and not grown_up & {near.id for near in _neighbours(seat, at[seat.table_id])}
        for seat, is_child in zip(seats, pattern, strict=True)
    )


def _neighbours(seat: SeatRow, table: TableRow) -> list[SeatRow]:
    place, size = [other.id for other in table.seats].index(seat.id), len(table.seats)
    beside = {place - 1, place + 1} if not table.is_round else {(place - 1) % size, (place + 1) % size}
    return [table.seats[near] for near in beside if 0 <= near < size and near != place]


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


def _orphans(window: list[SeatRow], run: list[SeatRow]) -> int:
    places = [run.index(seat) for seat in window]
    before, after = min(places), len(run) - 1 - max(places)
    return (before == 1) + (after == 1)


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


def distance(first: TableRow, second: TableRow) -> int:
    """How far apart two tables stand, squared: only to be compared."""
    return (first.x - second.x) ** 2 + (first.y - second.y) ** 2


def distance_to_home(table: TableRow, tables: Sequence[TableRow], home: Collection[int]) -> int:
    """How far a table stands from the nearest at which the household sits; 0 if it sits nowhere."""
    return min((distance(table, other) for other in tables if other.id in home), default=0)
