"""Actions: all or nothing, once more after a deadlock, and a kind word when the database is busy."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from portal.audit.actions import record
from portal.kit import clock, database
from portal.kit.conflicts import Conflict
from portal.kit.database import Busy, action, explain
from portal.kit.schema import db
from portal.organizations.models import Organization
from tests import world
from tests.kit.lab import A_RULE, found, found_two, slugs


@action
def found_then(slug: str, then: Callable[[], None]) -> None:
    found(slug)
    then()


def fail(error: BaseException) -> Callable[[], None]:
    def failing() -> None:
        raise error

    return failing


def test_an_action_stands_once_it_returns(app: Flask) -> None:
    with app.app_context():
        found("wharf-road")
        assert slugs() == ["wharf-road"]


@pytest.mark.parametrize(
    "error", [ValueError("odd"), KeyboardInterrupt(), A_RULE.conflict()], ids=lambda e: str(type(e))
)
def test_whatever_is_raised_nothing_of_the_action_stands(app: Flask, error: BaseException) -> None:
    with app.app_context():
        with pytest.raises(type(error)) as raised:
            found_then("wharf-road", fail(error))
        assert raised.value is error
        assert slugs() == []
        found("wharf-road")
        assert slugs() == ["wharf-road"], "and the next action begins anew"


def test_an_action_inside_an_action_joins_it(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(Conflict) as refused:
            found_two("wharf-road", "wharf-road")
        assert refused.value.rule == "uq_organizations_slug"
        assert slugs() == []
        found_two("wharf-road", "mill-lane")
        assert slugs() == ["wharf-road", "mill-lane"]


def test_a_part_that_is_refused_leaves_the_rest_of_the_action(app: Flask) -> None:
    @action
    def found_what_can_be() -> None:
        found("wharf-road")
        for slug in ("mill-lane", "wharf-road"):
            with contextlib.suppress(Conflict), database.tentatively():
                found(f"{slug}-school")
                found(slug)

    with app.app_context():
        found_what_can_be()
        assert slugs() == ["wharf-road", "mill-lane-school", "mill-lane"]
        with pytest.raises(RuntimeError), database.tentatively():
            pass


def test_others_see_nothing_of_an_action_that_runs(app: Flask) -> None:
    seen: list[list[str]] = []
    with app.app_context():
        found_then("wharf-road", lambda: seen.append(slugs()))
        assert (seen, slugs()) == ([[]], ["wharf-road"])


def test_an_action_sees_what_was_written_since_this_request_last_read(app: Flask) -> None:
    @action
    def count() -> int:
        return len(db.session.execute(text("SELECT id FROM organizations")).all())

    with app.app_context():
        db.session.execute(text("SELECT id FROM organizations")).all()
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            world.populate(connection, range(1, 4))
        assert count() == 3


def test_a_refusal_names_whom_the_action_is_about(app: Flask) -> None:
    @action
    def introduce(name: str | None) -> None:
        if name:
            explain(name=name)
        db.session.execute(insert(world.table("session_answers")).values(world.row("session_answers", 1, id=9)))

    with app.app_context():
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            world.populate(connection, range(1, 3))
        with pytest.raises(Conflict) as about_ada:
            introduce("Ada")
        with pytest.raises(Conflict) as about_nobody:
            introduce(None)
    assert about_ada.value.sentence("en") == "Ada already comes to this part."
    assert about_ada.value.sentence("es") == "Ada ya viene a esta parte."
    assert about_nobody.value.sentence("en") == "This guest already comes to this part.", (
        "Ada was another action's word"
    )


def test_an_entry_needs_an_action_to_belong_to(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="a write outside an action"):
        record("seat.taken", organization_id=1, event_id=None, actor="system", subject="seat:1", now=clock.now())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_deadlock_is_tried_once_more_and_nobody_hears_of_it(app: Flask) -> None:
    """Two actions lock two rows in opposite order; PostgreSQL ends one of them, which then succeeds."""
    both_have_one, one_is_done = threading.Barrier(2, timeout=20), threading.Event()
    attempts: list[int] = []

    @action
    def touch(first: int, second: int) -> None:
        attempts.append(first)
        if attempts.count(first) == 2:  # or it might have its row again before the other, on a machine with much to do
            one_is_done.wait(20)
        db.session.execute(
            text("UPDATE organizations SET last_reference = last_reference + 1 WHERE id = :id"), {"id": first}
        )
        if attempts.count(first) == 1:
            both_have_one.wait()
        db.session.execute(
            text("UPDATE organizations SET last_reference = last_reference + 1 WHERE id = :id"), {"id": second}
        )

    def run(first: int, second: int) -> None:
        with app.app_context():
            touch(first, second)
        one_is_done.set()

    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(
                insert(Organization).values([world.row("organizations", n, last_reference=0) for n in (1, 2)])
            )
        threads = [threading.Thread(target=run, args=pair) for pair in ((1, 2), (2, 1))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        with db.engine.connect() as connection:
            assert connection.scalars(text("SELECT last_reference FROM organizations")).all() == [2, 2]
    assert len(attempts) == 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lock_that_stays_is_waited_for_twice_and_then_called_busy(app: Flask) -> None:
    attempts: list[int] = []

    @action
    def wait_for_it() -> None:
        attempts.append(1)
        db.session.execute(text("SET LOCAL lock_timeout = '30ms'"))
        db.session.execute(text("UPDATE organizations SET name = 'Mill Lane'"))

    with app.app_context():
        found("wharf-road")
        with db.engine.begin() as connection:
            connection.execute(text("SELECT id FROM organizations FOR UPDATE"))
            with pytest.raises(Busy):
                wait_for_it()
        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT name FROM organizations")) == "wharf-road"
    assert len(attempts) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_single_writer_of_sqlite_is_waited_for_up_to_a_bound(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write has its lock from its beginning, before it wrote anything; readers never wait."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with app.app_context():
        with db.engine.connect().execution_options(writes=True) as writer, writer.begin():
            assert slugs() == []
            with pytest.raises(Busy):
                found("wharf-road")
        assert slugs() == []
        found("wharf-road")
        assert slugs() == ["wharf-road"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_that_lets_go_in_time_is_not_noticed(app: Flask) -> None:
    """The lock is held until the first try has been refused; the next one has it."""
    held, refused = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), db.engine.connect().execution_options(writes=True) as writer, writer.begin():
            held.set()
            refused.wait(20)

    def note(_context: object) -> None:
        refused.set()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    with app.app_context():
        event.listen(db.engine, "handle_error", note)
        try:
            found("wharf-road")
        finally:
            event.remove(db.engine, "handle_error", note)
            refused.set()
            thread.join(20)
        assert slugs() == ["wharf-road"]
