"""What the seat page needs: the room as one household sees it, and what to say when a seat is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.invitations.rules import MemberView, Viewer
from portal.kit import language
from portal.kit.conflicts import Conflict, Rule
from portal.kit.presentation import familiar, short_moment
from portal.kit.undo import LastChange, recall
from portal.seating.queries.holds import lost_holds
from portal.seating.queries.room import Room, read_room, room
from portal.seating.queries.trouble import Trouble, holds_gone, not_brought_back, refusal
from portal.seating.rules.cards import (
    Group,
    SeatCard,
    TableCard,
    chosen_member,
    group_of,
    home_of,
    own_card,
    ranked,
    to_be_seated,
)
from portal.seating.rules.changes import mark_of
from portal.seating.rules.picking import Wish, why_not_pick
from portal.seating.rules.views import Look


@dataclass(frozen=True)
class LetGo:
    """A hold that ran out of a seat that is free, so that it can be taken back."""

    member: MemberView
    seat_id: int
    label: str


@dataclass(frozen=True)
class SeatingPage:
    """The seat page of one household at one moment."""

    viewer: Viewer
    look: Look
    now: datetime
    room: Room
    group: Group
    table: TableCard | None
    chosen: MemberView | None
    people: tuple[MemberView, ...]
    closed: str
    done: MemberView | None = None
    let_go: tuple[LetGo, ...] = ()
    trouble: Trouble | None = None

    @property
    def last(self) -> LastChange | None:
        """What this browser did last, so that it can be taken back."""
        return recall(self.viewer.invitation_id)

    @property
    def swapper(self) -> MemberView | None:
        """For whom a tap on another seat of the household is a swap: whoever is chosen and has one."""
        return self.chosen if self.chosen is not None and self.chosen.seat is not None and not self.closed else None

    @property
    def suggestion(self) -> SeatCard | None:
        """The seat that would suit whoever is chosen, of the table that is looked at."""
        plates = self.table.seats if self.table and self.can_pick else ()
        return next((plate for plate in plates if plate.suggested_for), None)

    @property
    def can_pick(self) -> bool:
        """Whether there is somebody to pick a free seat for, and it is the time for it."""
        return self.chosen is not None and not self.closed

    @property
    def mark(self) -> str:
        """By which the page knows whether it shows the seats they have now."""
        return mark_of(seat for member in self.viewer.accepted for seat in (member.taken, member.held) if seat)

    @cached_property
    def home(self) -> set[int]:
        """Where they sit, by the tables' ids."""
        return home_of(self.viewer, self.room.places)

    @cached_property
    def own(self) -> list[TableCard]:
        """The tables they sit at, the best for them first."""
        tables = [table for table in self.room.tables if table.id in self.home]
        cards = (own_card(self.viewer, t, {}, chosen=self.chosen, step_free=self.look.step_free) for t in tables)
        return list(ranked(cards))

    @cached_property
    def others(self) -> list[TableCard]:
        """All other tables, the best for them first; the same for all of their group."""
        group = self.group
        cards = self.room.cards(group.people, group.categories, step_free=group.step_free)
        return [card for card in cards if card.table.id not in self.home]

    def shown(self, cards: Sequence[TableCard]) -> list[TableCard]:
        """Those of ``cards`` that pass the filters."""
        return [
            card
            for card in cards
            if (card.fits or card.mine or not self.look.fits)
            and (card.table.is_step_free or not self.look.step_free)
            and (card.table.is_quiet or not self.look.quiet)
        ]

    @property
    def keeps(self) -> dict[Any, str] | None:
        """Where the map is kept for all to whom it looks the same; nowhere if it shows something of theirs alone."""
        if self.table and not self.trouble:
            return self.table.table.made if self.table.table.id not in self.home else None
        return None if self.trouble or self.home or self.group.names else self.room.made

    @property
    def key(self) -> tuple[Any, ...]:
        """Everything the map depends on, besides the room."""
        if self.table is None:
            return self.group, self.look.query()
        hints = {plate.seat.id: familiar(plate.suggested_for.name) for plate in self.table.seats if plate.suggested_for}
        plates = ((plate.state, plate.name, hints.get(plate.seat.id)) for plate in self.table.seats)
        return self.group.language, self.can_pick, self.look.query(), *plates

    @property
    def plan(self) -> list[TableCard]:
        """Every table in the order they were laid."""
        return sorted([*self.own, *self.others], key=lambda card: card.table.id)

    @property
    def floor_height(self) -> int:
        """How high the floor plan is, in its units: below the last table or landmark."""
        marks = (mark["y"] + mark["height"] + 6 for mark in self.viewer.event.landmarks)
        return max(*(table.y + 55 for table in self.room.tables), *marks, 100)


