"""Connections: first come, first served; who gives up takes none away."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout
from sqlalchemy.pool import QueuePool

from portal.kit import pool
from portal.kit.pool import FairPool
from portal.kit.schema import db
from tests.conftest import Database
from tests.patience import wait_for


def engine_of(database: Database, kind: type[QueuePool] = FairPool, patience: float = 20) -> Engine:
    """One connection for everybody."""
    return create_engine(database.url, poolclass=kind, pool_size=1, max_overflow=0, pool_timeout=patience)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = engine_of(database)
    yield engine
    engine.dispose()


def in_line(engine: Engine) -> int:
    return len(engine.pool._pool._line)  # type: ignore[attr-defined]  # nobody but a test needs to know


def test_who_asked_first_is_served_first(engine: Engine) -> None:
    """Also before somebody who asks at the very moment a connection comes back, and before the first is awake."""
    served: list[str] = []

    def serve(name: str) -> None:
        with engine.connect():
            served.append(name)

    asking = []
    with engine.connect():
        for place, name in enumerate(["Ada", "Ben", "Chi"], start=1):
            asking.append(threading.Thread(target=serve, args=(name,)))
            asking[-1].start()
            wait_for(lambda place=place: in_line(engine) == place)  # type: ignore[misc]
    serve("Dan")
    for thread in asking:
        thread.join(20)
    assert served == ["Ada", "Ben", "Chi", "Dan"]


def test_what_has_begun_goes_first(app: Flask, engine: Engine) -> None:
    """A request reads, writes and reads again: it stands in line once, however many came after it."""
    served: list[str] = []

    def serve() -> None:
        with engine.connect():
            served.append("a new request")

    with app.app_context():
        reading = engine.connect()
        others = [threading.Thread(target=serve) for _ in range(3)]
        for place, other in enumerate(others, start=1):
            other.start()
            wait_for(lambda place=place: in_line(engine) == place)  # type: ignore[misc]
        reading.close()
        with engine.connect():
            served.append("the one that had begun")
    for other in others:
        other.join(20)
    assert served.index("the one that had begun") <= 1, "only whoever was handed the connection was quicker"
    assert len(served) == 4


def test_who_gives_up_is_told_and_takes_none_away(database: Database) -> None:
    engine = engine_of(database, patience=0.01)
    with engine.connect(), pytest.raises(SQLAlchemyTimeout):
        engine.connect()
    assert in_line(engine) == 0
    with engine.connect():
        assert engine.pool.checkedin() == 0  # type: ignore[attr-defined]
    assert engine.pool.checkedin() == 1  # type: ignore[attr-defined]
    engine.dispose()


def test_who_is_made_to_go_hands_on_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is stopped just as a connection is handed to somebody in line."""
    line = pool.Line(1)

    class Stopped:
        given: object = None

        def __init__(self) -> None:
            self.turn = self

        def acquire(self, **_patience: float) -> bool:
            line.put("a connection")
            raise KeyboardInterrupt

        def release(self) -> None:
            """Nobody waits any more."""

    monkeypatch.setattr(pool, "_Waiting", Stopped)
    with pytest.raises(KeyboardInterrupt):
        line.get(timeout=1)
    assert line.get(block=False) == "a connection"


def test_the_application_stands_in_line(app: Flask) -> None:
    with app.app_context():
        assert isinstance(db.engine.pool, FairPool)
