"""One tap for the whole family: at one table, at the one they ask for, at two, or nowhere."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import alter_event, entries, everybody_comes, everything, follow, plan, refused, seated
from tests.markup import forms, words_of


def together(browser: Browser, cast: Cast, **fields: object) -> str:
    """The page after the Okafors asked to sit together."""
    answer = browser.post(cast.okafor.path("/seats/together"), **fields)
    return follow(browser, answer, root="seating", to=cast.okafor.path("/seats"))


def places(cast: Cast, family: str = "Okafor") -> list[str]:
    return [place for name, place in sorted(plan(cast).items()) if family in name]


@pytest.fixture
def coming(cast: Cast) -> Cast:
    """Both families have said yes; Ada and Tobi Okafor are children."""
    cast.run("UPDATE invitation_guests SET is_child = true WHERE id IN (:a, :b)",
             a=cast.okafor.members[2], b=cast.okafor.members[3])  # fmt: skip
    everybody_comes(cast)
    return cast


def test_a_family_sits_side_by_side_each_child_beside_an_adult(coming: Cast, browser: Browser) -> None:
    page = together(browser, coming)
    assert plan(coming) == {"Ada Okafor": "1-3", "Ngozi Okafor": "1-4", "Tobi Okafor": "1-5", "Daniel Okafor": "1-6"}
    assert "You all have seats" in words_of(page, "sheet")
    assert entries(coming)[2:] == ["seat.taken"]


def test_the_next_family_gets_the_next_seats(coming: Cast, browser: Browser) -> None:
    together(browser, coming)
    assert browser.saved(browser.post(coming.brandt.path("/seats/together")))
    assert len(set(plan(coming).values())) == 8


def test_asked_again_nobody_moves(coming: Cast, browser: Browser) -> None:
    for table in (None, None, "1", "1"):
        together(browser, coming, **({} if table is None else {"table": table}))
    assert places(coming) == ["1-3", "1-6", "1-4", "1-5"]
    assert entries(coming)[2:] == ["seat.taken"]


def test_a_family_moves_to_the_table_it_asks_for(coming: Cast, browser: Browser) -> None:
    together(browser, coming)
    together(browser, coming, table="2")
    assert sorted(places(coming)) == ["2-3", "2-4", "2-5", "2-6"]
    assert entries(coming)[2:] == ["seat.taken", "seat.moved"]


def test_those_who_still_stand_sit_down_beside_the_others(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(2, 8))
    together(browser, coming)
    assert plan(coming)["Ngozi Okafor"] == "2-8"
    assert sorted(places(coming)) == ["2-5", "2-6", "2-7", "2-8"]


def test_where_seats_are_held_the_family_s_are_held(coming: Cast, browser: Browser) -> None:
    alter_event(coming, hold_seconds=300)
    page = together(browser, coming)
    assert plan(coming) == {}
    assert coming.rows("SELECT state, count(*) FROM seat_claims GROUP BY state") == [("held", 4)]
    assert "Seats 4, 6, 3 and 5 are held for Ngozi, Daniel, Ada and Tobi" in words_of(page, "sheet")
    together(browser, coming)
    assert coming.count("SELECT count(*) FROM seat_claims") == 4, "asked again nobody moves"


def fill(cast: Cast, *, but: list[int]) -> None:
    """All other seats are the hosts' to give."""
    free = ", ".join(str(seat) for seat in but)
    cast.run(f"UPDATE seats SET category = 'reserved' WHERE id NOT IN ({free})")


def test_only_apart_is_shown_before_anything_is_taken(coming: Cast, browser: Browser) -> None:
    apart = [coming.seat(1, 3), coming.seat(1, 4), coming.seat(1, 8), coming.seat(2, 5), coming.seat(2, 6)]
    fill(coming, but=apart[1:])
    before = everything(coming.app)
    answer = browser.post(coming.okafor.path("/seats/together"))
    text = refused(browser, answer, 409, root="seating")
    assert "There is no table left for all of you." in words_of(text, "conflict")
    assert "Table 1, seats 4 and 8 and Table 2, seats 5 and 6" in words_of(text, "sheet")
    assert everything(coming.app) == before
    way = next(form for form in forms(text) if any("Seat us there" in button[2] for button in form.buttons))
    sent = way.sent_by("Seat us there")
    for _ in range(2):
        assert browser.saved(browser.post(way.action, seat_ids=sent["seat_ids"]))
    assert sorted(places(coming)) == ["1-4", "1-8", "2-5", "2-6"]
    assert entries(coming)[2:] == ["seat.taken"]


def test_two_splits_are_offered_and_not_a_wall(app: Flask, browser: Browser) -> None:
    cast = make_cast(app, tables=5, seats=9)
    everybody_comes(cast)
    fill(cast, but=[cast.seat(table, seat) for table in (1, 2, 3, 4, 5) for seat in (5, 6)])
    text = refused(browser, browser.post(cast.okafor.path("/seats/together")), 409, root="seating")
    assert words_of(text, "sheet").count("Seat us there") == 2
    assert "Table 1, seats 5 and 6 and Table 2, seats 5 and 6" in words_of(text, "sheet")


