"""How people whom a host has chosen would sit at a table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from portal.seating.models import Category
from portal.seating.rules.people import Person
from portal.seating.rules.together import Block, Fit, best_block, chairs_between, child_beside_adult, placed
from portal.seating.rules.views import SeatRow, TableRow, open_categories

EVERY = frozenset(Category)
"""The seats a host may use: all."""


@dataclass(frozen=True)
class TableFit:
    """What a table is for the chosen: how many seats it has for them, and who of their households sits there.

    Attributes:
        free: its free seats, those that the chosen have there among them.
        people: how many are chosen.
        side_by_side: whether they would sit in a row.
        friends: the names of their households' other people at the table.
    """

    free: int
    people: int
    side_by_side: bool
    friends: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether all of them could sit here."""
        return self.free >= self.people


def left_by(table: TableRow, places: Collection[int]) -> TableRow:
    """The table as it is once these people have left it."""
    if not any(seat.assignment_id in places for seat in table.seats):
        return table
    seats = (replace(s, assignment_id=None, state=None) if s.assignment_id in places else s for s in table.seats)
    return replace(table, seats=tuple(seats))


def shared(people: Iterable[Person]) -> frozenset[str]:
    """The categories of seats that are meant for every one of these people."""
    return frozenset.intersection(*(open_categories(person.seat_category) for person in people))


def fit_of(table: TableRow, people: Sequence[Person], everybody: Iterable[Person]) -> TableFit:
    """How ``people`` would sit at ``table``; of ``everybody``, their relatives there are named."""
    free = left_by(table, {person.id for person in people})
    block = block_at(free, people, everybody)
    friends = relatives_at(table, people, everybody)
    return TableFit(
        free=len(free.free(EVERY)),
        people=len(people),
        side_by_side=block is not None and block.fit in {Fit.BESIDE, Fit.ROW},
        friends=tuple(dict.fromkeys(friend.name or friend.household for friend in friends)),
    )


def relatives_at(table: TableRow, people: Sequence[Person], everybody: Iterable[Person]) -> list[Person]:
    """Who of the same households sits at a table and is not among ``people``."""
    chosen, households = {person.id for person in people}, {person.household_id for person in people}
    sitting = {seat.id for seat in table.seats}
    return [p for p in everybody if p.household_id in households and p.id not in chosen and p.seat_id in sitting]


def block_at(table: TableRow, people: Sequence[Person], everybody: Iterable[Person]) -> Block | None:
    """The best seats of a table for ``people``: those meant for them, and only if these are too few any of it."""
    if not people:
        return None
    family = relatives_at(table, people, everybody)
    anchors = {person.seat_id for person in family if person.seat_id}
    adults = {person.seat_id for person in family if person.seat_id and not person.is_child}
    children = sum(person.is_child for person in people)
    for categories in (shared(people), EVERY):
        found = best_block(table, len(people), categories, anchors, children=children, adults=adults)
        if found is not None:
            return found
    return None


def dealt(
    table: TableRow, people: Sequence[Person], everybody: Sequence[Person], *, near: int | None = None
) -> dict[int, int] | None:
    """Who gets which seat of a table, by place; None if it has not enough.

    Args:
        table: as it is once they have left it.
        people: who is to sit there; households stay in a row, each child beside an adult as far as possible.
        everybody: with their relatives who sit already.
        near: the seat that the host pointed to: the closest ones are taken.
    """
    block = block_at(table, people, everybody)
    if block is None:
        return None
    if near is not None and len(people) > 1:
        block = replace(block, seats=_closest(table, near, len(people)))
    family = relatives_at(table, people, everybody)
    adults = {person.seat_id for person in family if person.seat_id and not person.is_child}
    households = {person.household_id for person in people}
    order = placed(list(people), block, adults) if len(households) == 1 else _in_households(people)
    return {person.id: seat.id for person, seat in zip(order, block.seats, strict=True)}


def _in_households(people: Sequence[Person]) -> list[Person]:
    households = dict.fromkeys(person.household_id for person in people)
    return [
        person
        for household in households
        for person in child_beside_adult([each for each in people if each.household_id == household])
    ]


def _closest(table: TableRow, near: int, count: int) -> tuple[SeatRow, ...]:
    """The free seats around the one that was pointed to, in their order at the table."""
    wanted = next(seat for seat in table.seats if seat.id == near)
    free = sorted(table.free(EVERY), key=lambda seat: (chairs_between(seat, wanted, table), seat.position))
    return tuple(sorted(free[:count], key=lambda seat: seat.position))
