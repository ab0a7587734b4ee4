"""Counters that live in the database, and what is counted at all."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine
from flask import Flask
from sqlalchemy import text

from portal.kit.limits import DatabaseStorage
from portal.kit.schema import db
from tests.client import Browser
from tests.conftest import Database
from tests.kit.lab import laboratory

BEGINNING = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
WRONG = "0000-0000-0000"


def test_a_window_counts_up_and_begins_anew_when_it_has_passed(app: Flask) -> None:
    storage = DatabaseStorage("database://")
    with app.app_context(), time_machine.travel(BEGINNING, tick=False) as clock:
        assert [storage.incr("door", 60), storage.incr("door", 60), storage.incr("door", 60, 5)] == [1, 2, 7]
        assert (storage.get("door"), storage.get("window")) == (7, 0)
        assert storage.get_expiry("door") == BEGINNING.timestamp() + 60
        clock.shift(59)
        assert storage.incr("door", 60) == 8, "the window does not slide"
        clock.shift(1)
        assert storage.get("door") == 0
        assert storage.incr("door", 60) == 1


def test_counters_are_forgotten_one_by_one_or_all(app: Flask) -> None:
    storage = DatabaseStorage("database://")
    with app.app_context():
        for key in ("door", "window", "gate"):
            storage.incr(key, 60)
        storage.clear("door")
        assert [storage.get(key) for key in ("door", "window", "gate")] == [0, 1, 1]
        assert storage.reset() == 2
        assert [storage.get(key) for key in ("window", "gate")] == [0, 0]
        assert storage.check()


def test_wrong_codes_are_limited_across_processes_and_right_ones_are_not(database: Database) -> None:
    """Two applications over one database are two processes to the counters."""
    apps = [laboratory(database.url, RATELIMIT_ENABLED=True) for _ in range(2)]
    phones = [Browser(app, htmx=False) for app in apps]
    with time_machine.travel(BEGINNING, tick=False):
        tried = [phones[number % 2].post("/", code=WRONG) for number in range(12)]
    assert [answer.status_code for answer in tried] == [422] * 10 + [429] * 2
    assert "There were many tries in a short time." in tried[-1].text
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def test_nothing_personal_stands_in_a_counter(database: Database) -> None:
    app = laboratory(database.url, RATELIMIT_ENABLED=True)
    phone = Browser(app, htmx=False)
    phone.post("/sign-in", email="ada@example.org", password="wrong")
    with app.app_context():
        with db.engine.connect() as connection:
            keys = list(connection.scalars(text("SELECT key FROM rate_counters")))
        db.engine.dispose()
    assert keys
    assert not any("ada" in key for key in keys)