def test_a_child_without_a_seat_gets_one_beside_an_adult(coming: Cast, browser: Browser) -> None:
    for number, label in enumerate((5, 7, 6)):
        seated(browser, coming.okafor, number, coming.seat(1, label))
    fill(coming, but=[coming.seat(1, label) for label in (3, 4, 8)])
    seated(browser, coming.okafor, 2, coming.seat(1, 4))
    coming.run("UPDATE seats SET category = 'regular' WHERE id = :id", id=coming.seat(1, 6))
    together(browser, coming)
    assert plan(coming)["Tobi Okafor"] == "1-6", "between his parents, and not beside his sister"


def test_a_way_without_steps_binds_what_is_found(coming: Cast, browser: Browser) -> None:
    for label in (5, 6, 7, 8):
        coming.run("UPDATE seats SET step_free = true WHERE id = :id", id=coming.seat(2, label))
    page = browser.get(coming.okafor.path("/seats?step_free=1")).text
    here = next(form for form in forms(page) if "/seats/together" in form.action)
    assert "Seat all four of us here · Table 2" in page.replace('<span class="vh">', "").replace("</span>", "")
    assert browser.saved(browser.post(here.action))
    assert sorted(places(coming)) == ["2-5", "2-6", "2-7", "2-8"]


def test_without_enough_seats_that_are_reached_without_a_step_nobody_is_put_elsewhere(
    coming: Cast, browser: Browser
) -> None:
    for label in (5, 6, 8):
        coming.run("UPDATE seats SET step_free = true WHERE id = :id", id=coming.seat(2, label))
    before = everything(coming.app)
    for fields, words in (({}, "There are not enough free seats"), ({"table": "2"}, "This table has not enough")):
        answer = browser.post(coming.okafor.path("/seats/together?step_free=1"), **fields)
        assert words in words_of(refused(browser, answer, 409, root="seating"), "conflict")
    assert everything(coming.app) == before
    page = browser.get(coming.okafor.path("/seats?step_free=1")).text
    assert "Seat all four of us here" not in page


def test_a_full_room_says_whom_to_ask(coming: Cast, browser: Browser) -> None:
    fill(coming, but=[coming.seat(1, 3), coming.seat(2, 3)])
    before = everything(coming.app)
    text = refused(browser, browser.post(coming.okafor.path("/seats/together")), 409, root="seating")
    assert "There are not enough free seats for all of you. Ask the hosts" in words_of(text, "conflict")
    assert everything(coming.app) == before


def test_a_table_that_is_too_full_is_told(coming: Cast, browser: Browser) -> None:
    fill(coming, but=[coming.seat(1, number) for number in (3, 4, 5)])
    before = everything(coming.app)
    text = refused(browser, browser.post(coming.okafor.path("/seats/together"), table="1"), 409, root="seating")
    assert "This table has not enough free seats for all of you any more." in words_of(text, "conflict")
    assert everything(coming.app) == before


def test_nobody_who_comes_is_told(cast: Cast, browser: Browser) -> None:
    before = everything(cast.app)
    text = refused(browser, browser.post(cast.okafor.path("/seats/together")), 409, root="seating")
    assert "Nobody of you has said yes so far. Accept first, then pick seats." in words_of(text, "conflict")
    assert everything(cast.app) == before


def test_a_table_or_seats_that_are_not_there_are_404(coming: Cast, browser: Browser) -> None:
    elsewhere = make_cast(coming.app, slug="another-evening")
    before = everything(coming.app)
    own = [coming.seat(1, number) for number in (3, 4, 5, 6)]
    theirs = [*own[:3], elsewhere.seat(1, 6)]
    wrong: list[dict[str, object]] = [
        {"table": "99"}, {"table": "\x00"}, {"table": "1'--"}, {"seat_ids": own[:3]}, {"seat_ids": theirs},
        {"seat_ids": [*own, coming.seat(1, 7)]}, {"seat_ids": [*own[:3], own[0]]}, {"seat_ids": [*own[:3], "x"]},
        {"seat_ids": [*own[:3], -1]}, {"seat_ids": [*own[:3], 10**30]},
    ]  # fmt: skip
    for fields in wrong:
        answer = browser.post(coming.okafor.path("/seats/together"), **fields)
        assert "We can’t find that page" in refused(browser, answer, 404, root="notice"), fields
    assert everything(coming.app) == before


def test_exactly_these_seats_are_all_or_none(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.brandt, 0, coming.seat(2, 5))
    before = everything(coming.app)
    wished = [coming.seat(2, number) for number in (3, 4, 5, 6)]
    refused(browser, browser.post(coming.okafor.path("/seats/together"), seat_ids=wished), 409, root="seating")
    assert everything(coming.app) == before
    for number, seat_id in enumerate((wished[0], wished[1])):
        seated(browser, coming.okafor, number, seat_id)
    together(browser, coming, seat_ids=[coming.seat(2, 6), coming.seat(2, 7)])
    assert sorted(places(coming)) == ["2-3", "2-4", "2-6", "2-7"]


def test_reserved_and_vip_seats_are_not_given_to_a_family_that_names_them(coming: Cast, browser: Browser) -> None:
    before = everything(coming.app)
    for label in (1, 2):
        wished = [coming.seat(1, number) for number in (label, 3, 4, 5)]
        answer = browser.post(coming.okafor.path("/seats/together"), seat_ids=wished)
        refused(browser, answer, 409, root="seating")
    assert everything(coming.app) == before
