"""Moments are aware on their way in and out, and one moment is one moment on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from portal.kit import clock
from portal.kit.schema import db
from tests import world

MOMENTS = [
    datetime(2026, 12, 12, 18, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=0),
    datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1),
    datetime(2026, 12, 12, 18, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(1970, 1, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_comes_back_as_the_same_moment_in_utc(app: Flask, moment: datetime) -> None:
    sessions = world.table("user_sessions")
    with app.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(world.table("users")).values(world.row("users", 1)))
        connection.execute(insert(sessions).values(world.row("user_sessions", 1, expires_at=moment)))
        kept = connection.scalars(select(sessions.c.expires_at)).one()
    assert kept == moment.astimezone(UTC)
    assert kept.utcoffset() == timedelta(0)


def test_the_two_half_past_ones_of_the_last_sunday_in_october_are_an_hour_apart(app: Flask) -> None:
    """Aware moments of one zone compare by the wall; what was stored compares by time."""
    sessions = world.table("user_sessions")
    with app.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(world.table("users")).values(world.row("users", 1)))
        for number, moment in enumerate(MOMENTS[2:4], start=1):
            row = world.row("user_sessions", number, user_id=1, expires_at=moment)
            connection.execute(insert(sessions).values(row))
        first, second = connection.scalars(select(sessions.c.expires_at).order_by(sessions.c.id)).all()
        later = connection.scalars(select(sessions.c.id).where(sessions.c.expires_at > MOMENTS[2])).all()
    assert second - first == timedelta(hours=1)
    assert later == [2]


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        naive = datetime(2026, 12, 12, 18, 30)  # noqa: DTZ001 - what must be refused
        with pytest.raises(StatementError, match="a moment without a time zone cannot be stored"):
            connection.execute(insert(world.table("users")).values(world.row("users", 1, deleted_at=naive)))


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
