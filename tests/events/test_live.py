"""The host's stream: what kind of thing has changed, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask

from portal.kit import clock
from tests.accounts.hosts import HostBrowser, add_host, host_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import everybody_comes, seated
from tests.events.evening import address
from tests.markup import elements
from tests.patience import wait_for
from tests.streams import Watch, listeners_of, listening


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    with listening(database.url) as app:
        yield app


@pytest.fixture
def evening(live: Flask) -> Cast:
    """Two families who said yes an hour ago."""
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        cast = make_cast(live)
        everybody_comes(cast)
    return cast


def looks(cast: Cast, host: HostBrowser, *, ago: float = 0) -> Watch:
    answer = host.client.get(f"{address(cast, '/live')}?since={time.time() - ago:.3f}")
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    return Watch(answer)


def test_each_kind_of_change_is_named_and_nobody_is(evening: Cast, live: Flask) -> None:
    desk = looks(evening, host_of(evening))
    assert desk.begins().name == "", "nothing has happened since the page was written"
    seated(Browser(live, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    desk.says("seats")
    member = evening.brandt.members[1]
    phone = Browser(live, htmx=True)
    assert phone.saved(phone.post(evening.brandt.path(f"/members/{member}/rsvp"), status="declined"))
    desk.says("invitations")
    assert {message.name for message in desk.heard} <= {"", "seats", "invitations", "news"}
    assert {message.text for message in desk.heard} == {""}


def test_what_comes_quickly_is_told_at_most_once_a_second(evening: Cast, live: Flask) -> None:
    desk = looks(evening, host_of(evening))
    phone = Browser(live, htmx=True)
    seated(phone, evening.okafor, 0, evening.seat(1, 5))
    first = desk.says("news").at
    for number in (1, 2, 3):
        seated(phone, evening.okafor, number, evening.seat(1, 5 + number))
    told = wait_for(lambda: [message.at for message in desk.heard if message.name == "news"][1:])
    assert min(later - sooner for sooner, later in pairwise([first, *told])) >= 0.99, (
        "three picks are no three tellings"
    )


def test_who_comes_back_is_told_what_kind_of_thing_they_missed(evening: Cast, live: Flask) -> None:
    host = host_of(evening)
    first = looks(evening, host)
    first.begins()
    seated(Browser(live, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    first.says("seats")
    back = looks(evening, host, ago=600)
    back.says("seats")
    assert "everything" not in {message.name for message in back.heard}
    looks(evening, host, ago=4000).says("everything")


def test_every_part_fetches_itself_on_a_word_that_the_stream_says(evening: Cast) -> None:
    page = host_of(evening).get(address(evening)).text
    triggers = {
        each.attributes["id"]: each.attributes["hx-trigger"] for each in elements(page) if "hx-get" in each.attributes
    }
    assert set(triggers) == {"tallies", "todo", "room", "meals", "parts", "feed"}
    assert all("poll from:document" in trigger for trigger in triggers.values()), "also where there is no stream"
    assert all("news" in triggers[name] for name in ("tallies", "todo", "room", "parts", "feed"))
    assert all(word in triggers["meals"] for word in ("members", "seats", "invitations", "everything"))


def test_the_page_of_everything_to_sort_out_listens_to_what_the_overview_listens_to(evening: Cast) -> None:
    host = host_of(evening)
    page = host.get(address(evening, "/to-sort-out")).text
    [part] = [each.attributes for each in elements(page) if "hx-get" in each.attributes]
    assert part["hx-trigger"] == "news from:document, poll from:document"
    assert f'hx-sse:connect="{address(evening, "/live")}?since=' in page
    assert host.part(part["hx-get"]).text.strip() in page, "what it fetches is what it was"


def test_only_hosts_of_the_event_listen_and_each_only_so_often(evening: Cast, live: Flask) -> None:
    add_host(live, "noor@example.org", organization="Riverside Hall")
    other, host = HostBrowser(live), host_of(evening)
    other.sign_in("noor@example.org")
    assert other.get(address(evening, "/live")).status_code == 404
    assert HostBrowser(live).get(address(evening, "/live")).status_code == 303
    assert listeners_of(live) == []
    for _ in range(20):
        looks(evening, host)
    refused = host.client.get(address(evening, "/live"))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
