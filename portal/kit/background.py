"""Work that outlasts a request: it goes on beside the pages, and its state is in the database.

There is no queue. Whoever asks for the work begins it; if its process ends, the
next one who looks begins it again where it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

import structlog
from flask import Flask, current_app
from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool

R = TypeVar("R")
T = TypeVar("T")
log = structlog.get_logger()

SHARE, PAUSE = 0.01, 0.001
"""Seconds that a work may take at once, and that it then leaves to others at least."""


def begin(work: Callable[[], None], *, patience: float) -> None:
    """Begin ``work`` beside this request, in a context of its own.

    Args:
        work: keeps what it has done in the database, and may end at any moment.
        patience: seconds that the request waits for it, so that what is quickly
            done is done when its page opens. Where no server answers meanwhile
            (a command, a test) it waits to the end.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_run, args=(app, work), daemon=True)
    thread.start()
    thread.join(patience if app.config.get("LIVE") else None)


def _run(app: Flask, work: Callable[[], None]) -> None:
    with app.app_context():
        try:
            work()
        except Exception:
            log.exception("work beside the requests failed")


class Turns:
    """Work in pieces shares its process: after a few milliseconds of it, it is the turn of whoever waits for a page."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def pass_on(self) -> None:
        """Let others go on, if this work has had its share."""
        if time.monotonic() - self._since > SHARE:
            time.sleep(PAUSE)
            self._since = time.monotonic()

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """Each of these; after it, others may go on."""
        for thing in things:
            yield thing
            self.pass_on()


def aside(work: Callable[[], R]) -> R:
    """Do CPU-bound ``work`` in a thread of the system: inline it would hold up every page of this process."""
    if is_module_patched("threading"):
        result: R = _thread().apply(work)
        return result
    return work()


@cache
def _thread() -> ThreadPool:
    """One at a time in each process; checking passwords has its own."""
    return ThreadPool(1)
