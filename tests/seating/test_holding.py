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


def ends(cast: Cast) -> set[datetime]:
    """When what is held runs out."""
    rows = cast.rows("SELECT held_until FROM seat_claims WHERE state = 'held'")
    moments = [datetime.fromisoformat(str(row[0])) for row in rows]
    return {moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments}


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


def test_whatever_a_household_does_renews_all_its_holds(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    daniel, ada = holding.okafor.members[1:3]
    seat = holding.seat(1, 6)
    deeds: list[tuple[str, dict[str, object]]] = [
        (f"/members/{daniel}/hold", {"seat_id": seat}),
        (f"/members/{daniel}/seat/release", {}),
        (f"/members/{ada}/rsvp", {"status": "declined"}),
        (f"/members/{daniel}", {"meal": "Fish"}),
        ("/language", {"language": "es"}),
        ("/seats/keep", {}),
    ]
    for number, (path, fields) in enumerate(deeds, start=1):
        clock.move_to(NOW + timedelta(seconds=100 * number))
        before = entries(holding)
        assert browser.saved(browser.post(holding.okafor.path(path), **fields)), path
        assert ends(holding) == {NOW + timedelta(seconds=100 * number + HOLD)}, path
        assert len(entries(holding)) == len(before) + 1, "renewing is not news of its own"
    clock.move_to(END + timedelta(seconds=100 * len(deeds)))
    browser.post(holding.okafor.path("/language"), language="en")
    assert ends(holding) == {END + timedelta(seconds=100 * len(deeds))}, "what has run out stays so"


def test_what_others_do_renews_nothing(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    clock.move_to(END - TICK)
    seated(browser, holding.brandt, 0, holding.seat(1, 6))
    assert ends(holding) == {END}


def test_keeping_longer_begins_the_time_anew(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    clock.move_to(END - TICK)
    for _ in range(2):
        answer = browser.post(holding.okafor.path("/seats/keep"))
        follow(browser, answer, root="seating", to=holding.okafor.path("/seats"))
    assert ends(holding) == {END - TICK + timedelta(seconds=HOLD)}
    assert entries(holding)[2:] == ["seat.held", "seat.kept", "seat.kept"]


def test_a_hold_that_ran_out_is_taken_back_while_nobody_has_asked(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    clock.move_to(END + timedelta(days=1))
    assert browser.saved(browser.post(holding.okafor.path("/seats/keep")))
    assert claims(holding) == [("5", "held")]
    assert ends(holding) == {END + timedelta(days=1, seconds=HOLD)}


def test_keeping_what_is_left_when_one_is_gone(holding: Cast, browser: Browser, clock: time_machine.Traveller) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    held = [f"{holding.okafor.members[number]}-{holding.seat(1, 5 + number)}" for number in (0, 1)]
    clock.move_to(END)
    seated(browser, holding.brandt, 0, holding.seat(1, 6))
    assert browser.saved(browser.post(holding.okafor.path("/seats/keep"), held=held))
    assert claims(holding) == [("5", "held"), ("6", "taken")]
    assert plan(holding) == {"Ngozi Brandt": "1-6"}
    assert ends(holding) == {END + timedelta(seconds=HOLD)}


def test_there_is_nothing_to_keep_without_a_hold(cast: Cast, browser: Browser) -> None:
    everybody_comes(cast)
    before = everything(cast.app)
    assert browser.saved(browser.post(cast.okafor.path("/seats/keep")))
    assert everything(cast.app) == before


def test_a_page_that_does_not_say_what_it_showed_confirms_what_was_held_last(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    hold(browser, holding.okafor, 2, holding.seat(1, 7))
    clock.move_to(END)
    for number, label in enumerate((6, 7)):
        assert browser.saved(hold(browser, holding.brandt, number, holding.seat(1, label)))
    before = everything(holding.app)
    told = words_of(refused(browser, browser.post(holding.okafor.path("/seats/confirm")), 409, root="seating"), "sheet")
    assert "Someone is choosing seats 6 and 7 right now" in told
    assert "Here are the closest places for Daniel and Ada." in told
    assert "We let seat 5 go It is still free, and was held for Ngozi." in told
    assert everything(holding.app) == before, "all or none"


def test_a_page_tells_what_was_let_go_and_is_still_free(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    clock.move_to(END)
    page = browser.get(holding.okafor.path("/seats?table=1")).text
    told = words_of(page, "sheet")
    assert told == "We let seats 5 and 6 go They are still free, and were held for Ngozi and Daniel. Take them back"
    assert "let seat" not in words_of(browser.get(holding.brandt.path("/seats?table=1")).text, "sheet")
    form = next(form for form in forms(page) if "/seats/keep" in form.action)
    assert browser.saved(browser.post(form.action, held=form.sent_by("Take them back")["held"]))
    assert claims(holding) == [("5", "held"), ("6", "held")]


def test_a_page_tells_who_lost_what_and_where_to_go(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    """On any phone of the household, whatever it showed before."""
    clock.move_to(END)
    seated(browser, holding.brandt, 0, holding.seat(1, 5))
    for phone in (browser, Browser(holding.app, htmx=True)):
        page = phone.get(holding.okafor.path("/seats?table=1")).text
        told = words_of(page, "sheet")
        assert told.startswith("Someone just took seat 5 Your answers are safe. Here are the closest places for Ngozi.")
        assert "Seat 4, same table Take it" in told
        assert "Brandt" not in page
        assert "autofocus" not in page, "nobody has asked for it"
    clock.move_to(END + timedelta(minutes=30))
    assert "just took" not in browser.get(holding.okafor.path("/seats?table=1")).text, "no news any more"


def test_what_was_lost_and_is_free_again_can_be_taken_back(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    clock.move_to(END)
    seated(browser, holding.brandt, 0, holding.seat(1, 5))
    browser.post(holding.brandt.path(f"/members/{holding.brandt.members[0]}/seat/release"))
    page = browser.get(holding.okafor.path("/seats?table=1")).text
    assert words_of(page, "sheet").startswith("We let seat 5 go It is still free")
    form = next(form for form in forms(page) if "/seats/keep" in form.action)
    assert browser.saved(browser.post(form.action, held=form.sent_by("Take it back")["held"]))
    assert claims(holding) == [("5", "held")]


def test_a_seat_that_is_held_beside_one_that_was_lost_can_still_be_confirmed(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    clock.move_to(END)
    seated(browser, holding.brandt, 0, holding.seat(1, 5))
    page = follow(browser, hold(browser, holding.okafor, 1, holding.seat(1, 7)), root="seating",
                  to=holding.okafor.path("/seats"))  # fmt: skip
    told = words_of(page, "sheet")
    assert "Someone just took seat 5 Seat 7 is still held for Daniel." in told
    confirming = next(form for form in forms(page) if "/seats/confirm" in form.action)
    assert browser.saved(browser.post(confirming.action, held=confirming.sent_by("Confirm seat 7")["held"]))
    assert plan(holding)["Daniel Okafor"] == "1-7"


@pytest.mark.parametrize(
    ("zone", "begin", "shown"),
    [
        ("Europe/London", datetime(2026, 10, 25, 0, 58, tzinfo=UTC), "1:03 am"),  # 1:58 summer, and again
        ("Europe/London", datetime(2027, 3, 28, 0, 58, tzinfo=UTC), "2:03 am"),  # there is no 1:03
        ("America/New_York", datetime(2026, 11, 1, 5, 58, tzinfo=UTC), "1:03 am"),
        ("America/New_York", datetime(2027, 3, 14, 6, 58, tzinfo=UTC), "3:03 am"),
    ],
)
def test_on_the_days_the_clocks_change_a_hold_is_as_long_as_ever(
    clock: time_machine.Traveller, cast: Cast, browser: Browser, zone: str, begin: datetime, shown: str
) -> None:
    clock.move_to(begin)
    alter_event(cast, hold_seconds=HOLD, rsvp_deadline=None, time_zone=zone, starts_at=begin + timedelta(days=9),
                ends_at=begin + timedelta(days=10))  # fmt: skip
    everybody_comes(cast)
    assert browser.saved(hold(browser, cast.okafor, 0, cast.seat(1, 5)))
    assert ends(cast) == {begin + timedelta(seconds=HOLD)}
    page = browser.get(cast.okafor.path("/seats?table=1")).text
    assert f"Yours until {shown} while you decide" in words_of(page, "sheet")
    clock.move_to(begin + timedelta(seconds=HOLD) - TICK)
    assert hold(browser, cast.brandt, 0, cast.seat(1, 5)).status_code == 409
    clock.move_to(begin + timedelta(seconds=HOLD))
    assert browser.saved(hold(browser, cast.brandt, 0, cast.seat(1, 5)))


def test_what_a_household_let_go_itself_is_not_lost(
    holding: Cast, browser: Browser, clock: time_machine.Traveller
) -> None:
    hold(browser, holding.okafor, 1, holding.seat(1, 6))
    hold(browser, holding.okafor, 2, holding.seat(1, 7))
    browser.post(holding.okafor.path(f"/members/{holding.okafor.members[1]}/seat/release"))
    for status in ("declined", "accepted"):
        browser.post(holding.okafor.path(f"/members/{holding.okafor.members[2]}/rsvp"), status=status)
    for number, label in enumerate((6, 7)):
        seated(browser, holding.brandt, number, holding.seat(1, label))
    assert browser.saved(browser.post(holding.okafor.path("/seats/confirm")))
    assert plan(holding)["Ngozi Okafor"] == "1-5"


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
