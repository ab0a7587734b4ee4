"""A crowd for all races of this worker, and the state of the room after one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask_migrate import upgrade

from portal import create_app
from portal.kit.schema import db
from tests.cast import Cast, make_cast
from tests.conftest import ENGINES, settings_for
from tests.migrations.scratch import drop_database, new_database
from tests.races.crowd import Crowd
from tests.races.server import Phone, Server

CROWD = 4
WORKERS = 3


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Four processes, each with threads of its own."""
    crowd = Crowd(CROWD)
    yield crowd
    crowd.close()


@dataclass(frozen=True)
class Venue:
    """A database of this module's own, and the server in front of it."""

    app: Flask
    server: Server
    phones: list[Phone] = field(default_factory=list)

    def phone(self, *, htmx: bool) -> Phone:
        """A phone that has not opened any page yet."""
        self.phones.append(Phone(self.server.port, htmx=htmx))
        return self.phones[-1]

    def twin(self, phone: Phone) -> Phone:
        """Another tab of a phone."""
        self.phones.append(phone.twin())
        return self.phones[-1]

    def hang_up(self) -> None:
        """End every connection."""
        while self.phones:
            self.phones.pop().close()

    def cast(self, slug: str, **wishes: int) -> Cast:
        """Another event beside those of the other tests."""
        return make_cast(self.app, slug=slug, **wishes)


@contextmanager
def open_venue(url: str, *options: str, workers: int = WORKERS, **environment: str) -> Iterator[Venue]:
    """Migrate an empty database and put a server in front of it; both go afterwards."""
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    server = Server(url, workers, *options, **environment)
    try:
        yield Venue(app, server)
    finally:
        server.stop()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def venue_on(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Callable[[str], Venue]]:
    """A server of three processes for each engine, started when it is first needed."""
    opened: dict[str, Venue] = {}

    def venue_on(engine: str) -> Venue:
        if engine not in opened:
            url = new_database(engine, tmp_path_factory.mktemp("venue"), f"venue_{worker_id}")
            stack.callback(drop_database, url)
            opened[engine] = stack.enter_context(open_venue(url))
        return opened[engine]

    with ExitStack() as stack:
        yield venue_on


@pytest.fixture(params=ENGINES)
def venue(request: pytest.FixtureRequest, venue_on: Callable[[str], Venue]) -> Iterator[Venue]:
    """The server on each engine in turn, the same for all tests."""
    venue = venue_on(request.param)
    yield venue
    venue.hang_up()
