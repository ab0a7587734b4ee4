"""Rate limits whose counters live in the database, so that several processes count as one."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import BigInteger, Index, Integer, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.expression import case

from portal.kit.conflicts import says
from portal.kit.schema import Base, db


class RateCounter(Base):
    """How often a key was counted in its current window."""

    __tablename__ = "rate_counters"
    __table_args__ = (
        Index(
            "uq_rate_counters_key",
            "key",
            unique=True,
            info=says("Please wait a moment and try again.", "Espera un momento y vuelve a intentarlo."),
        ),
        Index("ix_rate_counters_expires_at", "expires_at"),
    )

    key: Mapped[str] = mapped_column(String(255))
    count: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[int] = mapped_column(BigInteger)


class DatabaseStorage(Storage):
    """Flask-Limiter's counters as rows: exact across processes, on both engines."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 - declared so by the library

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the limiter may treat as an outage: nothing, a failing limiter must be seen."""
        return ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count ``amount`` more in the window of ``key``; a window that has passed begins anew."""
        now = int(time.time())
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        new = insert(RateCounter).values(key=key, count=amount, expires_at=now + int(expiry))
        passed = RateCounter.expires_at <= now
        statement = new.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((passed, amount), else_=RateCounter.count + amount),
                "expires_at": case((passed, now + int(expiry)), else_=RateCounter.expires_at),
            },
        ).returning(RateCounter.count)
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return int(connection.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        """The count in the present window."""
        statement = select(RateCounter.count).where(RateCounter.key == key, RateCounter.expires_at > int(time.time()))
        with db.engine.connect() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since the epoch."""
        with db.engine.connect() as connection:
            found = connection.execute(select(RateCounter.expires_at).where(RateCounter.key == key)).scalar()
        return float(found or time.time())

    def check(self) -> bool:
        """Whether the counters can be had."""
        return True

    def reset(self) -> int | None:
        """Forget every counter."""
        return self._delete()

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._delete(RateCounter.key == key)

    def _delete(self, *where: Any) -> int:
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return connection.execute(delete(RateCounter).where(*where)).rowcount


limiter = Limiter(get_remote_address, storage_uri="database://", strategy="fixed-window", headers_enabled=False)


def wrong_code(response: Response) -> bool:
    """Whether an answer was a refusal: only those count, or an attacker could lock guests out."""
    return response.status_code == 422


def init_app(app: Flask) -> None:
    """Count from now on; tests may turn the limits off with ``RATELIMIT_ENABLED``.

    A route that has a limit asks by itself; the library's look at every request is for limits of all routes.
    """
    limiter.init_app(app)
    if limiter._check_request_limit in app.before_request_funcs[None]:
        app.before_request_funcs[None].remove(limiter._check_request_limit)
