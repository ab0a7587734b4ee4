"""SQLite: the log is the announcement; a counter in the file's head says when to look at it."""

from __future__ import annotations

import sqlite3
import threading

from sqlalchemy import Engine, Select
from sqlalchemy.dialects.sqlite import dialect

from portal.kit.live.announcements import Announced, topic_of
from portal.kit.live.ears import Ears

LOOK_EVERY = 0.05
"""Seconds between two looks at the counter, which costs a few microseconds."""

PAUSE = 1.0
"""Seconds until a file that could not be read is tried again."""


class SqliteWire:
    """Reads new entries of the log on a connection of its own.

    There is one writer at a time and nothing is ever removed from the log, so
    the ids of its entries are in the order of their commits: whatever is
    greater than the last one seen is new.
    """

    def __init__(self, entries_since: Select[int, int | None, str]) -> None:
        self._entries_since = str(entries_since.compile(dialect=dialect()))
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._last = 0

    def tell(self, _announced: Announced, /) -> str:
        """Nothing to add: the entry stands in the log already."""
        return ""

    def told(self, ears: Ears, _number: str, _announced: Announced, /) -> None:
        """Look at once."""
        if ears.can_hear:
            self._look(ears)

    def listen(self, ears: Ears, engine: Engine) -> None:
        """Watch the counter, which the commit of another connection changes."""
        while not ears.closed.is_set():
            try:
                self._open(str(engine.url.database))
                ears.hears()
                self._watch(ears)
            except sqlite3.Error:
                ears.is_deaf()
                ears.closed.wait(PAUSE)
            finally:
                self._close()

    def _open(self, file: str) -> None:
        with self._lock:
            self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA query_only=ON")
            self._last = self._connection.execute("SELECT coalesce(max(id), 0) FROM activity").fetchone()[0]

    def _close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _watch(self, ears: Ears) -> None:
        seen = None
        while self._connection is not None and not ears.closed.wait(LOOK_EVERY):
            with self._lock:
                counter = self._connection.execute("PRAGMA data_version").fetchone()
            if counter != seen:
                self._look(ears)
            seen = counter

    def _look(self, ears: Ears) -> None:
        """Hear the new entries; what cannot be read now is read anew by ``listen``.

        They are heard before anybody else may look, so that whoever finds
        nothing new knows that all of it has been heard.
        """
        try:
            with self._lock:
                if self._connection is None:
                    return
                rows = self._connection.execute(self._entries_since, (self._last,)).fetchall()
                self._last = rows[-1][0] if rows else self._last
                ears.heard({(event_id, topic_of(verb)) for _, event_id, verb in rows if event_id is not None})
        except sqlite3.Error:
            ears.is_deaf()
            self._close()
