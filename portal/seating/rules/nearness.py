"""Two households near each other, or in each other's seats: who would sit where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from portal.invitations.rules import MemberView
from portal.seating.models import Category
from portal.seating.rules.cards import shared_categories
from portal.seating.rules.together import (
    Fit,
    best_block,
    chairs_between,
    child_beside_adult,
    distance,
    longest_run,
    ranked_blocks,
)
from portal.seating.rules.views import SeatRow, TableRow

Household = Sequence[MemberView]
Places = dict[MemberView, SeatRow]

ANY = frozenset(Category)
NEIGHBOUR = 2.25
"""Tables are neighbours up to one and a half times the way to the nearest table; here as a square."""

MOST_TABLES = 8
"""How many of the best tables are weighed for two households of whom nobody stays."""


@dataclass(frozen=True)
class Home:
    """A table at which a whole household could sit, or sits."""

    table: TableRow
    places: Places
    in_a_row: bool
    moves: int


def near_each_other(tables: Sequence[TableRow], one: Household, other: Household) -> Places | None:
    """Where everybody of two households would sit: one table in a row, else one table, else neighbouring tables.

    Of equals, the one where each household is together, and then the one that
    moves fewest: whoever has a seat keeps it if it can be.

    Args:
        tables: the room as it is now, the households' own seats among it.
        one: those of the first household who come.
        other: those of the second.

    Returns:
        A seat for each of them, or None if there is no room.
    """
    plans = list(_at_one_table(tables, one, other))
    if plans:
        return min(plans, key=lambda plan: _cost(tables, plan, one, other))
    return _at_two_tables(tables, one, other)


def swapped(tables: Sequence[TableRow], one: Household, other: Household) -> Places | None:
    """Each household in the other's seats, in the order they sit now; None if they have not as many seats."""
    mine, theirs = [_in_order(tables, household) for household in (one, other)]
    if len(mine) != len(theirs) or not mine:
        return None
    there = zip((member for member, _ in mine), (seat for _, seat in theirs), strict=True)
    here = zip((member for member, _ in theirs), (seat for _, seat in mine), strict=True)
    return dict([*there, *here])


def _at_one_table(tables: Sequence[TableRow], one: Household, other: Household) -> Iterator[Places]:
    everybody = [*one, *other]
    seated = [[member for member in household if member.seat] for household in (one, other)]
    for staying in ([*seated[0], *seated[1]], seated[0], seated[1], []):
        moving = [member for member in everybody if member not in staying]
        for table in _candidates(_without(tables, moving), moving, staying):
            for people in _orders(one, other, moving):
                if (places := _placed(table, people, staying)) is not None:
                    yield places


def _candidates(room: Sequence[TableRow], moving: Household, staying: Household) -> list[TableRow]:
    """The table of those who stay, if they share one; the best few when all of them move."""
    homes = {member.seat.table_id for member in staying if member.seat}
    if homes:
        return [table for table in room if homes == {table.id}]
    anchors = {member.seat.id for member in moving if member.seat}
    blocks = ranked_blocks(room, len(moving), shared_categories(moving), anchors)
    return [block.tables[0] for block in blocks[:MOST_TABLES]]


def _orders(one: Household, other: Household, moving: Household) -> list[list[MemberView]]:
    """Those who move, household by household, children beside their own adults; either household first."""
    first, second = [child_beside_adult([m for m in household if m in moving]) for household in (one, other)]
    return [first + second, second + first]


def _placed(table: TableRow, people: Household, staying: Household) -> Places | None:
    """The best seats of a table for ``people``, in their order, beside those who stay."""
    seats = {seat.id: seat for seat in table.seats}
    kept = {member: seats[member.seat.id] for member in staying if member.seat}
    if not people:
        return kept
    anchors = {seat.id for seat in kept.values()}
    block = best_block(table, len(people), shared_categories(people), anchors)
    return kept | dict(zip(people, block.seats, strict=True)) if block else None


def _cost(tables: Sequence[TableRow], plan: Places, one: Household, other: Household) -> tuple[bool, int, int]:
    home = next(iter(plan.values())).table_id
    table = next(table for table in tables if table.id == home)
    parts = [[plan[member] for member in household] for household in (one, other)]
    apart = sum(not _is_row(table, part) for part in parts)
    alone = sum(_is_alone(table, plan, household) for household in (one, other))
    return not _is_row(table, plan.values()), apart + alone, _moves(plan)


