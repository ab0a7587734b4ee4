"""Two of a family change places: in one step, whatever each of them has, and nobody else is moved."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import alter_event, entries, everybody_comes, everything, follow, hold, plan, refused, seated
from tests.markup import words_of


@pytest.fixture
def sitting(cast: Cast, browser: Browser) -> Cast:
    """Ngozi Okafor has seat 3 of table 1, Daniel seat 5 of table 2; a Brandt sits at table 1."""
    everybody_comes(cast)
    seated(browser, cast.okafor, 0, cast.seat(1, 3))
    seated(browser, cast.okafor, 1, cast.seat(2, 5))
    seated(browser, cast.brandt, 0, cast.seat(1, 6))
    return cast


def swap(browser: Browser, cast: Cast, number: int, seat_id: object, **fields: object) -> TestResponse:
    """This Okafor asks for the seat of another."""
    return browser.post(cast.okafor.path(f"/members/{cast.okafor.members[number]}/swap"), seat_id=seat_id, **fields)


def claims(cast: Cast) -> list[tuple[str, str, str]]:
    rows = cast.rows(
        "SELECT a.display_name, s.label, c.state FROM seat_claims c JOIN seats s ON s.id = c.seat_id"
        " JOIN guest_assignments a ON a.id = c.assignment_id ORDER BY a.id, c.state"
    )
    return [tuple(row) for row in rows]


def test_two_of_a_family_swap_in_one_step(sitting: Cast, browser: Browser) -> None:
    for _ in range(2):
        answer = swap(browser, sitting, 0, sitting.seat(2, 5))
        follow(browser, answer, root="seating", to=sitting.okafor.path("/seats"))
        assert plan(sitting) == {"Ngozi Okafor": "2-5", "Daniel Okafor": "1-3", "Ngozi Brandt": "1-6"}
    assert entries(sitting)[-1] == "seat.swapped"
    assert entries(sitting).count("seat.swapped") == 1, "asked again nobody moves back"
    tables = "SELECT t.name FROM guest_assignments a JOIN tables t ON t.id = a.table_id ORDER BY a.id"
    assert [row[0] for row in sitting.rows(tables)] == ["2", "1", "1"]


def test_a_swap_is_taken_back(sitting: Cast, browser: Browser) -> None:
    swap(browser, sitting, 0, sitting.seat(2, 5))
    assert browser.saved(browser.post(sitting.okafor.path("/seats/undo")))
    assert plan(sitting) == {"Ngozi Okafor": "1-3", "Daniel Okafor": "2-5", "Ngozi Brandt": "1-6"}


def test_a_hold_goes_along(sitting: Cast, browser: Browser) -> None:
    alter_event(sitting, hold_seconds=300)
    hold(browser, sitting.okafor, 0, sitting.seat(1, 8))
    hold(browser, sitting.okafor, 2, sitting.seat(1, 9))
    assert browser.saved(swap(browser, sitting, 2, sitting.seat(1, 3)))
    assert claims(sitting) == [
        ("Ngozi Okafor", "9", "held"), ("Daniel Okafor", "5", "taken"), ("Ada Okafor", "8", "held"),
        ("Ada Okafor", "3", "taken"), ("Ngozi Brandt", "6", "taken"),
    ]  # fmt: skip


@pytest.mark.parametrize("whose", ["another family's", "nobody's"])
def test_there_is_nothing_to_swap_with_a_seat_that_is_not_the_family_s(
    sitting: Cast, browser: Browser, whose: str
) -> None:
    before = everything(sitting.app)
    seat = sitting.seat(1, 6) if whose == "another family's" else sitting.seat(1, 7)
    told = words_of(refused(browser, swap(browser, sitting, 0, seat), 409, root="seating"), "sheet")
    assert "there was nothing to swap" in told
    assert "Ngozi and Daniel still have seats 3 and 5." in told
    assert "Brandt" not in told
    assert everything(sitting.app) == before


def test_whoever_has_no_seat_has_nothing_to_swap(sitting: Cast, browser: Browser) -> None:
    before = everything(sitting.app)
    assert "nothing to swap" in refused(browser, swap(browser, sitting, 2, sitting.seat(2, 5)), 409, root="seating")
    browser.post(sitting.okafor.path(f"/members/{sitting.okafor.members[3]}/rsvp"), status="declined")
    told = refused(browser, swap(browser, sitting, 3, sitting.seat(2, 5)), 409, root="seating")
    assert "Tobi Okafor has not said yes yet" in told
    assert everything(sitting.app)["seat_claims"] == before["seat_claims"]


def test_a_seat_goes_only_to_whom_it_may(sitting: Cast, browser: Browser) -> None:
    sitting.run("UPDATE seats SET category = 'vip' WHERE id = :id", id=sitting.seat(1, 3))
    before = everything(sitting.app)
    told = refused(browser, swap(browser, sitting, 0, sitting.seat(2, 5)), 409, root="seating")
    assert "That seat is kept for guests the hosts chose." in words_of(told, "conflict")
    assert everything(sitting.app) == before


def test_a_seat_that_is_not_there_is_404_and_a_form_without_one_422(sitting: Cast, browser: Browser) -> None:
    elsewhere = make_cast(sitting.app, slug="another-evening")
    before = everything(sitting.app)
    for seat_id in (elsewhere.seat(1, 5), 999_999, "x", "", -1, 10**30):
        refused(browser, swap(browser, sitting, 0, seat_id), 404, root="notice")
    path = sitting.okafor.path(f"/members/{sitting.okafor.members[0]}/swap")
    refused(browser, browser.post(path), 422, root="notice")
    assert everything(sitting.app) == before


def test_outside_the_time_for_picking_nobody_swaps(sitting: Cast, browser: Browser) -> None:
    alter_event(sitting, status="completed")
    before = everything(sitting.app)
    told = refused(browser, swap(browser, sitting, 0, sitting.seat(2, 5)), 409, root="seating")
    assert "Seat picking has closed." in words_of(told, "conflict")
    assert everything(sitting.app) == before
