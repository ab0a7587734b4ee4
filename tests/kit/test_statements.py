"""Statements that are compiled once: the same answers as ever, and the same refusals, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, bindparam, insert, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.events.models import Event
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.database import action
from portal.kit.schema import db
from portal.kit.statements import command, question
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


@question
def names_of() -> Any:
    there = Organization.slug.in_(bindparam("slugs", expanding=True))
    return select(Organization.name).where(there).order_by(Organization.id)


@command
def open_organization() -> Any:
    return insert(Organization).values(name=bindparam("called"), slug=bindparam("at"))


@command
def rename() -> Any:
    there = Organization.slug.in_(bindparam("slugs", expanding=True))
    return update(Organization).where(there).values(name=bindparam("called")).returning(Organization.slug)


@action
def open_organizations(*slugs: str) -> None:
    open_organization.each([{"called": slug.title(), "at": slug} for slug in slugs])


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


def test_a_list_may_be_of_any_length(app: Flask) -> None:
    with app.app_context():
        open_organizations("wharf-road", "mill-lane", "high-street")
        for slugs_asked, names in (
            (["mill-lane", "wharf-road"], ["Wharf-Road", "Mill-Lane"]),
            (["high-street"], ["High-Street"]),
            ([], []),
            (["mill-lane", "nowhere", "high-street"], ["Mill-Lane", "High-Street"]),
        ):
            assert [row.name for row in names_of(slugs=slugs_asked)] == names


def test_a_command_fills_in_what_the_columns_have_by_default_and_returns_what_it_says(app: Flask) -> None:
    before = clock.now()
    with app.app_context():
        open_organizations("wharf-road", "mill-lane")
        made = db.session.scalars(select(Organization).order_by(Organization.id)).all()
        assert [each.slug for each in made] == ["wharf-road", "mill-lane"]
        assert all(before <= each.created_at <= clock.now() for each in made)
        assert [each.last_reference for each in made] == [0, 0]
        assert action(rename)(slugs=["mill-lane", "nowhere"], called="The mill") == [("mill-lane",)]
        assert [row.name for row in names_of(slugs=["mill-lane"])] == ["The mill"]


def test_a_command_is_part_of_an_action_or_nothing_at_all(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="a write outside an action"):
            open_organization(called="Wharf Road", at="wharf-road")
        with pytest.raises(RuntimeError, match="a write outside an action"):
            open_organization.each([{"called": "Wharf Road", "at": "wharf-road"}])
        assert slugs() == []


def test_what_a_constraint_refuses_is_a_conflict_and_takes_back_the_whole_action(app: Flask) -> None:
    with app.app_context():
        open_organizations("wharf-road")
        with pytest.raises(Conflict) as refused:
            open_organizations("mill-lane", "wharf-road")
        assert refused.value.rule == "uq_organizations_slug"
        assert [row.slug for row in slugs()] == ["wharf-road"]


def test_what_the_engine_refuses_is_an_error_of_the_library(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError):
        nonsense()
