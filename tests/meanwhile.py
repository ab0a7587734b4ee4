"""Somebody else in the middle of a change, at the very moment of a test's choice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import text

from portal.kit.schema import db
from tests.cast import Cast
from tests.patience import wait_for

T = TypeVar("T")
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def meanwhile(cast: Cast, act: Callable[[], T], *statements: str, **values: Any) -> T:
    """What comes of ``act`` if somebody else has just done this, and commits once ``act`` waits for it or is over."""

    def acting() -> T:
        with cast.app.app_context():
            return act()

    with cast.app.app_context(), db.engine.connect() as rival, ThreadPoolExecutor(1) as pool:
        rival.execution_options(writes=True)
        for statement in statements:
            rival.execute(text(statement), values)
        told = pool.submit(acting)
        if db.engine.name == "postgresql":  # on SQLite it waits for its turn to write, before its first look
            wait_for(lambda: told.done() or cast.count(WAITS), "it neither waits nor ends")
        rival.commit()
        return told.result(timeout=60)
