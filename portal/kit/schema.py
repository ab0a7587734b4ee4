"""How tables are declared: what every table has, and constraints made from values."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import JSON, CheckConstraint, Connection, Engine, ForeignKeyConstraint, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.kit import clock
from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.pool import FairPool

JSONColumn = JSON().with_variant(JSONB(), "postgresql")
"""A document column: JSONB on PostgreSQL, checked text on SQLite."""

IDS_ONCE = {"sqlite_autoincrement": True}
"""For tables whose ids are kept elsewhere: in forms, in what can be taken back, in the log.

SQLite would give the id of a deleted row to the next one, and whoever named the old one would mean another.
"""


class Base(DeclarativeBase):
    """What every table has: a key and the moment it was made."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, sort_order=-1)


class ReadingSession(Session):
    """A session that reads statement by statement; only an action has a transaction.

    BEGIN and ROLLBACK around what a page reads would double what it asks of
    the database. Both engines read what is committed, as of each statement.
    """

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        """The engine; in an action as it is, else told that nothing will be written."""
        engine = super().get_bind(*args, **options)
        return _reading(engine) if isinstance(engine, Engine) and not self.info.get("writing") else engine


@lru_cache(maxsize=8)
def _reading(engine: Engine) -> Engine:
    return engine.execution_options(reads=True)


db = SQLAlchemy(
    model_class=Base,
    engine_options={"poolclass": FairPool},
    disable_autonaming=True,
    session_options={"class_": ReadingSession, "expire_on_commit": False, "autoflush": False},
)


def one_of(column: str, choices: type[StrEnum], *, table: str) -> CheckConstraint:
    """The CHECK that keeps ``column`` to the values of an enum, made from the enum."""
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(
        f"{column} IN ({values})",
        name=f"ck_{table}_{column}",
        info=says("That is not one of the choices.", "Esa no es una de las opciones."),
    )


def same(columns: list[str], target: str, names: list[str], **options: Any) -> ForeignKeyConstraint:
    """A composite foreign key: ``columns`` here agree with ``names`` of ``target``."""
    return ForeignKeyConstraint(columns, [f"{target}.{name}" for name in names], **options)
