"""Taking back what this browser did last, as far as the world still allows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, alter_event, entries, everything, follow, plan, refused, rsvps, seated, take
from tests.markup import words_of

GONE = "Ngozi’s seat has gone meanwhile"


def undo(browser: Browser, cast: Cast, page: str) -> str:
    """The page after its button to take back was pressed."""
    root, path = ("invitation", "") if page == "invitation" else ("seating", "/seats")
    answer = browser.post(cast.okafor.path(f"{path}/undo"))
    return follow(browser, answer, root=root, to=cast.okafor.path(path))


def test_one_tap_is_taken_back_with_one_tap(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    assert cast.okafor.path("/undo") in browser.get(cast.okafor.path()).text
    page = undo(browser, cast, "invitation")
    assert rsvps(cast, cast.okafor) == ["pending"] * 4
    assert "Four answers to go" in page
    assert cast.count("SELECT count(*) FROM guest_assignments") == 0
    assert cast.rows("SELECT DISTINCT responded_at, responded_by FROM invitation_guests") == [(None, None)]
    assert entries(cast) == ["invitation.answered"] * 2


def test_only_the_last_change_is_taken_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    browser.post(cast.okafor.path(f"/members/{cast.okafor.members[3]}/rsvp"), status="declined")
    undo(browser, cast, "invitation")
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    before = everything(cast.app)
    undo(browser, cast, "invitation")
    assert everything(cast.app) == before, "there is nothing to take back any more"


def test_nobody_else_s_change_is_taken_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    undo(Browser(cast.app, htmx=browser.htmx), cast, "invitation")
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    browser.post(cast.brandt.path("/undo"))
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    undo(browser, cast, "invitation")
    assert rsvps(cast, cast.okafor) == ["pending"] * 4, "another invitation in between takes nothing away"


def test_a_no_that_is_taken_back_brings_the_seat_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    browser.post(cast.okafor.path("/rsvp"), status="declined")
    assert plan(cast) == {}
    undo(browser, cast, "invitation")
    assert (rsvps(cast, cast.okafor), plan(cast)) == (["accepted"] * 4, {"Ngozi Okafor": "1-5"})


def test_a_seat_that_somebody_has_meanwhile_is_told(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    accept(browser, cast.brandt)
    browser.get(cast.okafor.path())
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    browser.post(cast.okafor.path("/rsvp"), status="declined")
    seated(Browser(cast.app, htmx=browser.htmx), cast.brandt, 0, cast.seat(1, 5))
    answer = browser.post(cast.okafor.path("/undo"))
    page = follow(browser, answer, root="invitation", to=cast.okafor.path())
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    assert plan(cast) == {"Ngozi Brandt": "1-5"}
    assert GONE in page
    assert "Your answers are back as they were. Please pick another seat." in page
    assert GONE not in browser.get(cast.okafor.path()).text, "told once"


def test_a_seat_is_taken_back_where_it_was_taken(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    page = undo(browser, cast, "seats")
    assert plan(cast) == {}
    assert "Tap a free seat" in page or "Best for the four of you first." in page
    assert entries(cast)[-2:] == ["seat.taken", "seat.released"]


def test_a_move_that_is_taken_back_brings_the_old_seat_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    seated(browser, cast.okafor, 0, cast.seat(2, 5))
    undo(browser, cast, "seats")
    assert plan(cast) == {"Ngozi Okafor": "1-5"}


def test_a_seat_given_up_is_taken_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    browser.post(cast.okafor.path(f"/members/{cast.okafor.members[0]}/seat/release"))
    undo(browser, cast, "seats")
    assert plan(cast) == {"Ngozi Okafor": "1-5"}


def test_a_family_that_traded_seats_trades_back(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor, 0, 1)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    seated(browser, cast.okafor, 1, cast.seat(1, 6))
    traded = browser.post(cast.okafor.path("/seats/together"), seat_ids=[cast.seat(1, 6), cast.seat(1, 5)])
    assert browser.saved(traded)
    assert plan(cast) == {"Ngozi Okafor": "1-6", "Daniel Okafor": "1-5"}
    undo(browser, cast, "seats")
    assert plan(cast) == {"Ngozi Okafor": "1-5", "Daniel Okafor": "1-6"}


def test_the_seat_page_tells_of_a_seat_that_has_gone(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    accept(browser, cast.brandt)
    browser.get(cast.okafor.path())
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    seated(browser, cast.okafor, 0, cast.seat(2, 5))
    assert take(Browser(cast.app, htmx=browser.htmx), cast.brandt, 0, cast.seat(1, 5)).status_code < 400
    answer = browser.post(cast.okafor.path("/seats/undo"))
    page = follow(browser, answer, root="seating", to=cast.okafor.path("/seats"))
    assert plan(cast) == {"Ngozi Okafor": "2-5", "Ngozi Brandt": "1-5"}, "what they have is not lost over it"
    assert GONE in words_of(page, "conflict")
    assert "Ngozi still has seat 5." in words_of(page, "conflict"), "the one at the other table"
    assert GONE not in browser.get(cast.okafor.path("/seats")).text, "told once"


@pytest.mark.parametrize("page", ["invitation", "seats"])
def test_a_seat_can_be_taken_back_after_the_deadline_for_answers(cast: Cast, browser: Browser, page: str) -> None:
    accept(browser, cast.okafor)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    alter_event(cast, rsvp_deadline=datetime(2026, 11, 1, tzinfo=UTC))
    undo(browser, cast, page)
    assert (plan(cast), rsvps(cast, cast.okafor)) == ({}, ["accepted"] * 4)


def test_an_answer_cannot_be_taken_back_after_the_deadline(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    alter_event(cast, rsvp_deadline=datetime(2026, 11, 1, tzinfo=UTC))
    before = everything(cast.app)
    text = refused(browser, browser.post(cast.okafor.path("/undo")), 409, root="invitation")
    assert "Replies closed on 1 November." in text
    assert everything(cast.app) == before


def test_taking_back_without_having_done_anything_is_fine(cast: Cast, browser: Browser) -> None:
    before = everything(cast.app)
    undo(browser, cast, "invitation")
    undo(browser, cast, "seats")
    assert everything(cast.app) == before


def test_a_cookie_cannot_be_written_by_hand(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    plain.client.set_cookie("placecard", "eyJ1bmRvIjp7Im9mIjoxfX0.forged.forged")
    assert plain.get(cast.okafor.path()).status_code == 200
    undo(plain, cast, "invitation")
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
