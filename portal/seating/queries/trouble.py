"""What to say when a seat is gone: what happened, what is safe, and two ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.invitations.rules import MemberView, Viewer
from portal.kit import language
from portal.kit.conflicts import Conflict
from portal.kit.presentation import capitalize_first, familiar, name_list, number, seats_at, table_title
from portal.seating.models import ClaimState
from portal.seating.rules.cards import shared_categories
from portal.seating.rules.party import party_of
from portal.seating.rules.picking import GONE
from portal.seating.rules.together import Block, Fit, chairs_between, nearest_seats, ranked_blocks, without_steps
from portal.seating.rules.views import SeatRow, TableRow, open_categories

Wanted = Sequence[tuple[MemberView, SeatRow]]
"""Who wanted which seat, as it is now."""


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
    """What happened, what is safe, what next; ``is_answer`` if it is what somebody's tap led to."""

    title: str
    words: str
    ways_on: tuple[WayOn, ...]
    seat_id: int | None = None
    is_answer: bool = True


def refusal(
    viewer: Viewer, conflict: Conflict, wanted: Wanted, tables: Sequence[TableRow], *, step_free: bool
) -> Trouble:
    """What a refused change means for the household.

    Args:
        viewer: whoever holds the link.
        conflict: what refused.
        wanted: which seats could not be had, and for whom.
        tables: the room as it is now.
        step_free: whether only seats that are reached without a step are ways on.
    """
    if conflict.rule == "only_apart":
        return Trouble(conflict.sentence(language.current()), "", tuple(map(_split, conflict.detail)))
    is_gone = bool(wanted) and conflict.rule in GONE
    title = _title(viewer, wanted) if is_gone else conflict.sentence(language.current())
    words, ways_on = _way_out(viewer, wanted, tables, step_free)
    return Trouble(title, words, ways_on, wanted[0][1].id if is_gone else None)


def holds_gone(viewer: Viewer, gone: Wanted, tables: Sequence[TableRow], *, step_free: bool) -> Trouble:
    """What a page says that finds holds run out and their seats somebody else's."""
    words, ways_on = _way_out(viewer, gone, tables, step_free)
    return Trouble(_title(viewer, gone), words, ways_on, gone[0][1].id, is_answer=False)


def not_brought_back(viewer: Viewer, names: Sequence[str]) -> Trouble:
    """What an undo could not bring back: whose seats somebody else has meanwhile."""
    title = _("%(names)s’s seat has gone meanwhile", names=name_list([familiar(name) for name in names]))
    return Trouble(title, _safe(viewer), ())


def _way_out(
    viewer: Viewer, wanted: Wanted, tables: Sequence[TableRow], step_free: bool
) -> tuple[str, tuple[WayOn, ...]]:
    """What is safe, and the two nearest places for whoever wanted a seat."""
    room = without_steps(tables) if step_free else tables
    coming = [(member, seat) for member, seat in wanted if member.assignment_id is not None]
    ways_on = _ways_on(viewer, *coming[0], room) if len(coming) == 1 else _group_ways(viewer, room) if coming else ()
    if not ways_on:
        return _safe(viewer), ()
    names = name_list([_called(member) for member, _seat in coming])
    closest = _("Here are the closest places for %(name)s.", name=names)
    return f"{_safe(viewer)} {closest}", ways_on


def _title(viewer: Viewer, wanted: Wanted) -> str:
    labels = name_list([seat.label for _member, seat in wanted])
    theirs = {member.assignment_id: member for member in viewer.members if member.assignment_id}
    ours = theirs.get(wanted[0][1].assignment_id or 0)
    if ours is not None:
        return capitalize_first(_("%(name)s has seat %(seat)s", name=_called(ours), seat=wanted[0][1].label))
    if all(seat.state == ClaimState.HELD for _member, seat in wanted):
        return ngettext(
            "Someone is choosing seat %(seat)s right now",
            "Someone is choosing seats %(seat)s right now",
            len(wanted),
            seat=labels,
        )
    return ngettext("Someone just took seat %(seat)s", "Someone just took seats %(seat)s", len(wanted), seat=labels)


def _safe(viewer: Viewer) -> str:
    """What the household still has, in words."""
    seated = [(_called(member), member.taken.label) for member in viewer.accepted if member.taken]
    held = [(_called(member), member.held.label) for member in viewer.accepted if member.held]
    said = []
    if seated:
        said.append(
            ngettext(
                "%(names)s still has seat %(seats)s.",
                "%(names)s still have seats %(seats)s.",
                len(seated),
                names=name_list([name for name, _label in seated]),
                seats=name_list([label for _name, label in seated]),
            )
        )
    if held:
        said.append(
            ngettext(
                "Seat %(seats)s is still held for %(names)s.",
                "Seats %(seats)s are still held for %(names)s.",
                len(held),
                names=name_list([name for name, _label in held]),
                seats=name_list([label for _name, label in held]),
            )
        )
    return " ".join(said) or _("Your answers are safe.")


def _ways_on(viewer: Viewer, member: MemberView, wanted: SeatRow, tables: Sequence[TableRow]) -> tuple[WayOn, ...]:
    anchors = {other.seat.id for other in viewer.accepted if other.seat and other.id != member.id}
    nearest = nearest_seats(wanted, tables, open_categories(member.seat_category), anchors)
    singles = [_single(viewer, member, seat, wanted, tables) for seat in nearest[:2]]
    if len(viewer.accepted) < 2:
        return tuple(singles)
    elsewhere = [table for table in tables if table.id != wanted.table_id]
    blocks = ranked_blocks(elsewhere, len(viewer.accepted), shared_categories(viewer.accepted))
    whole = [_whole(viewer, blocks[0])] if blocks and blocks[0].fit == Fit.ROW else []
    return tuple([*singles[:1], *whole, *singles[1:]][:2])


def _group_ways(viewer: Viewer, tables: Sequence[TableRow]) -> tuple[WayOn, ...]:
    """Where those who lost their seats could sit together, with all who have none."""
    party = party_of(viewer)
    blocks = party.blocks(tables)[:2]
    return tuple(map(_split, [*blocks, *party.splits(tables)][:2]))


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
        if other.id != member.id and other.seat is not None
        for other_seat in table.seats
        if other_seat.id == other.seat.id
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
    words = _("Side by side") if block.fit in {Fit.BESIDE, Fit.ROW} else _("Close to each other")
    return WayOn(name_list(parts), words, _("Seat us there"), _ids(block), None)


def _seats_at(table: TableRow, seats: Sequence[SeatRow]) -> str:
    return seats_at(table.name, [seat.label for seat in seats])


def _ids(block: Block) -> tuple[int, ...]:
    return tuple(seat.id for seat in block.seats)


def _called(member: MemberView) -> str:
    return familiar(member.name)
