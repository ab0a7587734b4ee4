"""The rule over an event's places: made over what stands, and refused over events that have too many guests."""

from __future__ import annotations

import pytest

from portal.kit.integrity import Offenders
from tests import world
from tests.migrations.scratch import Scratch

BEFORE = "0010"


def prepare(scratch: Scratch) -> None:
    """Events of one guest each, one revision before the rule; every second has as many places as its number."""
    scratch.upgrade(BEFORE)
    with scratch.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, range(1, 9))


def coming(scratch: Scratch) -> list[int]:
    with scratch.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT coming FROM events ORDER BY id").scalars())


def test_those_who_come_already_are_counted_where_there_is_a_capacity(scratch: Scratch) -> None:
    prepare(scratch)
    scratch.upgrade()
    assert coming(scratch) == [1, 0, 0, 0, 1, 0, 1, 0]
    scratch.run("UPDATE invitation_guests SET rsvp = 'accepted' WHERE id IN (3, 6)")
    assert coming(scratch) == [1, 0, 1, 0, 1, 0, 1, 0]


def test_too_many_guests_stop_the_upgrade_and_nothing_has_changed(scratch: Scratch) -> None:
    prepare(scratch)
    scratch.run("UPDATE events SET capacity = 0 WHERE id IN (5, 6, 7)")
    schema = scratch.schema()
    with pytest.raises(Offenders) as stop:
        scratch.upgrade()
    assert str(stop.value) == (
        "ck_events_capacity cannot be added: 2 row(s) break it.\n"
        "  event=5, capacity=0, coming=1\n"
        "  event=7, capacity=0, coming=1\n"
        "Nothing was changed. Give these events a larger capacity, or none, and run this again."
    )
    assert (scratch.schema(), scratch.revision()) == (schema, BEFORE)
    scratch.run("UPDATE events SET capacity = NULL WHERE capacity = 0")
    scratch.upgrade()
    assert scratch.revision() == scratch.revisions[-1]
