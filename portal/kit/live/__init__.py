"""What changed is told: to the other processes, to the caches of this one, and to everybody who looks.

An action announces; whoever asks for ``version()`` or opens a stream has this
process listen. How the processes of one product hear each other differs by
engine (``postgres.py``, ``sqlite.py``); everything above is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import Flask, Response, current_app
from sqlalchemy import Select

from portal.kit.live.announcements import ANNOUNCED, announce, topic_of
from portal.kit.live.ears import Ears, Wire
from portal.kit.live.hub import EVERYTHING, Source
from portal.kit.live.listener import message
from portal.kit.live.postgres import PostgresWire
from portal.kit.live.sqlite import SqliteWire
from portal.kit.live.streams import Streams
from portal.kit.live.topics import Topics
from portal.kit.schema import db

__all__ = [
    "ANNOUNCED",
    "EVERYTHING",
    "Topics",
    "announce",
    "init_app",
    "message",
    "stream",
    "tell",
    "topic_of",
    "version",
]

EARS, STREAMS = "live", "streams"


def init_app(app: Flask, *, entries_since: Select[int, int | None, str], aside: Collection[str] = ()) -> None:
    """Let actions be heard.

    Args:
        app: whose setting ``LIVE`` says whether its processes listen at all.
        entries_since: id, event and verb of the entries of the log whose id is
            greater than the parameter ``last``, oldest first: on SQLite the
            log is the announcement.
        aside: topics that are told and leave ``version()`` as it is, because nothing that is kept depends on them.
    """
    sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
    wire: Wire = SqliteWire(entries_since) if sqlite else PostgresWire()
    ears = app.extensions[EARS] = Ears(wire, listens=bool(app.config.get("LIVE")), aside=aside)
    app.extensions[STREAMS] = Streams(app, ears)


def tell() -> Callable[[], None]:
    """Add what the running action has announced to its transaction; call the result when that is committed."""
    announced = frozenset(db.session.info.get(ANNOUNCED, ()))
    if not announced:
        return lambda: None
    ears: Ears = current_app.extensions[EARS]
    number = ears.wire.tell(announced)
    return lambda: ears.wire.told(ears, number, announced)


def version(event_id: int) -> int | None:
    """A number that has grown whenever something at this event changed since it was asked for last.

    Ask *before* reading what is kept under it: a change that comes in between
    then makes it old at once. None while this process cannot hear the others:
    read the database, and keep nothing.
    """
    ears: Ears = current_app.extensions[EARS]
    ears.open(db.engine)
    return ears.version(event_id)


def stream(kind: str, event_id: int, source: Callable[[], Source], about: Any, *, owner: str, most: int) -> Response:
    """The answer that goes on: first bytes at once, then whatever changes.

    Args:
        kind: the name of the channel among those of the event.
        event_id: the event that is listened to.
        source: makes what the channel tells, for the first of its listeners in this process.
        about: what the channel has to know of this listener.
        owner: whose stream it is, for the limit.
        most: how many streams the owner may have open.

    Raises:
        TooManyRequests: the owner, or the address that asks, has as many as it may have.
        ServiceUnavailable: this process does not listen.
    """
    streams: Streams = current_app.extensions[STREAMS]
    ears: Ears = current_app.extensions[EARS]
    ears.open(db.engine)
    ears.wait()
    return streams.open(kind, event_id, source, about, owner=owner, most=most)
