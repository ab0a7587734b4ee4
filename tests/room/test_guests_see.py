"""What guests see of a published room: at once, on open pages too, and with a word to whoever was moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.kit import clock
from tests.accounts.hosts import words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import everybody_comes, plan, seated
from tests.room.floor import Planner
from tests.room.test_publishing import publish
from tests.streams import listening, watch


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    """An application that hears of changes, and so keeps what it rendered."""
    with listening(database.url) as app:
        yield app


@pytest.fixture
def evening(live: Flask) -> Cast:
    """Two families who said yes an hour ago, at three tables."""
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        cast = make_cast(live, invitations=2, tables=3)
        everybody_comes(cast)
    return cast


def test_kept_pages_show_the_published_room_at_once(evening: Cast) -> None:
    host, phone = Planner(evening), Browser(evening.app, htmx=False)
    pages = [evening.brandt.path(rest) for rest in ("/seats", "/seats?view=plan", "/seats?table=1")]
    before = [words_of(phone.get(page).text) for page in pages]
    host.does("/landmarks", label="Buffet")
    host.does(f"/tables/{host.table('1')}", **host.about("1", note="under the lanterns", seats=11, x=100, y=700))
    assert [words_of(phone.get(page).text) for page in pages] == before, "a draft is nobody's business"
    publish(host, host.get("/publish").text)
    cards, floor, table = (phone.get(page).text for page in pages)
    assert "under the lanterns" in cards
    assert "Buffet" in floor
    assert 'cx="100" cy="700"' in floor
    assert "Seat 11, free" in words_of(table)


@pytest.mark.parametrize("change", ["landmark", "table"])
def test_an_open_page_is_told_to_look_again(evening: Cast, live: Flask, change: str) -> None:
    opened = watch(live, f"{evening.brandt.path('/live')}?view=plan&since={time.time():.3f}")
    assert opened.begins().name == ""
    host = Planner(evening)
    if change == "landmark":
        host.does("/landmarks", label="Buffet")
    else:
        host.does("/move", table=host.table("1"), x=100, y=700)
    publish(host, host.get("/publish").text)
    opened.says("stale")


def test_who_was_moved_is_told_so_until_they_have_seen_it(evening: Cast) -> None:
    phone, host = Browser(evening.app, htmx=False), Planner(evening)
    seated(phone, evening.okafor, 0, evening.seat(1, 5))
    seated(phone, evening.okafor, 1, evening.seat(1, 6))
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    assert "The hosts" not in words_of(phone.get(evening.okafor.path()).text)
    page = host.get("/publish").text
    last = sorted(evening.okafor.names[:2])[-1]
    place = evening.rows("SELECT id FROM guest_assignments WHERE display_name = :name", name=last)[0].id
    publish(host, page, leave=place)
    told = words_of(phone.get(evening.okafor.path()).text)
    (moved,) = plan(evening)
    assert f"The hosts moved {moved.split()[0]} to seat" in told, "also if the seat they had is no more"
    assert f"The hosts freed the seat of {last.split()[0]}. Another one can be picked." in told
    assert "The hosts" not in words_of(phone.get(evening.brandt.path()).text)
    row = evening.rows("SELECT id FROM guest_assignments WHERE display_name = :name", name=moved)[0]
    freed = host.browser.post(f"/host/events/{evening.event_id}/seating/free", place=row.id)
    assert freed.status_code == 303
    assert f"The hosts freed the seat of {moved.split()[0]}." in words_of(phone.get(evening.okafor.path()).text)
