"""The room as one household sees it: best tables first, their own marked, one seat suggested."""

from __future__ import annotations

from portal.seating.rules.cards import (
    anchors_of,
    home_of,
    laid_over,
    own_card,
    ranked,
    shared_card,
    shared_categories,
    to_be_seated,
)
from portal.seating.rules.views import SeatState
from tests.seating.sketch import REGULAR, labels, member, table, viewer


def test_those_who_stand_are_seated_first_and_everybody_once_nobody_does() -> None:
    seats = table("....").seats
    father, daughter = member(1, seat=seats[0]), member(2, is_child=True)
    away = member(3, rsvp="declined")
    assert to_be_seated(viewer(father, daughter, away)) == [daughter]
    assert anchors_of(viewer(father, daughter, away)) == {seats[0].id}
    both = viewer(father, member(2, is_child=True, seat=seats[1]), away)
    assert [person.id for person in to_be_seated(both)] == [2, 1], "a child beside an adult"
    assert anchors_of(both) == set(), "everybody moves together"
    assert to_be_seated(viewer(away)) == []


def test_a_family_may_take_together_what_each_of_them_may() -> None:
    assert shared_categories([member(1, category="vip"), member(2, category="vip")]) == {"regular", "vip"}
    assert shared_categories([member(1, category="vip"), member(2)]) == {"regular"}
    assert shared_categories([]) == {"regular"}


def test_their_own_table_comes_first_then_those_that_fit_the_roomier_before() -> None:
    own = table("m.xxxx", number=4)
    tables = [
        table("xxxxxx", number=1), table(".x.x.x", number=2), table("...xxx", number=3), own, table("......", number=5),
    ]  # fmt: skip
    family = viewer(member(1, seat=own.seats[0]), member(2), member(3))
    home = [each for each in tables if each.id in home_of(family, {})]
    others = ranked(shared_card(each, 2, REGULAR) for each in tables if each not in home)
    cards = [*(own_card(family, each, {}, chosen=None) for each in home), *others]
    assert [card.table.name for card in cards] == ["4", "5", "3", "2", "1"]
    assert [card.fits for card in cards] == [False, True, True, True, False]
    assert [card.in_a_row for card in cards] == [False, True, True, False, False]
    assert [card.free for card in cards] == [1, 6, 3, 3, 0]
    assert [card.run for card in cards] == [1, 6, 3, 1, 0]
    assert [labels(each.seat for each in card.mine) for card in cards] == ["1", "", "", "", ""]


def test_one_seat_is_suggested_for_whoever_is_choosing() -> None:
    drawn = table("m.....")
    family = viewer(member(1, seat=drawn.seats[0]), member(2), member(3))
    card = own_card(family, drawn, {}, chosen=family.members[2])
    suggested = [seat for seat in card.seats if seat.suggested_for]
    assert [(seat.seat.label, seat.suggested_for.id) for seat in suggested if seat.suggested_for] == [("3", 3)]


def test_nothing_is_suggested_to_those_who_all_sit() -> None:
    drawn = table("m.....")
    family = viewer(member(1, seat=drawn.seats[0]))
    card = own_card(family, drawn, {}, chosen=family.members[0])
    assert [seat for seat in card.seats if seat.suggested_for] == []


def test_a_vip_seat_is_free_for_the_member_who_may_take_it() -> None:
    drawn = table("v.")
    family = viewer(member(1, category="vip"), member(2))
    states = {
        chosen.id: [card.state for card in own_card(family, drawn, {}, chosen=chosen).seats]
        for chosen in family.members
    }
    assert states == {1: [SeatState.FREE, SeatState.FREE], 2: [SeatState.VIP, SeatState.FREE]}


def test_names_stand_on_taken_seats_where_they_may_be_shown() -> None:
    drawn = table("xx.")
    card = own_card(viewer(member(1)), drawn, {drawn.seats[0].id: "Lena"}, chosen=None)
    assert [seat.name for seat in card.seats] == ["Lena", "", ""]


def test_the_household_s_own_seats_are_as_it_has_them_however_old_the_rest_is() -> None:
    """Another process has heard of the change already, this one will in a moment."""
    taken_since, left_since = table("..x"), table("m..", number=2)
    family = viewer(member(1, seat=taken_since.seats[1]), member(2))
    tables = [taken_since, left_since, table("...", number=3)]
    assert home_of(family, {1: 2, 900: 3}) == {1, 2}, "and nobody else's"
    assert [seat.state for seat in own_card(family, taken_since, {}, chosen=None).seats] == ["free", "mine", "taken"]
    assert [seat.state for seat in own_card(family, left_since, {}, chosen=None).seats] == ["free", "free", "free"]
    assert laid_over(tables[2], family) == tables[2]
