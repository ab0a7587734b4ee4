"""The room as one household sees it: a card per table, a state per seat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.invitations.rules import MemberView, Viewer
from portal.seating.rules.together import Block, Fit, best_block, child_beside_adult, longest_run
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
    """

    people: int
    categories: frozenset[str]
    standing: bool
    names: tuple[str, ...]
    can_pick: bool


def group_of(viewer: Viewer, *, can_pick: bool) -> Group:
    """The group a household belongs to, at a time when seats can be picked or not."""
    people = to_be_seated(viewer)
    some = 0 < len(viewer.standing) < len(viewer.accepted)
    names = tuple(member.name for member in people) if some else ()
    return Group(len(people), shared_categories(people), bool(viewer.standing), names, can_pick)


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


def shared_card(table: TableRow, people: int, categories: frozenset[str], anchors: Collection[int] = ()) -> TableCard:
    """A table as all see it who seek as many seats of the same categories: nobody's own, nobody named.

    Args:
        table: the table as it is now.
        people: how many are to be seated together.
        categories: the seats all of them may take.
        anchors: the seats the household has already.
    """
    seats = tuple(SeatCard(seat, seat_state(seat, (), categories)) for seat in table.seats)
    block = best_block(table, people, categories, anchors)
    return TableCard(table, seats, people, len(table.free(categories)), longest_run(table, categories), block)


def ranked(cards: Iterable[TableCard]) -> tuple[TableCard, ...]:
    """The cards of tables, the best first: where all can sit, the closer together and the roomier before."""
    return tuple(
        sorted(cards, key=lambda card: (not card.fits, card.block.fit if card.block else Fit.SPLIT, -card.free))
    )


def laid_over(table: TableRow, viewer: Viewer) -> TableRow:
    """The table with the household's own seats as the household has them, however old the rest may be.

    Whoever has just taken or left a seat sees it so, also where the others are read a moment later.
    """
    theirs = {seat.id: (member, seat) for member in viewer.members for seat in (member.taken, member.held) if seat}
    places = {member.assignment_id for member in viewer.members if member.assignment_id}

    def as_theirs(row: SeatRow) -> SeatRow:
        if row.id in theirs:
            member, seat = theirs[row.id]
            return replace(row, assignment_id=member.assignment_id, state=seat.state, held_until=seat.held_until)
        return replace(row, assignment_id=None, state=None, held_until=None) if row.assignment_id in places else row

    return replace(table, seats=tuple(map(as_theirs, table.seats)))


def tables_of(viewer: Viewer, tables: Iterable[TableRow]) -> list[TableRow]:
    """Those of ``tables`` that one of the household sits at, or has just left."""
    home = {seat.table_id for member in viewer.members for seat in (member.taken, member.held) if seat}
    places = {member.assignment_id for member in viewer.members if member.assignment_id}
    return [t for t in tables if t.id in home or not places.isdisjoint(seat.assignment_id for seat in t.seats)]


def own_card(viewer: Viewer, table: TableRow, names: Mapping[int, str], *, chosen: MemberView | None) -> TableCard:
    """A table as one household sees it: its own seats, one suggested, and who sits there if they may be named.

    Args:
        viewer: whoever holds the link.
        table: the table as it is now.
        names: who sits where, for seats whose guests may be named.
        chosen: the member a seat is being picked for.
    """
    table, people = laid_over(table, viewer), to_be_seated(viewer)
    categories = shared_categories(people)
    shared = shared_card(table, len(people), categories, anchors_of(viewer))
    block = shared.block
    wished = dict(zip((seat.id for seat in block.seats), people, strict=True)) if block else {}
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
    return replace(shared, seats=seats, mine=own)
