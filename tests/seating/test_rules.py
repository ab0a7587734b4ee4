"""Who may take which seat and when, what a seat is for a household, and how a room is described."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.events.rules import EVENT_CANCELED, EVENT_OVER, REPLIES_CLOSED, why_replies_closed
from portal.kit.conflicts import Rule
from portal.seating.rules.picking import (
    PICKING_CLOSED,
    PICKING_NOT_OPEN,
    RESERVED_SEAT,
    VIP_SEAT,
    why_not_pick,
    why_not_seat,
)
from portal.seating.rules.room import floor_position, letters
from portal.seating.rules.views import SeatState, open_categories, seat_state
from tests.seating.sketch import START, event, table

OPENS, CLOSES = START - timedelta(days=9), START - timedelta(days=2)
END = START + timedelta(hours=5)
TICK = timedelta(microseconds=1)
WINDOW = {"seats_open_at": OPENS, "seats_close_at": CLOSES}


@pytest.mark.parametrize(
    ("columns", "now", "refused"),
    [
        (WINDOW, OPENS - TICK, PICKING_NOT_OPEN),
        (WINDOW, OPENS, None),
        (WINDOW, CLOSES - TICK, None),
        (WINDOW, CLOSES, PICKING_CLOSED),
        ({"seats_open_at": OPENS}, START - TICK, None),
        ({"seats_open_at": OPENS}, START, PICKING_CLOSED),
        ({}, OPENS - timedelta(days=900), None),
        ({}, START, PICKING_CLOSED),
        ({"seats_close_at": END}, END - TICK, None),
        ({"status": "canceled"}, OPENS, PICKING_CLOSED),
        ({"status": "completed"}, OPENS, PICKING_CLOSED),
    ],
)
def test_seats_are_picked_from_the_moment_it_opens_until_the_moment_it_closes(
    columns: dict[str, Any], now: Any, refused: Rule | None
) -> None:
    assert why_not_pick(event(**columns), now) is refused


@pytest.mark.parametrize(
    ("columns", "now", "refused"),
    [
        ({}, END - TICK, None),
        ({}, END, EVENT_OVER),
        ({"rsvp_deadline": CLOSES}, CLOSES - TICK, None),
        ({"rsvp_deadline": CLOSES}, CLOSES, REPLIES_CLOSED),
        ({"rsvp_deadline": CLOSES}, END, EVENT_OVER),
        ({"rsvp_deadline": CLOSES, "status": "canceled"}, END, EVENT_CANCELED),
        ({"status": "completed"}, OPENS, EVENT_OVER),
        ({"rsvp_deadline": END + TICK}, END - TICK, None),
    ],
)
def test_replies_close_at_the_deadline_and_at_the_end(columns: dict[str, Any], now: Any, refused: Rule | None) -> None:
    assert why_replies_closed(event(**columns), now) is refused


@pytest.mark.parametrize(
    ("seat", "member", "refused"),
    [
        ("regular", "regular", None),
        ("regular", "vip", None),
        ("vip", "regular", VIP_SEAT),
        ("vip", "vip", None),
        ("reserved", "regular", RESERVED_SEAT),
        ("reserved", "vip", RESERVED_SEAT),
        ("reserved", "reserved", RESERVED_SEAT),
    ],
)
def test_a_seat_is_for_whom_the_hosts_say(seat: str, member: str, refused: Rule | None) -> None:
    assert why_not_seat(seat, member) is refused
    assert (seat in open_categories(member)) is (refused is None), "what is shown as free can be taken"


@pytest.mark.parametrize(
    ("letter", "state", "for_a_vip"),
    [
        (".", SeatState.FREE, SeatState.FREE),
        ("v", SeatState.VIP, SeatState.FREE),
        ("r", SeatState.RESERVED, SeatState.RESERVED),
        ("x", SeatState.TAKEN, SeatState.TAKEN),
        ("h", SeatState.HELD, SeatState.HELD),
        ("m", SeatState.MINE, SeatState.MINE),
        ("p", SeatState.MY_HOLD, SeatState.MY_HOLD),
    ],
)
def test_a_seat_has_one_state_for_a_household(letter: str, state: SeatState, for_a_vip: SeatState) -> None:
    (seat,) = table(letter).seats
    assert seat_state(seat, {1, 2}, open_categories("regular")) == state
    assert seat_state(seat, {1, 2}, open_categories("vip")) == for_a_vip
    assert seat_state(seat, set(), open_categories("regular")) not in {SeatState.MINE, SeatState.MY_HOLD}


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_rows_are_lettered_on_beyond_z(index: int, name: str) -> None:
    assert letters(index) == name


def test_tables_never_stand_on_top_of_each_other() -> None:
    places = [floor_position(index) for index in range(60)]
    apart = min(
        (first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2
        for number, first in enumerate(places)
        for second in places[:number]
    )
    assert apart >= 74**2, "a table is 37 units from its centre to its edge"
