"""Questions that are compiled once: the same answers as ever, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, bindparam, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from portal.events.models import Event
from portal.kit.database import action
from portal.kit.questions import question
from portal.kit.schema import db
from portal.organizations.models import Organization
from tests.cast import Cast
from tests.kit.lab import found
from tests.statements import statements


@question
def events_with_slug() -> Any:
    return (
        select(Event.id, Event.starts_at, Event.settings, Event.show_names, Organization.name.label("organization"))
        .join(Organization, Event.organization_id == Organization.id)
        .where(Event.slug == bindparam("slug"))
    )


@question
def slugs() -> Select[Any]:
    return select(Organization.slug)


@question
def nonsense() -> Select[Any]:
    return select(literal_column("no_such_column"))


def test_what_is_found_is_what_the_session_finds(cast: Cast) -> None:
    with cast.app.app_context():
        event = db.session.get_one(Event, cast.event_id)
        (row,) = events_with_slug(slug="lantern-night")
        assert (row.id, row.starts_at, row.settings) == (event.id, event.starts_at, event.settings)
        assert row.show_names is False
        assert row.organization
        assert events_with_slug(slug="another-night") == []


def test_a_question_is_one_statement_and_nothing_around_it(cast: Cast) -> None:
    with statements(cast.app) as seen, cast.app.app_context():
        events_with_slug(slug="lantern-night")
    assert len(seen) == 1


def test_an_action_sees_what_it_has_written_and_nobody_else_does(app: Flask) -> None:
    @action
    def found_and_ask(slug: str) -> list[str]:
        found(slug)
        return [row.slug for row in slugs()]

    @action
    def found_and_fail(slug: str) -> None:
        found(slug)
        raise ValueError(slug)

    with app.app_context():
        assert found_and_ask("wharf-road") == ["wharf-road"]
        with pytest.raises(ValueError, match="mill-lane"):
            found_and_fail("mill-lane")
        assert [row.slug for row in slugs()] == ["wharf-road"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_was_lost_is_replaced(app: Flask) -> None:
    with app.app_context():
        found("wharf-road")
        with db.engine.connect() as connection:
            mine = connection.scalar(text("SELECT pg_backend_pid()"))
            others = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> :mine AND"
                          " datname = current_database()")  # fmt: skip
            with db.engine.connect() as another:
                another.scalar(text("SELECT 1"))
            connection.execute(others, {"mine": mine})
        assert [[row.slug for row in slugs()] for _ in range(3)] == [["wharf-road"]] * 3


def test_what_the_engine_refuses_is_an_error_of_the_library(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError):
        nonsense()
