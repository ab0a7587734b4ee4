"""The stream of the invitation: each household hears the mark that its page has now, and of nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import accept, everybody_comes, seated
from tests.streams import Watch, listening, watch


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    with listening(database.url) as app:
        yield app


@pytest.fixture
def evening(live: Flask) -> Cast:
    cast = make_cast(live)
    everybody_comes(cast)
    return cast


def mark(family: Family, app: Flask) -> str:
    """What the page says it shows."""
    page = Browser(app, htmx=False).get(family.path()).text
    found = re.search(r'data-mark="(\w+)"', page)
    assert found, "the page can be told of changes"
    return found[1]


def opened(family: Family, app: Flask) -> Watch:
    """An open page of a family, which has heard that it shows what is true."""
    page = watch(app, family.path("/news"))
    assert page.begins().text.strip() == mark(family, app)
    return page


def test_a_page_hears_what_another_phone_of_the_family_does_and_knows_its_own_doing(evening: Cast, live: Flask) -> None:
    other = opened(evening.okafor, live)
    before = mark(evening.okafor, live)
    seated(Browser(live, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    now = mark(evening.okafor, live)
    assert now != before
    other.says(now)
    accept(Browser(live, htmx=True), evening.okafor)
    assert mark(evening.okafor, live) == now, "saying the same again changes no page"


def test_nobody_hears_of_another_household(evening: Cast, live: Flask) -> None:
    family, other = opened(evening.okafor, live), opened(evening.brandt, live)
    seated(Browser(live, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    family.says(mark(evening.okafor, live))
    seated(Browser(live, htmx=True), evening.brandt, 0, evening.seat(1, 6))
    other.says(mark(evening.brandt, live))
    assert [len([each for each in page.heard if each.name == "ours"]) for page in (family, other)] == [2, 2]


def test_a_withdrawn_link_is_told_to_its_open_page_alone(evening: Cast, live: Flask) -> None:
    page, other = opened(evening.okafor, live), opened(evening.brandt, live)
    host = host_of(evening)
    revoke = f"/host/events/{evening.event_id}/invitations/{evening.okafor.id}/link/revoke"
    assert host.post(revoke).status_code == 303
    page.says("again")
    seated(Browser(live, htmx=True), evening.brandt, 0, evening.seat(1, 6))
    other.says(mark(evening.brandt, live))
    assert "again" not in other.text


def test_everybody_hears_that_the_event_is_another(evening: Cast, live: Flask) -> None:
    pages = [opened(evening.okafor, live), opened(evening.brandt, live)]
    called_off = host_of(evening).post(f"/host/events/{evening.event_id}/status/cancel")
    assert called_off.status_code == 303
    for page in pages:
        page.says("again")


def test_a_preview_listens_to_nothing(evening: Cast) -> None:
    host = host_of(evening)
    page = host.get(host.get(f"/host/events/{evening.event_id}/as-guest").location).text
    assert "This is a preview." in words_of(page)
    assert "hx-sse" not in page
