"""Seats that are kept while a household decides: for five minutes, and not a moment longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import (
    accept,
    alter_event,
    entries,
    everybody_comes,
    everything,
    follow,
    hold,
    plan,
    refused,
    seated,
    take,
)
from tests.markup import forms, words_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOLD = 300
END = NOW + timedelta(seconds=HOLD)
TICK = timedelta(microseconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is noon, until the test moves the hands."""
    with time_machine.travel(NOW, tick=False) as hands:
        yield hands


@pytest.fixture
def holding(clock: time_machine.Traveller, cast: Cast, browser: Browser) -> Cast:
    """Both families come to an event that holds seats; Ngozi Okafor is deciding on seat 5."""
    alter_event(cast, hold_seconds=HOLD)
    everybody_comes(cast)
    assert browser.saved(hold(browser, cast.okafor, 0, cast.seat(1, 5)))
    return cast


def claims(cast: Cast) -> list[tuple[str, str]]:
    rows = cast.rows("SELECT s.label, c.state FROM seat_claims c JOIN seats s ON s.id = c.seat_id ORDER BY s.id")
    return [(row[0], row[1]) for row in rows]


def test_a_held_seat_is_theirs_while_they_decide(holding: Cast, browser: Browser) -> None:
    assert claims(holding) == [("5", "held")]
    assert plan(holding) == {}
    assert entries(holding)[2:] == ["seat.held"]
    page = browser.get(holding.okafor.path("/seats?table=1")).text
    assert "Seat 5 is held for Ngozi" in words_of(page, "sheet")
    assert "Confirm seat 5 for Ngozi" in words_of(page, "sheet")
    assert f'data-until="{END.isoformat()}"' in page
    assert "Seat 5, held for Ngozi Okafor. Let it go" in words_of(page, "seat-map")
    theirs = browser.get(holding.brandt.path("/seats?table=1")).text
    assert "Seat 5, someone is choosing it" in words_of(theirs, "seat-map")
    assert "Okafor" not in theirs


@pytest.mark.parametrize("verb", ["seat", "hold"])
def test_a_seat_that_is_being_chosen_is_told(holding: Cast, browser: Browser, verb: str) -> None:
    before = everything(holding.app)
    ask = take if verb == "seat" else hold
    text = refused(browser, ask(browser, holding.brandt, 0, holding.seat(1, 5)), 409, root="seating")
    assert words_of(text, "conflict").startswith("Someone is choosing seat 5 right now")
    assert "Being chosen" in words_of(text, "seat-map")
    assert words_of(text, "sheet").count("Take it") + words_of(text, "sheet").count("Move us") == 2
    assert everything(holding.app) == before


@pytest.mark.parametrize("verb", ["seat", "hold"])
def test_a_hold_ends_exactly_when_it_ends(
    holding: Cast, browser: Browser, clock: time_machine.Traveller, verb: str
) -> None:
    ask = take if verb == "seat" else hold
    clock.move_to(END - TICK)
    assert ask(browser, holding.brandt, 0, holding.seat(1, 5)).status_code == 409
    clock.move_to(END)
    assert browser.saved(ask(browser, holding.brandt, 0, holding.seat(1, 5)))
    assert claims(holding) == [("5", "taken" if verb == "seat" else "held")]


