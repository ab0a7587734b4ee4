"""How tables are declared: what every table has, and constraints made from values."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.kit import clock
from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says

JSONColumn = JSON().with_variant(JSONB(), "postgresql")
"""A document column: JSONB on PostgreSQL, checked text on SQLite."""


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


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": False},
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
