"""Many people at the same instant: real processes, each with threads of its own, on one database.

An *errand* is a function of a module: given a wish it prepares whatever does
not belong to the race — it reads the page, as a phone would have — and returns
what is to be done at the signal. Every process has its own application, pool
and interpreter, as a worker of the server has.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask

from portal import create_app
from portal.kit import database
from portal.kit.conflicts import Conflict
from portal.kit.schema import db
from tests.conftest import settings_for

Errand = Callable[[Any], Callable[[], object]]

PATIENCE = 120.0
"""Seconds after which a rush has hung, and fails."""

READY, GO = "ready", "go"
DONE = "done"


@dataclass(frozen=True)
class Outcome:
    """What came of a wish: ``done``, the name of the rule that refused, or the error nobody should see."""

    wish: Any
    said: str


def tally(outcomes: Sequence[Outcome]) -> Counter[str]:
    """How often each thing was said."""
    return Counter(outcome.said for outcome in outcomes)


class Crowd:
    """Processes that wait for errands; made once, since starting them is what costs."""

    def __init__(self, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._processes = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_attend, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)

    def rush(self, url: str, errand: Errand, wishes: Sequence[Any]) -> list[Outcome]:
        """Run the errand once for each wish, all at the same moment, dealt out to all processes."""
        count = len(self._ends)
        for number, end in enumerate(self._ends):
            end.send((url, errand, list(wishes[number::count])))
        for end in self._ends:
            assert self._hear(end, errand) == READY
        for end in self._ends:
            end.send(GO)
        outcomes = [outcome for end in self._ends for outcome in self._hear(end, errand)]
        assert len(outcomes) == len(wishes)
        return outcomes

    def _hear(self, end: Connection, errand: Errand) -> Any:
        if not end.poll(PATIENCE):
            self.close()
            raise TimeoutError(f"{errand.__name__} hung for more than {PATIENCE:.0f} seconds")
        return end.recv()

    def close(self) -> None:
        """Send everybody home."""
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.join(timeout=5)
            if process.is_alive():
                process.kill()


def _attend(end: Connection) -> None:
    """The life of one process: errands until nobody sends any more.

    Its threads take turns a hundred times as often as usual, so that they get
    between each other's statements also where there is one core for all. On a
    busy machine hundreds in one line may wait longer than anybody should have
    to: here nobody is sent away for that.
    """
    sys.setswitchinterval(0.00005)
    database.BUSY_SECONDS = PATIENCE
    apps: dict[str, Flask] = {}
    while True:
        try:
            url, errand, wishes = end.recv()
        except EOFError:
            return
        if url not in apps:
            apps[url] = create_app(_unhurried(settings_for(url)))
        end.send(_run(apps[url], errand, wishes, end))


def _unhurried(settings: dict[str, Any]) -> dict[str, Any]:
    """The same settings, but PostgreSQL lets people wait for a connection and for a lock as long as for the rest."""
    options = settings["SQLALCHEMY_ENGINE_OPTIONS"]
    if "pool_timeout" not in options:
        return settings
    told = options["connect_args"]["options"].replace("lock_timeout=3s", f"lock_timeout={PATIENCE:.0f}s")
    changed = {**options, "pool_timeout": PATIENCE, "connect_args": {"options": told}}
    return {**settings, "SQLALCHEMY_ENGINE_OPTIONS": changed}


def _run(app: Flask, errand: Errand, wishes: Sequence[Any], end: Connection) -> list[Outcome]:
    outcomes: list[Outcome] = []
    ready = threading.Barrier(len(wishes) + 1, timeout=PATIENCE)
    signal = threading.Event()

    def fulfil(wish: Any) -> None:
        with app.app_context():
            act, said = _prepare(errand, wish)
            ready.wait()
            signal.wait(PATIENCE)
            outcomes.append(Outcome(wish, said or _say(act)))

    threads = [threading.Thread(target=fulfil, args=(wish,), daemon=True) for wish in wishes]
    for thread in threads:
        thread.start()
    ready.wait()
    end.send(READY)
    assert end.recv() == GO
    signal.set()
    for thread in threads:
        thread.join(PATIENCE)
    with app.app_context():
        db.engine.dispose()
    return outcomes


def _prepare(errand: Errand, wish: Any) -> tuple[Callable[[], object], str]:
    try:
        return errand(wish), ""
    except Exception as error:
        return lambda: None, f"while preparing: {error!r}"
    finally:
        db.session.remove()


def _say(act: Callable[[], object]) -> str:
    try:
        return str(act() or DONE)
    except Conflict as conflict:
        return conflict.rule
    except Exception as error:
        return repr(error)
