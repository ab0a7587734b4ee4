"""How the world is changed.

Every write is an *action*: a function under ``@action``. It runs in one
transaction, all or nothing, and leaves with everything or with a ``Conflict``.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout

from portal.kit import live, operations
from portal.kit.conflicts import Phrasebook
from portal.kit.schema import db

P = ParamSpec("P")
R = TypeVar("R")

BUSY_SECONDS = 5.0
"""How long a write waits for SQLite's single writer before it is told to come back."""

READERS_WAIT = 1000
"""Milliseconds that a read waits where SQLite makes it wait at all: while the file is tidied up."""


_next_writer = threading.Lock()
"""Held by whoever of this process is next to write to SQLite."""


class Busy(Exception):
    """The database could not be had in time: nothing was changed, try again (503)."""


def init_app(app: Flask) -> None:
    """Put every request's session away, also when the database has gone: what was answered is answered."""

    @app.teardown_appcontext
    def put_away(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except OperationalError:
            db.session.registry.clear()


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    """On both engines we say BEGIN; SQLite gets the manners of a server: keys hold, readers never wait."""
    if isinstance(connection, psycopg.Connection):
        connection.autocommit = True
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={READERS_WAIT}"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "checkout")
def _look_alive(connection: Any, _record: object, _proxy: object) -> None:
    """Replace a connection that the server has closed meanwhile; asking the socket costs no round trip.

    Raises:
        DisconnectionError: the pool then makes another.
    """
    if isinstance(connection, psycopg.Connection):
        try:
            connection.pgconn.consume_input()
            connection.pgconn.consume_input()  # a server that goes says so first
        except psycopg.OperationalError as gone:
            raise DisconnectionError from gone


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Begin a transaction for whoever writes; SQLite's write lock is taken at its start, never in its middle."""
    options = connection.get_execution_options()
    if options.get("reads"):
        return
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("BEGIN")
    elif options.get("writes"):
        _take_write_lock(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Connection) -> None:
    """BEGIN IMMEDIATE, asked again and again until the lock is free: SQLite's own wait would stop the whole worker."""
    driver: Any = connection.connection.driver_connection
    until = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _begins(connection, last_try=time.monotonic() > until):
            time.sleep(0.0005)
    finally:
        driver.execute(f"PRAGMA busy_timeout={READERS_WAIT}")


@contextmanager
def _in_turn() -> Iterator[None]:
    """Let one of this process at a time ask for SQLite's lock; the others wait without a connection that readers need.

    Raises:
        Busy: it was nobody's turn in time.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _next_writer.acquire(timeout=BUSY_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _next_writer.release()


def _begins(connection: Connection, *, last_try: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if last_try or not _is_busy(error):
            raise
        return False
    return True


def explain(**words: str) -> None:
    """Say whom the running action is about, for the sentence of a constraint that refuses."""
    db.session.info.setdefault("words", {}).update(words)


def requires_action() -> None:
    """Refuse to write outside an action.

    Raises:
        RuntimeError: no action is running.
    """
    if not db.session.info.get("writing"):
        raise RuntimeError("a write outside an action")


def phrasebook() -> Phrasebook:
    """The sentences of every constraint of this application."""
    book: Phrasebook = current_app.extensions["phrasebook"]
    return book


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make ``function`` an action: one transaction, all or nothing.

    An action called inside another joins its transaction. A deadlock is tried
    once more; SQLite's busy writer is waited for.

    Raises:
        Conflict: a constraint refused, or the function itself did.
        AlreadyDone: the request carries the id of an operation that succeeded before.
        Busy: the database could not be had in time.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session.info.get("writing"):
            return function(*args, **kwargs)
        started = time.monotonic()
        deadlocks = 0
        while True:
            try:
                return _attempt(lambda: function(*args, **kwargs))
            except DBAPIError as error:
                if _is_deadlock(error) and deadlocks == 0:
                    deadlocks += 1
                elif not _is_busy(error) or time.monotonic() - started > BUSY_SECONDS:
                    if _is_deadlock(error) or _is_busy(error):
                        raise Busy from error
                    raise
                time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - spreads retries, guards nothing

    return run


def _attempt(work: Callable[[], R]) -> R:
    session = db.session
    session.rollback()  # a read begun before would pin an old picture of the world
    asked = operations.asked()
    session.info["writing"] = True
    session.info["words"] = {}
    session.info[live.ANNOUNCED] = set()
    try:
        with _in_turn():
            session.info["connection"] = session.connection(execution_options={"writes": True})
        operations.claim(asked)
        result = work()
        committed = live.tell()
        session.commit()
        operations.stands(asked)
        committed()
        return result
    except IntegrityError as error:
        session.rollback()
        raise phrasebook().conflict(error, _words(session.info)) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        session.info["connection"] = None
        del session.info[live.ANNOUNCED]


@contextmanager
def tentatively() -> Iterator[None]:
    """A part of the running action that may be refused without ending it: its changes and locks are undone alone.

    Raises:
        Conflict: a constraint refused, or the part itself did; the action may try another way.
    """
    requires_action()
    announced = set(db.session.info[live.ANNOUNCED])
    try:
        with db.session.info["connection"].begin_nested():
            yield
    except BaseException as error:
        db.session.info[live.ANNOUNCED] = announced
        if not isinstance(error, IntegrityError):
            raise
        raise phrasebook().conflict(error, _words(db.session.info)) from error


def _words(info: Mapping[Any, Any]) -> dict[str, str]:
    words: dict[str, str] = info.get("words", {})
    return words


def is_out_of_reach(error: Exception) -> bool:
    """Whether the database could not be had at all: locked, restarting, full, or every connection in use."""
    if isinstance(error, SQLAlchemyTimeout):
        return True
    if not isinstance(error, OperationalError):
        return False
    return _is_busy(error) or isinstance(error.orig, psycopg.OperationalError)


def _is_deadlock(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01", "55P03"}


def _is_busy(error: DBAPIError) -> bool:
    return isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
