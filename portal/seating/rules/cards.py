"""The room as one household sees it: a card per table, a state per seat."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from portal.invitations.rules import MemberView, Viewer
from portal.seating.rules.together import Block, Fit, best_block, child_beside_adult, longest_run
from portal.seating.rules.views import SeatRow, SeatState, TableRow, open_categories, seat_state


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


def to_be_seated(viewer: Viewer) -> list[MemberView]:
    """Those who come and still stand — or everybody who comes, once nobody does — children beside adults."""
    return child_beside_adult(viewer.standing or viewer.accepted)


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


def table_cards(
    viewer: Viewer, tables: Sequence[TableRow], names: Mapping[int, str], *, chosen: MemberView | None
) -> list[TableCard]:
    """A card for every table: where the household sits, then best for the household first.

    Args:
        viewer: whoever holds the link.
        tables: the room as it is now.
        names: who sits where, for seats whose guests may be named.
        chosen: the member a seat is being picked for.
    """
    cards = [_table_card(viewer, table, names, chosen) for table in tables]
    home = {member.seat.table_id for member in viewer.accepted if member.seat}

    def rank(card: TableCard) -> tuple[bool, bool, int, int]:
        fit = card.block.fit if card.block else Fit.SPLIT
        return card.table.id not in home, not card.fits, int(fit), -card.free

    return sorted(cards, key=rank)


def _table_card(viewer: Viewer, table: TableRow, names: Mapping[int, str], chosen: MemberView | None) -> TableCard:
    people = to_be_seated(viewer)
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
