"""The room as one household sees it: a card per table, a state per seat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.invitations.rules import MemberView, Viewer
from portal.seating.rules.together import (
    Block,
    Fit,
    best_block,
    child_beside_adult,
    longest_run,
    placed,
    without_steps,
)
from portal.seating.rules.views import Look, SeatRow, SeatState, TableRow, open_categories, seat_state


@dataclass(frozen=True)
class SeatCard:
    """A seat: what it is for the household, whose of them it is, and whom it is suggested for."""

    seat: SeatRow
    state: SeatState
    member: MemberView | None = None
    name: str = ""
    suggested_for: MemberView | None = None


@dataclass(frozen=True)
class TableCard:
    """A table: how many could sit here, and the seats that would suit those still standing."""

    table: TableRow
    seats: tuple[SeatCard, ...]
    people: int
    free: int
    run: int
    block: Block | None
    mine: tuple[SeatCard, ...] = ()

    @property
    def kind(self) -> str:
        """How the floor plan marks it: theirs, full, with room for all of them, or with some seats."""
        if self.mine:
            return "you"
        return "full" if not self.free else "fit" if self.fits else "some"

    @property
    def is_vip(self) -> bool:
        """Whether nobody sits here yet and every seat is kept for guests the hosts chose."""
        return all(seat.state == SeatState.VIP for seat in self.seats)

    @property
    def fits(self) -> bool:
        """Whether everybody who still needs a seat could sit here."""
        return self.block is not None

    @property
    def in_a_row(self) -> bool:
        """Whether they would sit side by side."""
        return self.block is not None and self.block.fit in {Fit.BESIDE, Fit.ROW}


@dataclass(frozen=True)
class Group:
    """Households to whom all tables but their own look the same.

    Attributes:
        people: how many of them are to be seated together.
        categories: the seats that every one of them may take.
        standing: whether they look for seats, or have some and may move.
        names: who of them stands, if the others sit already.
        can_pick: whether it is the time for it.
        language: what they read.
        step_free: whether they want only seats that are reached without a step.
    """

    people: int
    categories: frozenset[str]
    standing: bool
    names: tuple[str, ...]
    can_pick: bool
    language: str
    step_free: bool = False


def group_of(viewer: Viewer, language: str, *, can_pick: bool, step_free: bool = False) -> Group:
    """The group a household belongs to, at a time when seats can be picked or not, wanting steps or not."""
    people = to_be_seated(viewer)
    some = 0 < len(viewer.standing) < len(viewer.accepted)
    names = tuple(member.name for member in people) if some else ()
    return Group(len(people), shared_categories(people), bool(viewer.standing), names, can_pick, language, step_free)


def to_be_seated(viewer: Viewer) -> list[MemberView]:
    """Those who come and still stand — or everybody who comes, once nobody does — children beside adults."""
    return child_beside_adult(viewer.standing or viewer.accepted)


def chosen_member(viewer: Viewer, look: Look, done: MemberView | None = None) -> MemberView | None:
    """For whom a seat is being picked: whom the address names, else the next without one."""
    named = viewer.find_member(look.member_id)
    waiting = viewer.standing or viewer.unseated
    if done is not None:
        return waiting[0] if waiting else done
    if named is not None:
        return named
    return next(iter(waiting or viewer.accepted), None)


def shared_categories(members: Sequence[MemberView]) -> frozenset[str]:
    """The categories of seats that every one of these members may take."""
    every = [open_categories(member.seat_category) for member in members]
    return frozenset.intersection(*every) if every else open_categories("regular")


def anchors_of(viewer: Viewer) -> set[int]:
    """The seats the household has already, next to which the others want to be."""
    return {member.seat.id for member in viewer.accepted if member.seat} if viewer.standing else set()


def adults_of(viewer: Viewer) -> set[int]:
    """Those of the anchors that are an adult's: beside them a child may sit."""
    adults = {member.seat.id for member in viewer.accepted if member.seat and not member.is_child}
    return anchors_of(viewer) & adults


