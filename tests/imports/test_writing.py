"""Writing a list: household by household, each whole or not at all, beside everybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.imports.actions import households as actions
from portal.imports.rules.households import Household
from portal.imports.rules.rows import Person
from portal.kit import clock
from portal.kit.schema import db
from tests.cast import Cast
from tests.imports.world import Desk
from tests.meanwhile import meanwhile
from tests.statements import statements

ADA = "SELECT name, email FROM guests WHERE name = 'Ada'"
RIVAL = (
    "INSERT INTO guests (created_at, organization_id, name, search_key, email, email_key)"
    " SELECT created_at, :organization, 'Zoë', 'zoe', 'ada@example.org', 'ada@example.org' FROM events"
)


def test_a_long_import_says_how_far_it_is_beside_what_it_prints(desk: Desk, cast: Cast) -> None:
    result = desk.run_list("Household,Name", *(f"Costa {number},Ada {number}" for number in range(501)))
    assert result.stderr == "250 of 501 households\n500 of 501 households\n"
    assert result.stdout == "501 households, 501 people: 501 new, 0 updated, 0 unchanged, 0 skipped.\n0 warnings.\n"
    assert cast.count("SELECT count(*) FROM invitations") == 503


def test_a_household_is_written_whole_or_not_at_all(desk: Desk, cast: Cast) -> None:
    """A second member who cannot be stored takes the first along; the household before stands."""
    households = [
        Household("Park", (Person(2, "Kai"),)),
        Household("Costa", (Person(3, "Ada"), Person(4, "Ben", host_note=None))),  # type: ignore[arg-type]
    ]
    event = desk.event()
    with cast.app.app_context(), pytest.raises(Exception, match="host_note"):
        list(actions.import_households(households, event=event, actor="system", now=clock.now(), write=True))
    assert [row.name for row in cast.rows("SELECT name FROM invitations WHERE id > 2")] == ["Park"]
    assert cast.count("SELECT count(*) FROM guests WHERE name IN ('Ada', 'Ben')") == 0
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'invitation.created'") == 3


def test_a_write_needs_no_second_look_when_nothing_is_new(desk: Desk, cast: Cast) -> None:
    """A household that stands as listed is only read: an import of what is there takes no lock."""
    household = Household("Costa", (Person(2, "Ada"),))
    event = desk.event()
    with cast.app.app_context():
        list(actions.import_households([household], event=event, actor="system", now=clock.now(), write=True))
        with db.engine.connect() as rival:
            rival.execution_options(writes=True)
            rival.execute(text("UPDATE events SET version = version + 1 WHERE id = :id"), {"id": event.id})
            plans = actions.import_households([household], event=event, actor="system", now=clock.now(), write=True)
            assert [plan.changes_something for _, plan in plans] == [False]
            rival.rollback()


def test_two_imports_at_once_make_a_household_once(desk: Desk, cast: Cast) -> None:
    """What another import wrote since the plan was made is seen inside the transaction."""
    household, event = Household("Costa", (Person(2, "Ada"),)), desk.event()
    with cast.app.app_context():
        for _ in range(2):
            plan = actions.import_household(household, event=event, done=(), actor="system", now=clock.now())
            assert plan.standing is not None
    assert cast.count("SELECT count(*) FROM invitations WHERE name = 'Costa'") == 1


def test_an_address_that_somebody_else_takes_at_the_same_moment_is_seen(desk: Desk, cast: Cast) -> None:
    """The unique key refuses, the household is read once more and kept without the address."""
    household, event = Household("Costa", (Person(2, "Ada", email="ada@example.org"),)), desk.event()

    def importing() -> list[str]:
        plans = actions.import_households([household], event=event, actor="system", now=clock.now(), write=True)
        return [notice.kind for _, plan in plans for step in plan.steps for notice in step.person.notices]

    assert meanwhile(cast, importing, RIVAL, organization=event.organization_id) == ["shared_address"]
    assert [tuple(row) for row in cast.rows(ADA)] == [("Ada", None)]
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'invitation.created'") == 3


def test_a_member_is_written_before_their_entry_as_whoever_changes_them_by_hand_does(desk: Desk, cast: Cast) -> None:
    """Two who lock the same rows lock them in the same order."""
    desk.run_list("Household,Name,Phone,Notes", "Costa,Ada,,")
    with statements(cast.app) as sent:
        desk.run_list("Household,Name,Phone,Notes", "Costa,Ada,+442079460000,Call first")
    written = [statement.split()[1] for statement in sent if statement.startswith("UPDATE")]
    assert [table for table in written if table in {"guests", "invitation_guests"}] == ["invitation_guests", "guests"]


def test_a_database_that_cannot_be_had_stops_the_import_with_a_sentence(desk: Desk, cast: Cast) -> None:
    event = desk.event()
    with cast.app.app_context(), db.engine.connect() as rival:
        rival.execution_options(writes=True)
        rival.execute(text("UPDATE events SET version = version + 1 WHERE id = :id"), {"id": event.id})
        result = desk.run_list("Household,Name", "Costa,Ada")
        rival.rollback()
    assert result.exit_code == 1
    assert result.stderr == (
        "“Costa” could not be written: the database is busy."
        " The households before it are written; import the file again to go on.\n"
    )
    assert "1 new" in desk.run(desk.folder / "list").stdout
