"""What this process has heard, whoever said it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Protocol

from sqlalchemy import Engine

from portal.kit.live.announcements import Announced

PATIENCE = 1.0
"""Seconds a first stream waits for its process to hear the others; if they cannot be heard, it begins without."""


class Wire(Protocol):
    """How the processes that share a database hear each other."""

    def tell(self, announced: Announced, /) -> str:
        """Add the announcements to the running transaction; its number among all that are told, if it has one."""

    def told(self, ears: Ears, number: str, announced: Announced, /) -> None:
        """Hear in this process what it has just committed, before anything is rendered from it."""

    def listen(self, ears: Ears, engine: Engine) -> None:
        """Tell ``ears`` what is heard, and whether anything can be, until they are closed."""


class Ears:
    """A number for every event that grows with each change, and whoever wants to be told of one.

    Attributes:
        wire: how the others are heard.
        listens: whether this process listens at all; commands and tests do not.
        aside: topics that are told and make nothing old.
        closed: set once nobody wants to hear any more.
    """

    def __init__(self, wire: Wire, *, listens: bool, aside: Collection[str] = ()) -> None:
        self.wire = wire
        self.listens = listens
        self.aside = aside
        self.closed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._hears = threading.Event()
        self._everything = 0
        self._events: dict[int, int] = {}
        self._wanting: list[Callable[[int | None, str], None]] = []

    def open(self, engine: Engine) -> None:
        """Begin to listen, where this process may; in a thread of its own, and so after any fork."""
        if not self.listens or self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, args=(engine,), daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait a moment until the others are heard, so that a stream which begins now begins with what is known."""
        if self.listens:
            self._hears.wait(PATIENCE)

    def close(self) -> None:
        """Listen no more, and have everybody notice."""
        self.closed.set()
        self._tell(None, "")
        if self._thread is not None:
            self._thread.join()

    @property
    def can_hear(self) -> bool:
        """Whether what others say comes in."""
        return self._hears.is_set()

    def version(self, event_id: int) -> int | None:
        """The number of an event, or None while nothing can be heard."""
        return self._everything + self._events.get(event_id, 0) if self.can_hear else None

    def want(self, call: Callable[[int | None, str], None]) -> None:
        """Have ``call`` told event and topic of everything heard; no event means anything may have changed."""
        self._wanting.append(call)

    def heard(self, announced: Collection[tuple[int, str]]) -> None:
        """Something changed at these events."""
        with self._lock:
            for event_id in {event_id for event_id, topic in announced if topic not in self.aside}:
                self._events[event_id] = self._events.get(event_id, 0) + 1
        for event_id, topic in announced:
            self._tell(event_id, topic)

    def hears(self) -> None:
        """From now on nothing is missed; what was before is unknown, so everything counts as changed."""
        with self._lock:
            self._everything += 1
        self._tell(None, "")
        self._hears.set()

    def is_deaf(self) -> None:
        """Whatever the others say now is missed."""
        self._hears.clear()

    def _listen(self, engine: Engine) -> None:
        try:
            self.wire.listen(self, engine)
        finally:
            self.is_deaf()

    def _tell(self, event_id: int | None, topic: str) -> None:
        for call in self._wanting:
            call(event_id, topic)
