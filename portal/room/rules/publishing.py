"""From the draft to the room that guests see: what changes, who sits on a chair that goes, and where they could sit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from portal.kit.conflicts import rule
from portal.room.rules.layout import DraftTable, Layout
from portal.seating.models import Category, ClaimState
from portal.seating.rules.together import best_block, distance, without_steps
from portal.seating.rules.views import SeatRow, TableRow, open_categories

MEANWHILE_TAKEN = rule(
    "room_meanwhile_taken",
    "{names} took a seat that is to go, just before you published. Nothing was changed: look at the new list.",
    "Justo antes de que publicaras, alguien tomó un asiento que se quita: {names}. No cambió nada: mira la nueva"
    " lista.",
)
SPOT_TAKEN = rule(
    "room_spot_taken",
    "Somebody has just taken the seat you had for {names}. Nothing was changed: look at the new list.",
    "Alguien acaba de tomar el asiento que tenías para {names}. No cambió nada: mira la nueva lista.",
)


@dataclass(frozen=True)
class Difference:
    """What publishing would change.

    Attributes:
        added: tables that guests have not seen.
        changed: tables with something about them that is other than published, with how they were.
        removed: tables that go.
        gone: the seats that go, those of removed tables among them.
        landmarks: whether landmarks are other than published.
    """

    added: tuple[DraftTable, ...]
    changed: tuple[tuple[DraftTable, DraftTable], ...]
    removed: tuple[DraftTable, ...]
    gone: frozenset[int]
    landmarks: bool

    @property
    def is_nothing(self) -> bool:
        """Whether the draft is the published room."""
        return not (self.added or self.changed or self.removed or self.landmarks)


def difference(draft: Layout, published: Layout) -> Difference:
    """What publishing the draft would change; tables and seats are the same by their ids, whatever they are called."""
    added = [table for each, table in draft.tables.items() if each not in published.tables]
    both = [(published.tables[each], table) for each, table in draft.tables.items() if each in published.tables]
    removed = [table for each, table in published.tables.items() if each not in draft.tables]
    stays = {seat for _, table in both for seat in table.seat_ids}
    marks = [[replace(mark, id=0) for mark in room.landmarks.values()] for room in (draft, published)]
    return Difference(
        added=tuple(added),
        changed=tuple((before, after) for before, after in both if before != after),
        removed=tuple(removed),
        gone=frozenset(seat for table in published.tables.values() for seat in table.seat_ids if seat not in stays),
        landmarks=marks[0] != marks[1],
    )


Shown = tuple[int, int]
"""A place, and what was shown of it: another number is somebody the host has not seen like this."""


@dataclass(frozen=True)
class Sitter:
    """Somebody with a place at a table: the seat they have or are choosing, or only the table."""

    place_id: int
    name: str
    invitation_id: int | None
    household: str
    table_id: int
    seat_id: int | None
    state: str | None
    is_child: bool = False
    category: str = Category.REGULAR
    step_free: bool = False

    @property
    def sits(self) -> bool:
        """Whether the place is theirs, rather than being chosen."""
        return self.state != ClaimState.HELD

    @property
    def shown(self) -> Shown:
        """What a host is shown of them: the seat, below zero as long as it is being chosen, 0 for only a table."""
        seat_id = self.seat_id or 0
        return self.place_id, seat_id if self.sits else -seat_id


@dataclass(frozen=True)
class Spot:
    """A chair of the draft: which table, and the how manieth chair there."""

    table_id: int
    position: int


@dataclass(frozen=True)
class Affected:
    """Somebody whose chair goes, and the chair that is proposed instead, if there is one."""

    sitter: Sitter
    table: str
    seat: str
    spot: Spot | None
    new_table: str = ""
    new_seat: str = ""

    @property
    def code(self) -> str:
        """As a form says it: the place, what is shown of it, and the proposed chair."""
        spot = (self.spot.table_id, self.spot.position) if self.spot else ()
        return ".".join(map(str, (*self.sitter.shown, *spot)))


def affected_by(change: Difference, sitters: Iterable[Sitter]) -> list[Sitter]:
    """Whose chair, or whole table, goes."""
    tables = {table.id for table in change.removed}
    return [
        sitter
        for sitter in sitters
        if (sitter.seat_id in change.gone if sitter.seat_id is not None else sitter.table_id in tables)
    ]


def propose(draft: Layout, published: Layout, sitters: Sequence[Sitter]) -> list[Affected]:
    """Where everybody could sit whose chair goes: a household side by side, as near as can be to where it sat.

    Args:
        draft: the room as it shall be.
        published: the room as it is.
        sitters: everybody who has a place at a table.
    """
    moving = affected_by(difference(draft, published), sitters)
    tables = _as_rows(draft, sitters)
    found: list[Affected] = []
    around = {seat.id: place for table in published.tables.values() for place, seat in enumerate(table.seats)}
    in_order = sorted(moving, key=lambda one: (one.table_id, one.invitation_id or 0, around.get(one.seat_id, 0)))
    for _, group in groupby(in_order, key=lambda one: (one.invitation_id, one.table_id)):
        people = list(group)
        seats = _seats_for([one for one in people if one.sits], tables, published, sitters)
        for one in people:
            seat = seats.get(one.place_id) if one.sits else None
            found.append(_affected(one, seat, published))
        tables = [_without(table, [seat.id for seat in seats.values()]) for table in tables]
    return found


def _affected(one: Sitter, seat: SeatRow | None, published: Layout) -> Affected:
    before = published.tables[one.table_id]
    label = next((each.label for each in before.seats if each.id == one.seat_id), "")
    if seat is None:
        return Affected(one, before.name, label, None)
    return Affected(one, before.name, label, Spot(seat.table_id, seat.position), seat.table, seat.label)


def _as_rows(draft: Layout, sitters: Iterable[Sitter]) -> list[TableRow]:
    """The draft as those who stay sit in it; a chair that is still to be made has a negative id."""
    whose = {one.seat_id: one for one in sitters if one.seat_id is not None}
    new = iter(range(-1, -1_000_000, -1))
    rows = []
    for table in draft.tables.values():
        seats = []
        for position, seat in enumerate(table.seats):
            owner = whose.get(seat.id) if seat.id is not None else None
            place, state = (owner.place_id, owner.state) if owner else (None, None)
            number = seat.id if seat.id is not None else next(new)
            seats.append(
                SeatRow(number, table.id, table.name, seat.label, position, seat.category, seat.step_free, place, state)
            )
        rows.append(TableRow(table.id, table.name, "", "", table.shape, table.x, table.y, table.is_quiet, tuple(seats)))
    return rows


def _without(table: TableRow, seat_ids: Sequence[int]) -> TableRow:
    """The table with these seats given away."""
    if not any(seat.id in seat_ids for seat in table.seats):
        return table
    given = (
        replace(seat, assignment_id=-1, state=ClaimState.TAKEN) if seat.id in seat_ids else seat for seat in table.seats
    )
    return replace(table, seats=tuple(given), plates={})


def _seats_for(
    people: Sequence[Sitter], tables: Sequence[TableRow], published: Layout, sitters: Iterable[Sitter]
) -> dict[int, SeatRow]:
    """A seat for each of a household, by place: all together if a table has them, else each where there is one."""
    if not people:
        return {}
    mates = {one.seat_id for one in sitters if one.invitation_id == people[0].invitation_id and one not in people}
    anchors = {seat for seat in mates if seat is not None}
    near = sorted(tables, key=lambda table: distance(table, _row_of(published.tables[people[0].table_id])))
    together = _block(people, near, anchors)
    if together:
        return {one.place_id: seat for one, seat in zip(people, together, strict=True)}
    found: dict[int, SeatRow] = {}
    for one in people:
        near = [_without(table, [seat.id for seat in found.values()]) for table in near]
        alone = _block([one], near, anchors)
        if alone:
            found[one.place_id] = alone[0]
    return found


def _block(people: Sequence[Sitter], near: Sequence[TableRow], anchors: set[int]) -> Sequence[SeatRow] | None:
    """Seats for all of them at one table: side by side before apart, then nearest; without a step if one had that."""
    categories = frozenset.intersection(*(open_categories(one.category) for one in people))
    rooms = [without_steps(near), near] if any(one.step_free for one in people) else [near]
    for room in rooms:
        blocks = [best_block(table, len(people), categories, anchors) for table in room]
        found = [(block.fit, place, block) for place, block in enumerate(blocks) if block]
        if found:
            return min(found, key=lambda each: each[:2])[2].seats
    return None


def _row_of(table: DraftTable) -> TableRow:
    return TableRow(table.id, table.name, "", "", table.shape, table.x, table.y, table.is_quiet, ())
