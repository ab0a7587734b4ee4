"""How migrations run: one transaction a revision, on either engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Migrate over one connection of the application's own engine.

    SQLite rebuilds a table by copying it, and with its foreign keys on, dropping
    the old one would delete every child row through the cascade without a word:
    so they are off meanwhile and must all be whole afterwards.
    """
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.rollback()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"the migration left rows that point nowhere: {broken[:10]}")


run_migrations()