def test_a_hold_that_ran_out_is_shown_as_free(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    clock.move_to(END)
    for family in holding.families:
        assert "Seat 5, free" in words_of(browser.get(family.path("/seats?table=1")).text, "seat-map")


def test_a_confirmed_hold_is_a_seat(holding: Cast, browser: Browser) -> None:
    for _ in range(2):
        answer = browser.post(holding.okafor.path("/seats/confirm"))
        follow(browser, answer, root="seating", to=holding.okafor.path("/seats"))
    assert plan(holding) == {"Ngozi Okafor": "1-5"}
    assert entries(holding)[2:] == ["seat.held", "seat.taken"]


def test_a_hold_that_ran_out_is_still_confirmed_if_nobody_asked(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    clock.move_to(END + timedelta(hours=1))
    assert browser.saved(browser.post(holding.okafor.path("/seats/confirm")))
    assert plan(holding) == {"Ngozi Okafor": "1-5"}


def test_whoever_lost_a_hold_is_named_when_the_household_confirms(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    sheet = browser.get(holding.okafor.path("/seats?table=1")).text
    confirming = next(form for form in forms(sheet) if "/seats/confirm" in form.action)
    clock.move_to(END)
    assert browser.saved(take(browser, holding.brandt, 0, holding.seat(1, 6)))
    before = everything(holding.app)
    answer = browser.post(confirming.action, **{**confirming.sent_by("Confirm"), "csrf_token": browser.csrf_token()})
    told = words_of(refused(browser, answer, 409, root="seating"), "sheet")
    assert "Someone just took seat 6" in told
    assert "Here are the closest places for Daniel." in told
    assert everything(holding.app) == before, "all or none: Ngozi's seat is not taken either"


def test_all_holds_of_a_household_are_confirmed_at_once(holding: Cast, browser: Browser) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    hold(browser, holding.brandt, 0, holding.seat(1, 8))
    browser.post(holding.okafor.path("/seats/confirm"))
    assert plan(holding) == {"Ngozi Okafor": "1-5", "Daniel Okafor": "1-6"}
    assert claims(holding) == [("5", "taken"), ("6", "taken"), ("8", "held")]


def test_asking_again_begins_the_time_anew(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    clock.move_to(END - TICK)
    assert browser.saved(hold(browser, holding.okafor, 0, holding.seat(1, 5)))
    clock.move_to(END + timedelta(seconds=HOLD) - 2 * TICK)
    assert hold(browser, holding.brandt, 0, holding.seat(1, 5)).status_code == 409


def test_one_holds_one_seat_at_a_time(holding: Cast, browser: Browser) -> None:
    assert browser.saved(hold(browser, holding.okafor, 0, holding.seat(1, 6)))
    assert claims(holding) == [("6", "held")]


def test_a_seat_is_kept_until_the_next_one_is_confirmed(holding: Cast, browser: Browser) -> None:
    browser.post(holding.okafor.path("/seats/confirm"))
    hold(browser, holding.okafor, 0, holding.seat(2, 7))
    assert claims(holding) == [("5", "taken"), ("7", "held")]
    assert take(browser, holding.brandt, 0, holding.seat(1, 5)).status_code == 409
    browser.post(holding.okafor.path("/seats/confirm"))
    assert plan(holding) == {"Ngozi Okafor": "2-7"}
    assert claims(holding) == [("7", "taken")]


def test_letting_a_hold_go_keeps_the_seat(holding: Cast, browser: Browser) -> None:
    browser.post(holding.okafor.path("/seats/confirm"))
    hold(browser, holding.okafor, 0, holding.seat(2, 7))
    page = browser.get(holding.okafor.path("/seats?table=2")).text
    release = next(form for form in forms(page) if form.action.partition("?")[0].endswith("/seat/release"))
    sent = release.sent_by("Seat 7, held for Ngozi Okafor. Let it go")
    for _ in range(2):
        assert browser.saved(browser.post(release.action, seat_id=sent["seat_id"]))
    assert claims(holding) == [("5", "taken")]
    assert plan(holding) == {"Ngozi Okafor": "1-5"}
    assert entries(holding)[2:] == ["seat.held", "seat.taken", "seat.held", "seat.released"]
    browser.post(holding.okafor.path(f"/members/{holding.okafor.members[0]}/seat/release"))
    assert claims(holding) == [], "a form that names no seat gives everything back"


def test_holding_the_seat_one_has_changes_nothing(holding: Cast, browser: Browser) -> None:
    browser.post(holding.okafor.path("/seats/confirm"))
    before = everything(holding.app)
    assert browser.saved(hold(browser, holding.okafor, 0, holding.seat(1, 5)))
    assert everything(holding.app) == before


def test_whoever_declines_lets_the_hold_go(holding: Cast, browser: Browser) -> None:
    browser.post(holding.okafor.path(f"/members/{holding.okafor.members[0]}/rsvp"), status="declined")
    assert claims(holding) == []
    assert browser.saved(take(browser, holding.brandt, 0, holding.seat(1, 5)))


def test_a_seat_of_a_sibling_who_is_deciding_is_named(holding: Cast, browser: Browser) -> None:
    text = refused(browser, hold(browser, holding.okafor, 1, holding.seat(1, 5)), 409, root="seating")
    assert words_of(text, "conflict").startswith("Ngozi has seat 5")


def test_confirming_nothing_is_fine(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    before = everything(cast.app)
    follow(browser, browser.post(cast.okafor.path("/seats/confirm")), root="seating", to=cast.okafor.path("/seats"))
    assert everything(cast.app) == before


def test_a_taken_seat_does_not_run_out(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    seated(browser, holding.okafor, 1, holding.seat(1, 6))
    clock.move_to(NOW + timedelta(days=2))
    assert take(browser, holding.brandt, 0, holding.seat(1, 6)).status_code == 409
