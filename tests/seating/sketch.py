"""Tables drawn with letters, and people with none of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from portal.events.rules import EventView
from portal.invitations.rules import MemberView, SeatView, Viewer
from portal.seating.models import Category, ClaimState, Shape
from portal.seating.rules.views import SeatRow, TableRow

SOMEBODY_ELSE = 900
"""The place of everybody who is not of the household."""

LETTERS = {
    ".": (Category.REGULAR, None, None),
    "v": (Category.VIP, None, None),
    "r": (Category.RESERVED, None, None),
    "x": (Category.REGULAR, SOMEBODY_ELSE, ClaimState.TAKEN),
    "h": (Category.REGULAR, SOMEBODY_ELSE, ClaimState.HELD),
    "m": (Category.REGULAR, 1, ClaimState.TAKEN),
    "p": (Category.REGULAR, 1, ClaimState.HELD),
}
"""Free, VIP, reserved, taken, held by others; mine, and held for me (place 1)."""

REGULAR = frozenset({Category.REGULAR})
START = datetime(2026, 12, 12, 18, 30, tzinfo=UTC)


def table(letters: str, *, number: int = 1, is_round: bool = True, x: int = 0, y: int = 0) -> TableRow:
    """A table; the ids of its seats are 100 × its number and the label: 101, 102 …"""
    seats = tuple(
        SeatRow(100 * number + place, number, str(number), str(place), place - 1, category, False, owner, state)
        for place, (category, owner, state) in enumerate((LETTERS[letter] for letter in letters), start=1)
    )
    shape = Shape.ROUND if is_round else Shape.ROW
    return TableRow(number, str(number), str(number), "", shape, x, y, False, seats)


def mine(*tables: TableRow) -> set[int]:
    """The ids of the seats that the household has."""
    return {seat.id for each in tables for seat in each.seats if seat.assignment_id == 1}


def labels(seats: object) -> str:
    """What stands on the chairs: “3 4 5”."""
    return " ".join(seat.label for seat in seats)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Somebody:
    """All that a seating order needs to know of a person."""

    name: str
    is_child: bool


def event(**changes: object) -> EventView:
    """A published event on 12 December without any limits."""
    plain = EventView(
        id=1,
        organization_id=1,
        organization="Wharf Road School",
        title="Lantern Night",
        slug="lantern-night",
        description="",
        place="",
        starts_at=START,
        ends_at=START + timedelta(hours=5),
        time_zone="Europe/London",
        status="published",
        rsvp_deadline=None,
        seats_open_at=None,
        seats_close_at=None,
        hold_seconds=0,
        show_names=False,
        capacity=None,
        settings={},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def member(
    number: int,
    *,
    rsvp: str = "accepted",
    is_child: bool = False,
    category: str = "regular",
    seat: SeatRow | None = None,
) -> MemberView:
    """A member whose place has their own number, on ``seat`` if there is one."""
    place = number if rsvp == "accepted" else None
    taken = SeatView(seat.id, seat.label, seat.table_id, seat.table, seat.table, "taken", None) if seat else None
    return MemberView(
        number, number, f"Member{number}", rsvp, is_child, None, None, "", "", category, None, place, taken
    )  # fmt: skip


def viewer(*members: MemberView, **columns: object) -> Viewer:
    """A household."""
    return Viewer(1, "token", "code", "The Okafor family", None, event(**columns), members)
