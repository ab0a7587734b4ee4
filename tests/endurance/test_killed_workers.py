"""A worker of the server dies in the middle of its work: what was answered stands, and nothing is half done."""

from __future__ import annotations

import os
import random
import signal

from tests.endurance.conftest import IS_LONG, WORKERS, Figures, Watched
from tests.endurance.households import at_home, check_kept, trouble_of, wait_until_all_are_told_yes
from tests.patience import wait_for

CUTS = 200 if IS_LONG else 2
"""How many times a kill has to hit somebody who waits for an answer; some hit a worker that has nothing to do."""


def test_a_worker_that_is_killed_takes_no_answer_with_it(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("killed", invitations=12, members=2, tables=2, seats=9)
    killed: list[int] = []
    with at_home(venue, cast) as households:
        for _ in range(CUTS):
            known = len(trouble_of(households))

            def kill_one_and_look(known: int = known) -> bool:
                wait_until_all_are_told_yes(households)
                killed.append(random.choice(venue.workers()))
                os.kill(killed[-1], signal.SIGKILL)
                wait_for(lambda: len(venue.workers()) == WORKERS, "no new worker in its place")
                return len(trouble_of(households)) > known

            wait_for(kill_one_and_look, "nobody was waiting for an answer, however many were killed")
        wait_until_all_are_told_yes(households)
    trouble = trouble_of(households)
    assert {each.status for each in trouble} == {0}, "nobody was told of an error"
    check_kept(cast, households)
    granted = sum(household.granted for household in households)
    figures.note(f"{len(killed)} workers killed, {len(trouble)} requests cut off, {granted} wishes came true and stand")
