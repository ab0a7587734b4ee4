"""Six hundred tables: as few statements as for two, a part of the room at a time, and no page that nobody can bear."""

from __future__ import annotations

import re

import pytest

from tests.accounts.hosts import words_of
from tests.cast import Cast
from tests.room.floor import Planner
from tests.statements import statements


@pytest.fixture
def host(cast: Cast) -> Planner:
    return Planner(cast)


def test_a_large_room_is_laid_looked_at_edited_and_published(cast: Cast, host: Planner) -> None:
    with statements(cast.app) as few:
        host.get()
    host.does("/lay", words="598 round tables of 10")
    with statements(cast.app) as many:
        page = host.get().text
    assert len(many) <= len(few) + 2, "statements do not grow with the room"
    assert len(page) < 400_000
    parts = re.findall(r"zone=(\d+)\"[^>]*>\s*Part", page)
    assert len(parts) > 10
    shown = [len(re.findall(r'data-moves="table"', host.get(f"?zone={part}").text)) for part in parts[:3]]
    assert max(shown) <= 48
    host.does("/move", table=-597, x=100, y=13_000)
    assert 'id="table--597"' in host.get("?table=-597").text, "the part that holds what is chosen is shown"
    assert "A room holds up to 600 tables. There would be 601." in words_of(host.get("/lay?words=1+round+4").text)
    with statements(cast.app) as publishing:
        host.does("/publish")
    assert len(publishing) < 30
    assert cast.count("SELECT count(*) FROM seats WHERE event_id = :event", event=cast.event_id) == 6000
    assert len(host.names()) == 600
