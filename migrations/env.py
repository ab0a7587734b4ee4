"""How migrations run: one transaction a revision, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

db = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Migrate over one connection of the application's own engine."""
    with db.engine.connect() as connection, _keys_aside(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _keys_aside(connection: Connection) -> Iterator[None]:
    """SQLite without its foreign keys, which are on again afterwards, also when a migration stops.

    SQLite rebuilds a table by copying it, and with its foreign keys on, dropping
    the old one would delete every child row through the cascade without a word:
    so they are off meanwhile and must all be whole afterwards. They cannot be
    switched inside a transaction, hence the rollbacks.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        connection.rollback()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration left rows that point nowhere: {broken[:10]}")
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


run_migrations()
