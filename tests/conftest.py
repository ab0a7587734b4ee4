"""Both engines, real: a file of SQLite and a server of PostgreSQL, each migrated once and emptied for every test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from portal import config, create_app
from portal.kit import clock
from portal.kit.limits import limiter
from portal.kit.schema import db
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.groups import Groups

ENGINES = ("sqlite", "postgresql")

TEMPLATES = config.VAR / "test-templates"
"""Where all applications of the tests, and the servers they start, share their compiled templates."""
TEMPLATES.mkdir(parents=True, exist_ok=True)
os.environ["TEMPLATE_CACHE"] = str(TEMPLATES)


settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # a machine with other work to do is no fault of the product


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Deal the tests out to the workers in groups."""
    return Groups(config, log)


def settings_for(url: str) -> dict[str, Any]:
    """The settings of production, with a database of the test's and cheap passwords."""
    environment = {"DATABASE_URL": url, "SECRET_KEY": "a key for tests, and only for tests", "PLACECARD_ENV": "test"}
    return {
        **config.from_environment(environment),
        "TESTING": True,
        "CHEAP_PASSWORDS": True,
        "TEMPLATE_CACHE": str(TEMPLATES),
        "RATELIMIT_ENABLED": False,
    }


class Database:
    """One engine's database of this worker: migrated once, then for each test as it was before anything happened."""

    def __init__(self, engine: str, folder: Path, worker: str) -> None:
        self.engine = engine
        self.file = folder / "placecard.sqlite"
        self.url = (
            f"sqlite:///{self.file}" if engine == "sqlite" else _fresh_postgres(f"placecard_{worker}_{os.getpid()}")
        )
        self.app = create_app(settings_for(self.url))
        with self.app.app_context():
            upgrade()
        self._keep("empty")
        self.cast = make_cast(self.app)
        self._keep("cast")

    def begin(self, state: str) -> None:
        """Back to the migrated database, ``empty`` or with nothing but the ``cast`` in it."""
        with self.app.app_context():
            if self.engine == "sqlite":
                db.engine.dispose()
                fresh = Path(shutil.copy(self.file.with_suffix(f".{state}"), self.file.with_suffix(".fresh")))
                for suffix in ("-wal", "-shm"):  # a leaked connection keeps its old file, and harms no other test
                    Path(f"{self.file}{suffix}").unlink(missing_ok=True)
                fresh.replace(self.file)  # at once: whoever still looks must not make an empty file in between
            else:
                with db.engine.begin() as connection:
                    connection.exec_driver_sql(_beginning(state))

    def _keep(self, state: str) -> None:
        """Remember what stands in the database now."""
        with self.app.app_context():
            if self.engine == "sqlite":
                db.engine.dispose()
                shutil.copy(self.file, self.file.with_suffix(f".{state}"))
            else:
                kept = "".join(f"CREATE TABLE kept_{state}.{name} AS TABLE {name}; " for name in _tables())
                with db.engine.begin() as connection:
                    connection.exec_driver_sql(f"CREATE SCHEMA kept_{state}; {kept}")


def _beginning(state: str) -> str:
    """Put back what every table held, whatever keys and triggers say, and let its numbers go on from there.

    A few rows are deleted ten times as fast as TRUNCATE makes new files.
    """
    statements = ["SET LOCAL session_replication_role = replica"]
    for name in _tables():
        statements.append(f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept_{state}.{name}")
        statements.append(f"SELECT setval('{name}_id_seq', coalesce(max(id), 1), max(id) IS NOT NULL) FROM {name}")
    return "; ".join(statements)


def _tables() -> list[str]:
    return [table.name for table in db.metadata.sorted_tables]


def _fresh_postgres(name: str) -> str:
    server = os.environ.get("TEST_POSTGRES_URL", "")
    if not server:
        pytest.exit("TEST_POSTGRES_URL is missing: run script/test, which starts a throw-away PostgreSQL.", 2)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, Database]]:
    """The databases of this worker, made when first asked for; their connections stay warm from test to test."""
    made: dict[str, Database] = {}
    yield made
    for one in made.values():
        with one.app.app_context():
            db.engine.dispose()


@pytest.fixture(params=ENGINES)
def database(
    request: pytest.FixtureRequest,
    databases: dict[str, Database],
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[Database]:
    """A database on each engine in turn: empty, unless the test asks for the cast."""
    engine: str = request.param
    if engine not in databases:
        databases[engine] = Database(engine, tmp_path_factory.mktemp(engine), worker_id)
    databases[engine].begin("cast" if "cast" in request.fixturenames else "empty")
    yield databases[engine]
    limiter.enabled = False  # there is one per process, and an application of this test may have turned it on


@pytest.fixture
def app(database: Database) -> Flask:
    """The application over that database."""
    return database.app


@pytest.fixture
def cast(database: Database) -> Cast:
    """Two families of four, two tables of ten, one host; nobody has answered."""
    return database.cast


@pytest.fixture
def htmx(app: Flask) -> Browser:
    """A phone with JavaScript."""
    return Browser(app, htmx=True)


@pytest.fixture
def plain(app: Flask) -> Browser:
    """A phone without JavaScript."""
    return Browser(app, htmx=False)


@pytest.fixture(params=[True, False], ids=["htmx", "plain"])
def browser(request: pytest.FixtureRequest, app: Flask) -> Browser:
    """Both in turn."""
    return Browser(app, htmx=request.param)


@pytest.fixture
def strict(database: Database) -> Iterator[Flask]:
    """The application with its limits on; the minute in which it counts does not pass, however long a test takes."""
    app = create_app({**settings_for(database.url), "RATELIMIT_ENABLED": True})
    with time_machine.travel(clock.now(), tick=False):
        yield app
    with app.app_context():
        db.engine.dispose()
