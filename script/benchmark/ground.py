"""What is measured on: a fresh database on each engine, production servers before it, and events in it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade

from benchmark.phone import Phone
from portal import config, create_app
from portal.demo.actions import PlainEvent, prepare_event
from portal.demo.queries import contract
from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import get_viewer
from portal.kit import clock
from portal.kit.schema import db

ENGINES = ("SQLite", "PostgreSQL")
SECRET_KEY = secrets.token_urlsafe(48)
STARTING = 30.0
"""Seconds after which a server that has not answered never will."""


@dataclass(frozen=True)
class Household:
    """A family of the benchmark: the path of its link, and its members in order."""

    path: str
    members: list[int]


@dataclass(frozen=True)
class Evening:
    """One event: its households, and the ids of the seats that anybody may take, by table in order."""

    id: int
    households: list[Household]
    tables: dict[str, list[int]]

    @property
    def seats(self) -> list[tuple[str, int]]:
        """Every one of these seats with its table."""
        return [(table, seat) for table, seats in self.tables.items() for seat in seats]


class Ground:
    """One engine's fresh database, and an application on it that prepares what is measured."""

    _numbers = count(1)

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        name = f"placecard_bench_{os.getpid()}_{next(self._numbers)}"
        self.file = folder / f"{name}.sqlite"
        self.url = f"sqlite:///{self.file}" if engine == "SQLite" else _new_database(name)
        self._app = create_app(config.from_environment(self.environment))
        with self._app.app_context():
            upgrade(directory=str(config.ROOT / "migrations"))

    @property
    def environment(self) -> dict[str, str]:
        """The settings of production, for this database."""
        return {"PLACECARD_ENV": "production", "SECRET_KEY": SECRET_KEY, "DATABASE_URL": self.url}

    @contextmanager
    def application(self) -> Iterator[Flask]:
        """The application in this process; whatever it opened is closed again."""
        with self._app.app_context():
            yield self._app
            db.session.remove()
            db.engine.dispose()

    def evening(self, households: int, tables: int, seats: int, *, coming: bool = False) -> Evening:
        """A new event with families of four; if they come, all of them have said so."""
        with self.application():
            wish = PlainEvent(f"bench-{next(self._numbers)}", households, 4, tables, seats, 0)
            found = contract(prepare_event(wish, password_hash="nobody signs in", now=clock.now()))
            if coming:
                for invitation in found["invitations"]:
                    viewer = get_viewer(invitation["token"], clock.now())
                    everybody = {member.id: Rsvp.ACCEPTED for member in viewer.members}
                    answer(viewer, everybody, now=clock.now())
        by_table: dict[str, list[int]] = {}
        for seat in found["seats"]:
            if seat["category"] == "regular":
                by_table.setdefault(seat["table"], []).append(seat["id"])
        families = [
            Household(f"/i/{family['token']}", [member["id"] for member in family["members"]])
            for family in found["invitations"]
        ]
        return Evening(found["event"]["id"], families, by_table)

    def drop(self) -> None:
        """Remove the database."""
        if self.engine == "PostgreSQL":
            with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.url.rpartition("/")[2]}" WITH (FORCE)'.encode())


class Server:
    """Gunicorn with the settings of production on a port of the loopback."""

    def __init__(
        self, environment: Mapping[str, str], application: str = "app:app", *, cores: int = 0, at: Path = config.ROOT
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port: int = door.getsockname()[1]
        pinned = ["taskset", "-c", ",".join(str(core) for core in range(cores))] if cores else []
        python = sys.executable if at == config.ROOT else str(at / ".venv/bin/python")
        gunicorn = [python, "-m", "gunicorn", "--log-level", "error", "--graceful-timeout", "2", application]
        self.process = subprocess.Popen(
            [*pinned, *gunicorn],
            cwd=at,
            env={**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(self.port)},
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + STARTING
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if Phone(self.port).get("/").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server does not start")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STARTING)

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()]

    def megabytes(self) -> float:
        """Memory of all its processes, shared pages counted once."""
        return sum(_proportional(pid) for pid in [self.process.pid, *self.workers()]) / 1024


def interleaved(rounds: int, works: Sequence[Any]) -> Iterator[Any]:
    """Every work once a round, so that whatever else this machine does meets all of them alike."""
    for _ in range(rounds):
        yield from works


def _proportional(pid: int) -> int:
    """Kilobytes of a process; a page that several share is divided among them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _new_database(name: str) -> str:
    server = os.environ["TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server.rpartition('/')[0]}/{name}"
