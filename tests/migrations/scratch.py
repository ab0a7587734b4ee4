"""A database that is moved from revision to revision, and what can be read off it."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, text

from portal.kit.schema import db

VERSION_TABLE = "alembic_version"
TRIGGERS = (
    "activity_is_only_added_to", "count_who_comes", "event_keeps_an_organizer", "organization_keeps_an_admin",
    "part_has_room",
)  # fmt: skip
"""What models cannot declare: triggers and their functions, by how their names begin."""

POSTGRESQL_COLUMNS = """
SELECT c.relname, row_number() OVER (PARTITION BY c.relname ORDER BY a.attnum), a.attname,
       format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
POSTGRESQL_CONSTRAINTS = """
SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid),
       k.condeferrable, k.condeferred, k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace
"""
POSTGRESQL_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
POSTGRESQL_SEQUENCES = (
    "SELECT sequencename, data_type::text, increment_by FROM pg_sequences WHERE schemaname = 'public'"
)
POSTGRESQL_TRIGGERS = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
POSTGRESQL_FUNCTIONS = """
SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def new_database(engine: str, folder: Path, prefix: str) -> str:
    """Make an empty database; returns its address."""
    name = f"{prefix}_{secrets.token_hex(4)}"
    if engine == "sqlite":
        return f"sqlite:///{folder / name}.sqlite"
    server = os.environ["TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


def drop_database(url: str) -> None:
    """Take a database of ``new_database`` away again; a file goes with its folder."""
    if url.startswith("postgresql"):
        server, name = url.rsplit("/", 1)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Scratch:
    """A database and its migrations."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.config: Config = app.extensions["migrate"].migrate.get_config()
        self.engine = db.engine

    @property
    def revisions(self) -> list[str]:
        """Every revision from the oldest to the newest."""
        return [step.revision for step in ScriptDirectory.from_config(self.config).walk_revisions()][::-1]

    def upgrade(self, revision: str = "head") -> None:
        """Move up; what a migration raises comes through."""
        command.upgrade(self.config, revision)

    def downgrade(self, revision: str) -> None:
        """Move down."""
        command.downgrade(self.config, revision)

    def run(self, *statements: str) -> None:
        """Change the data by hand."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for statement in statements:
                connection.execute(text(statement))

    def revision(self) -> str:
        """Where the database stands."""
        with self.engine.connect() as connection:
            return str(connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")))

    def schema(self, *, triggers: bool = True) -> set[str]:
        """Every definition that the catalog holds, one line each."""
        with self.engine.connect() as connection:
            lines = set(_sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection))
        return {line for line in lines if VERSION_TABLE not in line and (triggers or not is_trigger(line))}


def is_trigger(line: str) -> bool:
    """Whether a definition is one of the triggers, or a function of theirs."""
    return any(name in line for name in TRIGGERS)


def _sqlite(connection: Connection) -> Iterable[str]:
    """SQLite keeps the text of each statement: tables are taken apart, the order of their rules does not matter."""
    rows = connection.execute(
        text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'")
    )
    for kind, name, table, sql in rows:
        if kind != "table":
            yield f"{table}: {kind} {_one_line(sql)}"
            continue
        yield f"table {name}"
        body = sql[sql.index("(") + 1 : sql.rindex(")")]
        columns = [part for part in split_definitions(body) if not _is_rule(part)]
        yield from (f"{name}: column {position} {part}" for position, part in enumerate(columns))
        yield from (f"{name}: {part}" for part in split_definitions(body) if _is_rule(part))


def _postgresql(connection: Connection) -> Iterable[str]:
    catalogs = {
        "column": POSTGRESQL_COLUMNS,
        "constraint": POSTGRESQL_CONSTRAINTS,
        "index": POSTGRESQL_INDEXES,
        "sequence": POSTGRESQL_SEQUENCES,
        "trigger": POSTGRESQL_TRIGGERS,
        "function": POSTGRESQL_FUNCTIONS,
    }
    for kind, statement in catalogs.items():
        for row in connection.execute(text(statement)):
            yield f"{kind} {_one_line(' | '.join(str(value) for value in row))}"


def split_definitions(body: str) -> list[str]:
    """The parts of a CREATE TABLE between its outer parentheses, each on one line."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(body):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(body[start:position])
            start = position + 1
    return [_one_line(part) for part in [*parts, body[start:]]]


def _is_rule(part: str) -> bool:
    return re.match(r"(CONSTRAINT|PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY)\b", part) is not None


def _one_line(sql: str) -> str:
    return " ".join(sql.split())
