"""What is asked and done over and over: a statement that is built and compiled once, and then only sent."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Dialect, Engine, Insert, PoolProxiedConnection
from sqlalchemy.engine.interfaces import DBAPICursor
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
    are named as the select names its columns. A parameter that is ``expanding``
    takes a list.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self._sent: dict[str, _Sent] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """The rows for these values of its parameters."""
        engine = db.engine
        sent = self._on(engine)
        return [sent.row(cells) for cells in self._found(engine, sent, values)]

    def cells(self, **values: Any) -> list[Any]:
        """What is found, as the engine's driver gives it: to be compared with what was found before."""
        engine = db.engine
        return self._found(engine, self._on(engine), values)

    def row(self, cells: Sequence[Any]) -> Any:
        """The row that such cells are."""
        return self._on(db.engine).row(cells)

    def _found(self, engine: Engine, sent: _Sent, values: Mapping[str, Any]) -> list[Any]:
        if connection := _running():
            return sent.cells(engine, connection, values)
        try:
            return _borrowing(engine, sent, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return _borrowing(engine, sent, values)

    def _on(self, engine: Engine) -> _Sent:
        sent = self._sent.get(engine.dialect.name)
        if sent is None:
            sent = self._sent[engine.dialect.name] = _Sent(self.make(), engine.dialect)
        return sent


class Command(Question):
    """An insert, update or delete with parameters, compiled once for each engine; part of the running action.

    What the columns have as their default is filled in. The rows are those of
    ``RETURNING``, if it has one.
    """

    def __call__(self, **values: Any) -> list[Any]:
        """Do it, and give the rows it returns.

        Raises:
            RuntimeError: no action is running.
            IntegrityError: a constraint refused; the action makes a Conflict of it.
        """
        engine = db.engine
        sent = self._on(engine)
        return [sent.row(cells) for cells in sent.cells(engine, _action(), values)]

    def each(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do it once for each of these values of its parameters.

        Raises:
            RuntimeError: no action is running.
            IntegrityError: a constraint refused; the action makes a Conflict of it.
        """
        engine = db.engine
        self._on(engine).send_each(engine, _action(), rows)


def question(make: Callable[[], Any]) -> Question:
    """Let a function that builds a select with ``bindparam`` be asked for its rows."""
    return Question(make)


def command(make: Callable[[], Any]) -> Command:
    """Let a function that builds an insert, update or delete with ``bindparam`` be done by actions."""
    return Command(make)


def _running() -> PoolProxiedConnection | None:
    """The connection of the running action, if one is running."""
    if not db.session.registry.has():
        return None
    running: Connection | None = db.session.info.get("connection")
    return running.connection if running is not None else None


def _action() -> PoolProxiedConnection:
    connection = _running()
    if connection is None:
        raise RuntimeError("a write outside an action")
    return connection


def _borrowing(engine: Engine, sent: _Sent, values: Mapping[str, Any]) -> list[Any]:
    try:
        connection = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(None, None, error, Exception, dialect=engine.dialect) from error
    try:
        return sent.cells(engine, connection, values)
    finally:
        connection.close()


class _Text(NamedTuple):
    """The words of a statement for lists of certain lengths.

    Attributes:
        words: as the engine reads them.
        order: the names of the parameters, for a driver that takes them in order.
        lists: the names that each value of a list has.
    """

    words: str
    order: Sequence[str] | None
    lists: Mapping[str, Sequence[str]]


class _Sent:
    """A statement as one engine is sent it, with what makes its values of ours and ours of its values."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        if isinstance(statement, Insert):
            statement = statement.inline()  # or the key of the new row would be asked for
        compiled = self._compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._lists = [name for name, bind in compiled.binds.items() if bind.expanding]
        writers = {name: _writer(bind.type, dialect, is_list=bind.expanding) for name, bind in compiled.binds.items()}
        given = compiled.construct_params(_check=False).items()
        self._fixed = {name: writers[name](value) for name, value in given if value is not None}
        self._defaults = {column.key: _default(column) for column in compiled.insert_prefetch}
        self._write = {
            name: write for name, write in writers.items() if name not in self._fixed and write is not _as_is
        }
        self._texts: dict[tuple[int, ...], _Text] = {}
        columns = list(statement.selected_columns if statement.is_select else statement.exported_columns)
        self._finds = bool(columns)
        self._row: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True)  # type: ignore[misc]
        self._read = [
            (position, read)
            for position, column in enumerate(columns)
            if (read := _reader(column.type, dialect)) is not None
        ]

    def cells(self, engine: Engine, connection: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any]:
        """Send it, and give what is found or returned as the driver gives it.

        Raises:
            DBAPIError: the engine refused, or the connection is lost.
        """
        text, parameters = self._filled(values)
        cursor = _send(engine, connection, text.words, parameters, many=False)
        return list(cursor.fetchall()) if self._finds else []

    def send_each(self, engine: Engine, connection: PoolProxiedConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Send it once for each of these values; lists have the same length in all of them.

        Raises:
            DBAPIError: the engine refused, or the connection is lost.
        """
        filled = [self._filled(values) for values in rows]
        if filled:
            _send(engine, connection, filled[0][0].words, [parameters for _, parameters in filled], many=True)

    def _filled(self, values: Mapping[str, Any]) -> tuple[_Text, Any]:
        """The words, and the values as the engine's driver takes them."""
        given = {**self._fixed, **values}
        for name, default in self._defaults.items():
            given[name] = default()
        for name, write in self._write.items():
            given[name] = write(given[name])
        text = self._text(given)
        for name, names in text.lists.items():
            given.update(zip(names, given.pop(name), strict=True))
        return text, tuple(given[name] for name in text.order) if text.order is not None else given

    def _text(self, given: Mapping[str, Any]) -> _Text:
        lengths = tuple(len(given[name]) for name in self._lists)
        if lengths not in self._texts:
            state = self._compiled.construct_expanded_state(given)
            lists = {name: tuple(names) for name, names in state.parameter_expansion.items()}
            self._texts[lengths] = _Text(state.statement, state.positiontup, lists)
        return self._texts[lengths]

    def row(self, cells: Sequence[Any]) -> Any:
        """A row as we have it."""
        ours = list(cells)
        for position, read in self._read:
            ours[position] = read(ours[position])
        return self._row._make(ours)


def _send(engine: Engine, connection: PoolProxiedConnection, words: str, parameters: Any, *, many: bool) -> DBAPICursor:
    """Have the engine do it, seen by whoever listens, and told of what goes wrong as the session tells it."""
    cursor: DBAPICursor = connection.info.get("cursor") or connection.cursor()
    connection.info["cursor"] = cursor  # one for all, as each is read to its end: a new one costs as much as asking
    for listener in engine.dispatch.before_cursor_execute:
        listener(None, cursor, words, parameters, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(words, parameters)
        return cursor
    except engine.dialect.loaded_dbapi.Error as error:
        lost = engine.dialect.is_disconnect(error, connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            words, None, error, Exception, connection_invalidated=lost, dialect=engine.dialect
        ) from error


def _as_is(value: Any) -> Any:
    return value


def _writer(type_: TypeEngine[Any], dialect: Dialect, *, is_list: bool) -> Processor:
    write = type_.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return _as_is
    return (lambda values: [write(value) for value in values]) if is_list else write


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _default(column: Column[Any]) -> Callable[[], Any]:
    """What a new row has in a column that nobody names."""
    default: Any = column.default
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)
