"""PostgreSQL: NOTIFY inside the transaction, and one connection a process that listens."""

from __future__ import annotations

import itertools
import os
import secrets
from typing import Any

import psycopg
from sqlalchemy import Engine, bindparam, func, select

from portal.kit.live.announcements import Announced
from portal.kit.live.ears import Ears
from portal.kit.statements import question

CHANNEL = "placecard"
ATTENTION = 0.5
"""Seconds after which a listener looks up, to see whether it is still wanted."""

SILENCE = 20
"""How often it looks up before it makes sure that the connection is still there."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
KEEP_ALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "connect_timeout": 5,
}


@question
def _notify() -> Any:
    return select(func.pg_notify(bindparam("channel"), bindparam("words")))


class PostgresWire:
    """One notification a transaction: who says it, a number, and what it is about.

    What this process says itself it hears twice, right after its commit and by
    the notification, in either order; the number lets it count once.
    """

    def __init__(self) -> None:
        self._name = secrets.token_hex(4)
        self._numbers = itertools.count()
        self._half_heard: set[str] = set()

    def tell(self, announced: Announced, /) -> str:
        """Have the server notify everybody who listens, if and when the transaction stands."""
        number = f"{self._me()}{next(self._numbers)}"
        about = " ".join(f"{event_id}:{topic}" for event_id, topic in sorted(announced))
        _notify(channel=CHANNEL, words=f"{number} {about}")
        return number

    def told(self, ears: Ears, number: str, announced: Announced, /) -> None:
        """Count it now; the notification is on its way, and may even have been here."""
        if ears.can_hear:
            self._hear(ears, number, announced)

    def listen(self, ears: Ears, engine: Engine) -> None:
        """Listen on a connection outside the pool; a lost one is replaced, ever more patiently."""
        options: dict[str, Any] = {**KEEP_ALIVE, **engine.url.query}
        options |= engine.url.translate_connect_args(username="user", database="dbname")
        pause = SHORTEST_PAUSE
        while not ears.closed.is_set():
            try:
                with psycopg.connect(autocommit=True, **options) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._half_heard.clear()
                    ears.hears()
                    pause = SHORTEST_PAUSE
                    self._follow(connection, ears)
            except psycopg.Error:
                ears.is_deaf()
                ears.closed.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _follow(self, connection: psycopg.Connection[Any], ears: Ears) -> None:
        for look in itertools.count(1):
            for notification in connection.notifies(timeout=ATTENTION):
                self._understand(ears, notification.payload)
            if ears.closed.is_set():
                return
            if look % SILENCE == 0:
                connection.execute("SELECT 1")

    def _understand(self, ears: Ears, payload: str) -> None:
        """Hear what is said; words of another making, of a newer version perhaps, mean that anything may be new."""
        number, *about = payload.split(" ")
        pairs = [each.partition(":") for each in about]
        if pairs and all(event_id.isdecimal() and topic for event_id, _, topic in pairs):
            self._hear(ears, number, frozenset((int(event_id), topic) for event_id, _, topic in pairs))
        else:
            ears.hears()

    def _hear(self, ears: Ears, number: str, announced: Announced) -> None:
        if number in self._half_heard:
            self._half_heard.discard(number)
            return
        if number.startswith(self._me()):
            self._half_heard.add(number)
        ears.heard(announced)

    def _me(self) -> str:
        """This process and no other, also of those that were forked from one."""
        return f"{self._name}.{os.getpid()}."