def _is_row(table: TableRow, seats: Collection[SeatRow]) -> bool:
    """Whether these seats stand side by side with nobody between."""
    theirs = {seat.id for seat in seats}
    alone = replace(table, seats=tuple(replace(s, assignment_id=None if s.id in theirs else 0) for s in table.seats))
    return longest_run(alone, ANY) == len(theirs)


def _is_alone(table: TableRow, plan: Places, household: Household) -> int:
    """How many children of a household move to where no adult of theirs is beside them."""
    adults = [plan[member] for member in household if not member.is_child]
    children = [plan[member] for member in household if member.is_child and _moved(member, plan[member])]
    return sum(all(chairs_between(seat, adult, table) > 1 for adult in adults) for seat in children)


def _moves(plan: Places) -> int:
    return sum(_moved(member, seat) for member, seat in plan.items())


def _moved(member: MemberView, seat: SeatRow) -> bool:
    return member.seat is None or member.seat.id != seat.id


def _at_two_tables(tables: Sequence[TableRow], one: Household, other: Household) -> Places | None:
    mine, theirs = list(_homes(tables, one)), list(_homes(tables, other))
    reach = {home.table.id: _nearest(home.table, tables) * NEIGHBOUR for home in mine}
    pairs = [
        (first, second)
        for first in mine
        for second in theirs
        if first.table.id != second.table.id and distance(first.table, second.table) <= reach[first.table.id]
    ]
    if not pairs:
        return None

    def cost(pair: tuple[Home, Home]) -> tuple[int, int, int]:
        first, second = pair
        return -first.in_a_row - second.in_a_row, first.moves + second.moves, distance(first.table, second.table)

    first, second = min(pairs, key=cost)
    return first.places | second.places


def _homes(tables: Sequence[TableRow], household: Household) -> Iterator[Home]:
    """Each table where a household could sit as a whole: where it sits now, and the best seats of the others."""
    people = child_beside_adult(household)
    room = _without(tables, household)
    sitting = {member.seat.table_id if member.seat else 0 for member in household}
    for table in room:
        if sitting == {table.id}:
            seats = {seat.id: seat for seat in table.seats}
            places = {member: seats[member.seat.id] for member in household if member.seat}
            yield Home(table, places, _is_row(table, places.values()), 0)
        elif block := best_block(table, len(people), shared_categories(people)):
            places = dict(zip(people, block.seats, strict=True))
            yield Home(table, places, block.fit != Fit.GAP, _moves(places))


def _without(tables: Sequence[TableRow], moving: Household) -> list[TableRow]:
    """The room as it is once these members have left their seats."""
    theirs = {member.assignment_id for member in moving}
    return [
        replace(table, seats=tuple(_left(seat) if seat.assignment_id in theirs else seat for seat in table.seats))
        if any(seat.assignment_id in theirs for seat in table.seats)
        else table
        for table in tables
    ]


def _left(seat: SeatRow) -> SeatRow:
    return replace(seat, assignment_id=None, state=None)


def _in_order(tables: Sequence[TableRow], household: Household) -> list[tuple[MemberView, SeatRow]]:
    """Those who have a seat and their seats, table by table in the order they stand around it."""
    by_seat = {member.taken.id: member for member in household if member.taken}
    order: list[tuple[MemberView, SeatRow]] = []
    for table in tables:
        theirs = [seat for seat in table.seats if seat.id in by_seat]
        order += [(by_seat[seat.id], seat) for seat in _from_first(table, theirs)]
    return order


def _from_first(table: TableRow, seats: Sequence[SeatRow]) -> Sequence[SeatRow]:
    """Seats around a table beginning after their widest gap: 9, 10, 1, 2 of a ring and not 1, 2, 9, 10."""
    if not table.is_round or len(seats) < 2:
        return seats
    spots = [table.seats.index(seat) for seat in seats]
    gaps = [(spot - before) % len(table.seats) for before, spot in zip([spots[-1], *spots], spots, strict=False)]
    first = gaps.index(max(gaps))
    return [*seats[first:], *seats[:first]]


def _nearest(table: TableRow, tables: Sequence[TableRow]) -> int:
    return min((distance(table, other) for other in tables if other.id != table.id), default=0)
