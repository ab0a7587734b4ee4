"""A household is told that the hosts moved somebody of it, until it has seen it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.kit import clock
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import everybody_comes, everything, seated, take
from tests.streams import listening, watch


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Two families of four who come; the first of the first has a seat."""
    everybody_comes(cast)
    seated(Browser(cast.app, htmx=True), cast.okafor, 0, cast.seat(1, 5))
    return cast


def moves(cast: Cast, host: HostBrowser, number: int, seat_id: int) -> None:
    """The hosts put a member of the first family on a seat; seat 0 is none."""
    place = cast.count("SELECT id FROM guest_assignments WHERE member_id = :id", id=cast.okafor.members[number])
    answer = host.post(f"/host/events/{cast.event_id}/seating/seats", moves=f"{place}>{seat_id}")
    assert answer.status_code == 303, words_of(answer.text)


def told(cast: Cast) -> int:
    return cast.count("SELECT count(*) FROM seat_notices")


def said(cast: Cast) -> str:
    """What the seat page of the first family says."""
    return words_of(Browser(cast.app, htmx=True).get(cast.okafor.path("/seats")).text)


def test_the_next_visit_says_it_until_it_was_seen(evening: Cast, browser: Browser) -> None:
    moves(evening, host_of(evening), 0, evening.seat(2, 4))
    before = everything(evening.app)
    for path in ("", "/seats", "/seats", ""):
        assert "The hosts moved Ngozi to seat 4 at Table 2." in words_of(browser.get(evening.okafor.path(path)).text)
        assert "The hosts" not in words_of(browser.get(evening.brandt.path(path)).text)
    assert everything(evening.app) == before, "a look is no answer"
    answer = browser.post(evening.okafor.path("/seats/seen"), back="seats")
    assert browser.saved(answer)
    if not browser.htmx:
        assert answer.location == evening.okafor.path("/seats")
    for path in ("", "/seats"):
        assert "The hosts moved" not in words_of(browser.get(evening.okafor.path(path)).text)
    assert browser.saved(browser.post(evening.okafor.path("/seats/seen")))
    assert evening.count("SELECT count(*) FROM activity WHERE verb = 'notice.seen'") == 1


def test_whatever_the_household_does_next_shows_that_it_has_seen_it(evening: Cast) -> None:
    host, phone = host_of(evening), Browser(evening.app, htmx=True)
    moves(evening, host, 0, evening.seat(2, 4))
    assert phone.saved(phone.post(evening.okafor.path("/opened")))
    assert told(evening) == 1, "the first touch may be before a word was read"
    assert phone.saved(take(phone, evening.okafor, 1, evening.seat(2, 5)))
    assert told(evening) == 0
    assert "The hosts" not in words_of(phone.get(evening.okafor.path("/seats")).text)


def test_it_says_what_became_of_the_seat(evening: Cast) -> None:
    host = host_of(evening)
    moves(evening, host, 1, evening.seat(2, 6))
    assert "The hosts gave Daniel seat 6 at Table 2." in said(evening)
    moves(evening, host, 0, 0)
    assert "The hosts freed the seat of Ngozi. Another one can be picked." in said(evening)
    moves(evening, host, 0, evening.seat(2, 7))
    assert "The hosts moved Ngozi to seat 7 at Table 2." in said(evening), "the last word counts, told once"
    assert told(evening) == 2


def test_what_was_taken_back_before_anybody_saw_it_is_not_told(evening: Cast) -> None:
    host = host_of(evening)
    moves(evening, host, 0, evening.seat(2, 4))
    moves(evening, host, 1, evening.seat(2, 5))
    for _step in range(2):
        assert host.post(f"/host/events/{evening.event_id}/seating/undo").status_code == 303
    assert told(evening) == 0


def test_in_spanish(evening: Cast) -> None:
    moves(evening, host_of(evening), 0, evening.seat(2, 4))
    evening.run("UPDATE guests SET language = 'es'")
    page = words_of(Browser(evening.app, htmx=False).get(evening.okafor.path("/seats")).text)
    assert "Ngozi" in page


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    with listening(database.url) as app:
        yield app


def test_an_open_page_is_told_at_once_and_other_maps_turn(live: Flask) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        cast = make_cast(live)
        everybody_comes(cast)
        seated(Browser(live, htmx=True), cast.okafor, 0, cast.seat(1, 5))
    own, other = (
        watch(live, f"{family.path('/live')}?table=1&since={time.time():.3f}") for family in (cast.okafor, cast.brandt)
    )
    own.begins()
    other.begins()
    moves(cast, host_of(cast), 0, cast.seat(1, 8))
    told_text = other.says(f"seat-{cast.seat(1, 8)}").text
    assert f"seat-{cast.seat(1, 5)}" in told_text
    assert "The hosts" not in told_text
    own.says("ours")
    page = Browser(live, htmx=True).get(cast.okafor.path("/seats?table=1")).text
    assert "The hosts moved Ngozi to seat 8 at Table 1." in words_of(page)
