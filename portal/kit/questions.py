"""What pages ask over and over: a select that is built and compiled once, and then only asked."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Engine, PoolProxiedConnection, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from portal.kit.schema import db

Processor = Callable[[Any], Any]


class Question:
    """A select with parameters, compiled once for each engine: that costs more than asking does.

    It is asked on a connection that is borrowed for the moment and has no
    transaction; inside an action on the action's own, and so sees what that has
    written. A connection that was lost meanwhile is replaced, once. The rows
    are named as the select names its columns.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._asked: dict[str, _Asked] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """The rows for these values of its parameters."""
        engine = db.engine
        asked = self._asked.get(engine.dialect.name)
        if asked is None:
            asked = self._asked[engine.dialect.name] = _Asked(self._make(), engine.dialect)
        if db.session.registry.has() and db.session.info.get("writing"):
            return asked.rows(engine, db.session.connection().connection, values)
        try:
            return _borrowing(engine, asked, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return _borrowing(engine, asked, values)


def question(make: Callable[[], Any]) -> Question:
    """Let a function that builds a select with ``bindparam`` be asked for its rows."""
    return Question(make)


def _borrowing(engine: Engine, asked: _Asked, values: Mapping[str, Any]) -> list[Any]:
    try:
        connection = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(None, None, error, Exception, dialect=engine.dialect) from error
    try:
        return asked.rows(engine, connection, values)
    finally:
        connection.close()


class _Asked:
    """A question in the words of one engine, with what makes its values of ours and ours of its values."""

    def __init__(self, select: Select[Any], dialect: Dialect) -> None:
        compiled = select.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._words = str(compiled)
        self._order = compiled.positiontup
        self._fixed: Mapping[str, Any] = {
            name: value for name, value in compiled.construct_params(_check=False).items() if value is not None
        }
        self._sent = {
            bind.key: process
            for bind in compiled.binds.values()
            if (process := _writer(bind.type, dialect)) is not None
        }
        columns = list(select.selected_columns)
        self._named: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True)  # type: ignore[misc]
        self._read = [
            (position, process)
            for position, column in enumerate(columns)
            if (process := _reader(column.type, dialect)) is not None
        ]

    def rows(self, engine: Engine, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any]:
        """What is found.

        Raises:
            DBAPIError: the engine refused, or the connection is lost.
        """
        parameters, cursor = self._parameters(values), connection.cursor()
        for listener in engine.dispatch.before_cursor_execute:
            listener(None, cursor, self._words, parameters, None, False)
        try:
            cursor.execute(self._words, parameters)
            return [self._row(found) for found in cursor.fetchall()]
        except engine.dialect.loaded_dbapi.Error as error:
            lost = engine.dialect.is_disconnect(error, connection, cursor)
            if lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                self._words, None, error, Exception, connection_invalidated=lost, dialect=engine.dialect
            ) from error

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the engine's driver takes them."""
        given = {**self._fixed, **values}
        for name, processor in self._sent.items():
            given[name] = processor(given[name])
        return tuple(given[name] for name in self._order) if self._order else given

    def _row(self, found: Sequence[Any]) -> Any:
        """What the driver gave, as we have it."""
        cells = list(found)
        for position, processor in self._read:
            cells[position] = processor(cells[position])
        return self._named._make(cells)


def _writer(type_: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
