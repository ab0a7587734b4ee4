"""What changed is told: to the other processes, to the caches of this one, and to everybody who looks.

An action announces; whoever asks for ``version()`` or opens a stream has this
process listen. How the processes of one product hear each other differs by
engine (``postgres.py``, ``sqlite.py``); everything above is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select
from sqlalchemy.orm import Session, scoped_session

from portal.kit.live.announcements import ANNOUNCED, announce, topic_of
from portal.kit.live.ears import Ears, Wire
from portal.kit.live.postgres import PostgresWire
from portal.kit.live.sqlite import SqliteWire
from portal.kit.schema import db

__all__ = ["ANNOUNCED", "announce", "ears", "init_app", "tell", "topic_of", "version"]


def init_app(app: Flask, *, entries_since: Select[int, int | None, str]) -> None:
    """Let actions be heard.

    Args:
        app: whose setting ``LIVE`` says whether its processes listen at all.
        entries_since: id, event and verb of the entries of the log whose id is
            greater than the parameter ``last``, oldest first: on SQLite the
            log is the announcement.
    """
    sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
    wire: Wire = SqliteWire(entries_since) if sqlite else PostgresWire()
    app.extensions["live"] = Ears(wire, listens=bool(app.config.get("LIVE")))


def ears() -> Ears:
    """What the running application's process has heard."""
    found: Ears = current_app.extensions["live"]
    return found


def tell(session: scoped_session[Any] | Session) -> Callable[[], None]:
    """Add what the running action has announced to its transaction; call the result when that is committed."""
    announced = frozenset(session.info.get(ANNOUNCED, ()))
    if not announced:
        return lambda: None
    heard = ears()
    number = heard.wire.tell(session, announced)
    return lambda: heard.wire.told(heard, number, announced)


def version(event_id: int) -> int | None:
    """A number that has grown whenever something at this event changed since it was asked for last.

    Ask *before* reading what is kept under it: a change that comes in between
    then makes it old at once. None while this process cannot hear the others:
    read the database, and keep nothing.
    """
    heard = ears()
    heard.open(db.engine)
    return heard.version(event_id)
