"""What the seat page needs: the room as one household sees it, and what to say when a seat is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from flask_babel import gettext as _

from portal.invitations.rules import MemberView, Viewer
from portal.kit import language
from portal.kit.conflicts import Conflict, Rule
from portal.kit.presentation import capitalize_first, familiar, name_list, number, short_moment, table_title
from portal.kit.undo import LastChange, recall
from portal.seating.models import ClaimState
from portal.seating.queries.room import Room, read_room, room
from portal.seating.rules.cards import (
    Group,
    TableCard,
    chosen_member,
    group_of,
    home_of,
    own_card,
    ranked,
    shared_categories,
    to_be_seated,
)
from portal.seating.rules.picking import GONE, Wish, why_not_pick
from portal.seating.rules.together import Block, Fit, chairs_between, nearest_seats, ranked_blocks
from portal.seating.rules.views import Look, SeatRow, TableRow, open_categories


@dataclass(frozen=True)
class WayOn:
    """A place to take instead: one seat for a member, or seats for everybody."""

    title: str
    words: str
    button: str
    seat_ids: tuple[int, ...]
    member: MemberView | None


@dataclass(frozen=True)
class Trouble:
    """What happened, what is safe, what next."""

    title: str
    words: str
    ways_on: tuple[WayOn, ...]
    seat_id: int | None = None


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
    trouble: Trouble | None = None

    @property
    def last(self) -> LastChange | None:
        """What this browser did last, so that it can be taken back."""
        return recall(self.viewer.invitation_id)

    @property
    def can_pick(self) -> bool:
        """Whether there is somebody to pick a free seat for, and it is the time for it."""
        return self.chosen is not None and not self.closed

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
    def plan(self) -> list[TableCard]:
        """Every table in the order they were laid."""
        return sorted([*self.own, *self.others], key=lambda card: card.table.id)

    @property
    def floor_height(self) -> int:
        """How high the floor plan is, in its units: below the last table or landmark."""
        bottoms = [table.y + 55 for table in self.room.tables]
        bottoms += [mark["y"] + mark["height"] + 6 for mark in self.viewer.event.landmarks]
        return max(bottoms, default=100)


def seating_page(viewer: Viewer, look: Look, now: datetime, *, done: MemberView | None = None) -> SeatingPage:
    """The page as it is now; after a change, turned to the next member who needs a seat."""
    here = room(viewer.event.id, now, table_slug=look.table)
    if look.table and not here.tables:
        here = room(viewer.event.id, now)
    return _page(viewer, look, now, here, done)


def conflict_page(viewer: Viewer, look: Look, conflict: Conflict, wish: Wish | None, now: datetime) -> SeatingPage:
    """The page as it is now with what was refused and the two nearest ways on."""
    here = read_room(viewer.event.id, None, now)
    tables = here.tables
    member = viewer.find_member(wish.member_id) if wish else None
    wanted = next((seat for table in tables for seat in table.seats if wish and seat.id == wish.seat_id), None)
    if wanted is not None:
        home = next(table for table in tables if table.id == wanted.table_id)
        look = replace(look, table=home.slug, member_id=member.id if member else None)
    page = _page(viewer, look, now, here, None)
    return replace(page, trouble=_trouble(viewer, conflict, member, wanted, tables))


def with_lost_seats(page: SeatingPage, names: Sequence[str]) -> SeatingPage:
    """The page with what an undo could not bring back: whose seats somebody else has meanwhile."""
    title = _("%(names)s’s seat has gone meanwhile", names=name_list([familiar(name) for name in names]))
    return replace(page, trouble=Trouble(title, _safe(page.viewer), ()))


def _page(viewer: Viewer, look: Look, now: datetime, here: Room, done: MemberView | None) -> SeatingPage:
    chosen = chosen_member(viewer, look, done)
    table = next((table for table in here.tables if table.slug == look.table), None)
    names = here.names() if table and viewer.event.show_names else {}
    refused = why_not_pick(viewer.event, now)
    return SeatingPage(
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


def _closed(viewer: Viewer, refused: Rule) -> str:
    opens = short_moment(viewer.event.seats_open_at, viewer.event.time_zone)
    return refused.conflict(when=opens).sentence(language.current())


def _trouble(
    viewer: Viewer,
    conflict: Conflict,
    member: MemberView | None,
    wanted: SeatRow | None,
    tables: Sequence[TableRow],
) -> Trouble:
    if conflict.rule == "only_apart":
        return Trouble(conflict.sentence(language.current()), "", tuple(map(_split, conflict.detail)))
    ways_on: tuple[WayOn, ...] = ()
    if member is not None and wanted is not None and member.assignment_id is not None:
        ways_on = _ways_on(viewer, member, wanted, tables)
    safe = _safe(viewer)
    if ways_on and member is not None:
        safe = " ".join([safe, _("Here are the closest places for %(name)s.", name=_called(member))]).strip()
    gone = wanted.id if wanted is not None and conflict.rule in GONE else None
    return Trouble(_title(viewer, conflict, wanted), safe, ways_on, gone)


def _title(viewer: Viewer, conflict: Conflict, wanted: SeatRow | None) -> str:
    if wanted is None or conflict.rule not in GONE:
        return conflict.sentence(language.current())
    ours = next((m for m in viewer.members if m.assignment_id and m.assignment_id == wanted.assignment_id), None)
    if ours is not None:
        return capitalize_first(_("%(name)s has seat %(seat)s", name=_called(ours), seat=wanted.label))
    if wanted.state == ClaimState.HELD:
        return _("Someone is choosing seat %(seat)s right now", seat=wanted.label)
    return _("Someone just took seat %(seat)s", seat=wanted.label)


def _safe(viewer: Viewer) -> str:
    """What the household still has, in words."""
    seated = [member for member in viewer.accepted if member.taken is not None]
    if not seated:
        return _("Your answers are safe.")
    names = name_list([_called(member) for member in seated])
    if len(seated) == 1:
        return _("%(name)s still has seat %(seat)s.", name=names, seat=seated[0].taken.label if seated[0].taken else "")
    labels = name_list([member.taken.label for member in seated if member.taken])
    return _("%(names)s still have seats %(seats)s.", names=names, seats=labels)


def _ways_on(viewer: Viewer, member: MemberView, wanted: SeatRow, tables: Sequence[TableRow]) -> tuple[WayOn, ...]:
    anchors = {other.taken.id for other in viewer.accepted if other.taken and other.id != member.id}
    nearest = nearest_seats(wanted, tables, open_categories(member.seat_category), anchors)
    singles = [_single(viewer, member, seat, wanted, tables) for seat in nearest[:2]]
    if len(viewer.accepted) < 2:
        return tuple(singles)
    elsewhere = [table for table in tables if table.id != wanted.table_id]
    blocks = ranked_blocks(elsewhere, len(viewer.accepted), shared_categories(viewer.accepted))
    whole = [_whole(viewer, blocks[0])] if blocks and blocks[0].fit == Fit.ROW else []
    return tuple([*singles[:1], *whole, *singles[1:]][:2])


def _single(viewer: Viewer, member: MemberView, seat: SeatRow, wanted: SeatRow, tables: Sequence[TableRow]) -> WayOn:
    table = next(table for table in tables if table.id == seat.table_id)
    if seat.table_id == wanted.table_id:
        title = _("Seat %(seat)s, same table", seat=seat.label)
    else:
        title = _("%(table)s, seat %(seat)s", table=table_title(table.name), seat=seat.label)
    return WayOn(title, _beside(viewer, member, seat, table), _("Take it"), (seat.id,), member)


def _beside(viewer: Viewer, member: MemberView, seat: SeatRow, table: TableRow) -> str:
    """How near the seat is to the rest of the household, in words; empty if they sit elsewhere."""
    near = [
        (chairs_between(seat, other_seat, table), other)
        for other in viewer.accepted
        if other.id != member.id and other.taken is not None
        for other_seat in table.seats
        if other_seat.id == other.taken.id
    ]
    if not near:
        return table.note
    chairs, other = min(near, key=lambda pair: pair[0])
    if chairs == 1:
        return _("Next to %(name)s", name=_called(other))
    if chairs == 2:
        return _("One seat away from %(name)s", name=_called(other))
    return _("%(count)s seats away from %(name)s", count=number(chairs - 1).capitalize(), name=_called(other))


def _whole(viewer: Viewer, block: Block) -> WayOn:
    count = len(viewer.accepted)
    words = _("Both of you side by side") if count == 2 else _("All %(count)s of you side by side", count=number(count))
    return WayOn(_seats_at(block.tables[0], block.seats), words, _("Move us"), _ids(block), None)


def _split(block: Block) -> WayOn:
    parts = [_seats_at(table, [seat for seat in block.seats if seat.table_id == table.id]) for table in block.tables]
    return WayOn(name_list(parts), _("Close to each other"), _("Seat us there"), _ids(block), None)


def _seats_at(table: TableRow, seats: Sequence[SeatRow]) -> str:
    labels = [seat.label for seat in seats]
    if len(labels) == 1:
        return _("%(table)s, seat %(seat)s", table=table_title(table.name), seat=labels[0])
    in_line = [int(label) for label in labels if label.isdigit()]
    if len(in_line) == len(labels) > 2 and in_line == list(range(in_line[0], in_line[-1] + 1)):
        return _(
            "%(table)s, seats %(first)s to %(last)s", table=table_title(table.name), first=labels[0], last=labels[-1]
        )
    return _("%(table)s, seats %(seats)s", table=table_title(table.name), seats=name_list(labels))


def _ids(block: Block) -> tuple[int, ...]:
    return tuple(seat.id for seat in block.seats)


def _called(member: MemberView) -> str:
    return familiar(member.name)