def seating_page(viewer: Viewer, look: Look, now: datetime, *, done: MemberView | None = None) -> SeatingPage:
    """The page as it is now; after a change, turned to the next member who needs a seat."""
    here = room(viewer.event.id, now, table_slug=look.table)
    if look.table and not here.tables:
        here = room(viewer.event.id, now)
    return _page(viewer, look, now, here, done)


def conflict_page(viewer: Viewer, look: Look, conflict: Conflict, wishes: Sequence[Wish], now: datetime) -> SeatingPage:
    """The page as it is now with what was refused and the two nearest ways on."""
    here = read_room(viewer.event.id, now)
    seats = {seat.id: (table, seat) for table in here.tables for seat in table.seats}
    members = {wish: viewer.find_member(wish.member_id) for wish in wishes if wish.seat_id in seats}
    wanted = [(member, seats[wish.seat_id][1]) for wish, member in members.items() if member is not None]
    if wanted:
        member, seat = wanted[0]
        look = replace(look, table=seats[seat.id][0].slug, member_id=member.id)
    page = _page(viewer, look, now, here, None)
    return replace(page, trouble=refusal(viewer, conflict, wanted, here.tables, step_free=look.step_free))


def with_lost_seats(page: SeatingPage, names: Sequence[str]) -> SeatingPage:
    """The page with what an undo could not bring back: whose seats somebody else has meanwhile."""
    return replace(page, trouble=not_brought_back(page.viewer, names))


def _page(viewer: Viewer, look: Look, now: datetime, here: Room, done: MemberView | None) -> SeatingPage:
    chosen = chosen_member(viewer, look, done)
    table = next((table for table in here.tables if table.slug == look.table), None)
    names = here.names() if table and viewer.event.show_names else {}
    refused = why_not_pick(viewer.event, now)
    page = SeatingPage(
        viewer=viewer,
        look=replace(look, member_id=chosen.id if chosen else None),
        now=now,
        room=here,
        group=group_of(viewer, language.current(), can_pick=refused is None, step_free=look.step_free),
        table=own_card(viewer, table, names, chosen=chosen, step_free=look.step_free) if table else None,
        chosen=chosen,
        people=tuple(to_be_seated(viewer)),
        closed=_closed(viewer, refused) if refused else "",
        done=done,
    )
    return _with_losses(page) if viewer.event.hold_seconds and not page.closed else page


def _closed(viewer: Viewer, refused: Rule) -> str:
    when = short_moment(viewer.event.seats_open_at, viewer.event.time_zone)
    return refused.conflict(when=when).sentence(language.current())


def _with_losses(page: SeatingPage) -> SeatingPage:
    """The page with the holds that ran out: free and to be taken back, or somebody else's by now."""
    viewer = page.viewer
    let_go = [LetGo(member, member.lapsed.id, member.lapsed.label) for member in viewer.accepted if member.lapsed]
    lost = lost_holds(viewer, page.now, only_news=True)
    tables = room(viewer.event.id, page.now).tables if lost else ()
    seats = {seat.id: seat for table in tables for seat in table.seats}
    theirs = [(hold.member, seats[hold.seat_id]) for hold in lost if hold.seat_id in seats]
    let_go += [LetGo(member, seat.id, seat.label) for member, seat in theirs if seat.assignment_id is None]
    gone = [(member, seat) for member, seat in theirs if seat.assignment_id is not None]
    trouble = holds_gone(viewer, gone, tables, step_free=page.look.step_free) if gone else None
    return replace(page, let_go=tuple(let_go), trouble=trouble)
