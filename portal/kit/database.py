"""How the world is changed.

Every write is an *action*: a function under ``@action``. It runs in one
transaction, all or nothing, and leaves with everything or with a ``Conflict``.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout

from portal.kit import live, operations
from portal.kit.conflicts import Phrasebook
from portal.kit.schema import db

P = ParamSpec("P")
R = TypeVar("R")

BUSY_SECONDS = 5.0
"""How long a write waits for SQLite's single writer before it is told to come back."""


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
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Give SQLite the manners of a server: we say BEGIN, keys hold, readers never wait."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=1000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock at the start of an action, never in its middle."""
    if connection.dialect.name == "sqlite":
        if connection.get_execution_options().get("writes", False):
            _await_writer(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _await_writer(connection: Connection) -> None:
    """Take the lock or ask again: whoever waited inside SQLite would hold up all others of this process."""
    until = time.monotonic() + BUSY_SECONDS
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(random.uniform(0.001, 0.005))  # noqa: S311 - spreads retries, guards nothing
    finally:
        connection.exec_driver_sql("PRAGMA busy_timeout=1000")


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
    session.info["writing"] = True
    session.info["words"] = {}
    session.info[live.ANNOUNCED] = set()
    try:
        session.connection(execution_options={"writes": True})
        operations.claim(session)
        result = work()
        committed = live.tell(session)
        session.commit()
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
        del session.info[live.ANNOUNCED]


@contextmanager
def tentatively() -> Iterator[None]:
    """A part of the running action that may be refused without ending it: its changes and locks are undone alone.

    Raises:
        Conflict: a constraint refused, or the part itself did; the action may try another way.
    """
    requires_action()
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
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
