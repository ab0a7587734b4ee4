"""Streams are routes like any other: for whom they are, how many they may have, and what they carry in their head."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.guest_routes import STREAMS
from tests.security.test_headers import check
from tests.streams import listeners_of, listening


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    with listening(database.url) as app:
        yield app


@pytest.fixture
def evening(live: Flask) -> Cast:
    return make_cast(live)


@pytest.mark.parametrize("name", STREAMS)
def test_only_a_link_opens_a_stream(evening: Cast, live: Flask, name: str) -> None:
    browser, route = Browser(live, htmx=True), STREAMS[name]
    for link in ("/i/forged", f"/i/{evening.okafor.code}", f"/i/{evening.okafor.token}x"):
        assert route.ask(browser, evening, evening.okafor, link=link).status_code == 404
    evening.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=evening.okafor.id)
    assert route.ask(browser, evening, evening.okafor).status_code == 410
    evening.run("UPDATE events SET status = 'draft'")
    assert route.ask(browser, evening, evening.brandt).status_code == 404
    assert listeners_of(live) == []


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_as_protected_as_a_page(evening: Cast, live: Flask, name: str) -> None:
    path = STREAMS[name].address(evening.okafor.path(), evening.okafor.members[0])
    answers = [live.test_client().get(path, headers={"Accept-Encoding": "br, gzip"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    for answer in answers:
        check(answer)
    for answer in answers[:6]:
        assert answer.mimetype == "text/event-stream"
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert "Content-Encoding" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "Content-Length" not in answer.headers
    for answer in answers:
        answer.close()
    assert listeners_of(live) == []


@pytest.mark.parametrize("name", STREAMS)
def test_where_nobody_listens_a_stream_is_refused_as_any_answer_is(cast: Cast, browser: Browser, name: str) -> None:
    answer = STREAMS[name].ask(browser, cast, cast.okafor)
    assert answer.status_code == 503
    check(answer)
