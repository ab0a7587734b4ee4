"""Households come, go, wait, leave and pass on in any order while time passes; nobody's place is given twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Viewer
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.waiting.actions import wishes
from portal.waiting.rules import standing
from tests.cast import make_cast
from tests.conftest import Database
from tests.races.test_any_order import Stage
from tests.waiting.line import check_line, line_at

EXAMPLES = int(os.environ.get("PLACECARD_EXAMPLES", "15"))
FULL = "ck_events_capacity"

HOUSEHOLDS = st.integers(0, 4)
PEOPLE = st.integers(0, 1)


class Evening(RuleBasedStateMachine):
    """Five households of two, five places, offers of an hour, replies for half a day."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.stage.begin()
        self.cast, self.app = self.stage.cast, self.stage.database.app
        self.now = clock.now()

    @rule(household=HOUSEHOLDS, which=PEOPLE)
    def come(self, household: int, which: int) -> None:
        self._say(household, [which])

    @rule(household=HOUSEHOLDS)
    def come_all(self, household: int) -> None:
        self._say(household, [0, 1])

    @rule(household=HOUSEHOLDS, which=PEOPLE, rsvp=st.sampled_from([Rsvp.DECLINED, Rsvp.PENDING]))
    def go(self, household: int, which: int, rsvp: Rsvp) -> None:
        member = self.cast.families[household].members[which]
        assert self._act(household, lambda viewer: answer(viewer, {member: rsvp}, now=self.now)) is None

    @rule(household=HOUSEHOLDS, wants=st.sampled_from([None, 1, 2]))
    def wait(self, household: int, wants: int | None) -> None:
        assert self._act(household, lambda viewer: wishes.join_waiting_list(viewer, wants, now=self.now)) is None

    @rule(household=HOUSEHOLDS)
    def leave(self, household: int) -> None:
        assert self._act(household, lambda viewer: wishes.leave_waiting_list(viewer, now=self.now)) is None
        assert line_at(self.cast, self.now).find(self.cast.families[household].id) is None

    @rule(household=HOUSEHOLDS)
    def pass_on(self, household: int) -> None:
        assert self._act(household, lambda viewer: wishes.pass_offer_on(viewer, now=self.now)) is None
        waiter = line_at(self.cast, self.now).find(self.cast.families[household].id)
        assert waiter is None or waiter.kept(self.now) == 0

    @rule(minutes=st.sampled_from([1, 59, 60, 150]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def the_line_is_true(self) -> None:
        check_line(self.cast, self.now)

    def _say(self, household: int, which: list[int]) -> None:
        """Yes is done exactly where the page had said that there is room."""
        family = self.cast.families[household]
        come = "SELECT id FROM invitation_guests WHERE rsvp = 'accepted' AND invitation_id = :id"
        there = {row.id for row in self.cast.rows(come, id=family.id)}
        wanted = [family.members[number] for number in which if family.members[number] not in there]
        seen = standing(line_at(self.cast, self.now), family.id, len(wanted), self.now)
        refused = self._act(
            household, lambda viewer: answer(viewer, dict.fromkeys(wanted, Rsvp.ACCEPTED), now=self.now)
        )
        assert refused == (None if seen is None or seen.room >= len(wanted) else FULL)

    def _act(self, household: int, act: Callable[[Viewer], object]) -> str | None:
        code = self.cast.families[household].code
        with self.app.app_context():
            viewer = viewer_of(find_invitation(code), code, self.now)[0]
            try:
                act(viewer)
            except Conflict as conflict:
                return conflict.rule
        return None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_households_do_in_whatever_order(database: Database, tmp_path: Path) -> None:
    cast = make_cast(database.app, invitations=5, members=2, tables=1, seats=4)
    cast.run("UPDATE events SET capacity = 5, offer_seconds = 3600")
    stage = Stage(cast, database, tmp_path / "beginning.sqlite")
    stage.close()
    shutil.copy(database.file, stage.template)
    machine = type("EveningOnStage", (Evening,), {"stage": stage})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
