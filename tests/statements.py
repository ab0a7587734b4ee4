"""The statements that reach the database while something happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.kit.schema import db


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect every statement that this application sends, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with before_each_statement(app, note):
        yield seen


@contextmanager
def before_each_statement(app: Flask, note: Callable[..., None]) -> Iterator[None]:
    """Call ``note`` before every statement that this application sends, as the engine would."""
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