def shared_card(table: TableRow, people: int, categories: frozenset[str], *, step_free: bool = False) -> TableCard:
    """A table as all see it who seek as many seats of the same categories: nobody's own, nobody named.

    Args:
        table: the table as it is now.
        people: how many are to be seated together.
        categories: the seats all of them may take.
        step_free: whether only seats that are reached without a step suit them.
    """
    seats = tuple(SeatCard(seat, seat_state(seat, (), categories)) for seat in table.seats)
    suits = without_steps([table])[0] if step_free else table
    block = best_block(suits, people, categories)
    return TableCard(table, seats, people, len(table.free(categories)), longest_run(suits, categories), block)


def ranked(cards: Iterable[TableCard]) -> tuple[TableCard, ...]:
    """The cards of tables, the best first, as their best blocks compare: the closer together and the roomier before."""

    def rank(card: TableCard) -> tuple[bool, int, int, int]:
        fit, orphans = (card.block.fit, card.block.orphans) if card.block else (Fit.SPLIT, 0)
        return not card.fits, fit, orphans, -card.free

    return tuple(sorted(cards, key=rank))


def laid_over(table: TableRow, viewer: Viewer) -> TableRow:
    """The table with the household's own seats as the household has them, however old the rest may be.

    Whoever has just taken or left a seat sees it so, also where the others are read a moment later.
    """
    theirs = {seat.id: (member, seat) for member in viewer.members for seat in (member.taken, member.held) if seat}
    places = {member.assignment_id for member in viewer.members if member.assignment_id}

    def as_theirs(row: SeatRow) -> SeatRow:
        if row.id in theirs:
            member, seat = theirs[row.id]
            own = (member.assignment_id, seat.state, seat.held_until)
            if own == (row.assignment_id, row.state, row.held_until):
                return row
            return replace(row, assignment_id=own[0], state=own[1], held_until=own[2])
        return replace(row, assignment_id=None, state=None, held_until=None) if row.assignment_id in places else row

    seats = tuple(map(as_theirs, table.seats))
    return replace(table, seats=seats) if seats != table.seats else table


def home_of(viewer: Viewer, places: Mapping[int, int]) -> set[int]:
    """The ids of the tables that one of the household sits at, or has just left.

    Args:
        viewer: whoever holds the link.
        places: the tables of all who sit, by place, as the room was read.
    """
    home = {seat.table_id for member in viewer.members for seat in (member.taken, member.held) if seat}
    theirs = (member.assignment_id for member in viewer.members if member.assignment_id)
    return home | {places[place] for place in theirs if place in places}


def own_card(
    viewer: Viewer, table: TableRow, names: Mapping[int, str], *, chosen: MemberView | None, step_free: bool = False
) -> TableCard:
    """A table as one household sees it: its own seats, one suggested, and who sits there if they may be named.

    Args:
        viewer: whoever holds the link.
        table: the table as it is now.
        names: who sits where, for seats whose guests may be named.
        chosen: the member a seat is being picked for.
        step_free: whether only seats that are reached without a step suit them.
    """
    table, people = laid_over(table, viewer), to_be_seated(viewer)
    categories = shared_categories(people)
    suits = without_steps([table])[0] if step_free else table
    adults, children = adults_of(viewer), sum(person.is_child for person in people)
    block = best_block(suits, len(people), categories, anchors_of(viewer), children=children, adults=adults)
    dealt = placed(people, block, adults) if block else []
    wished = dict(zip((seat.id for seat in block.seats), dealt, strict=True)) if block else {}
    mine = {member.assignment_id: member for member in viewer.members if member.assignment_id}
    open_to = open_categories(chosen.seat_category) if chosen else categories
    suggested = {seat_id: person for seat_id, person in wished.items() if viewer.standing and person == chosen}
    seats = tuple(
        SeatCard(
            seat,
            seat_state(seat, mine, open_to),
            mine.get(seat.assignment_id or 0),
            names.get(seat.id, ""),
            suggested.get(seat.id),
        )
        for seat in table.seats
    )
    own = tuple(card for card in seats if card.state in {SeatState.MINE, SeatState.MY_HOLD})
    free, run = len(table.free(categories)), longest_run(suits, categories)
    return TableCard(table, seats, len(people), free, run, block, own)
