"""A worker of the server dies in the middle of its work: what was answered stands, and nothing is half done."""

from __future__ import annotations

import os
import random
import signal

from tests.endurance.conftest import IS_LONG, WORKERS, Figures, Watched
from tests.endurance.households import at_home, check_kept, trouble_of, wait_until_all_are_told_yes
from tests.patience import wait_for

KILLS = 200 if IS_LONG else 2


def test_a_worker_that_is_killed_takes_no_answer_with_it(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("killed", invitations=12, members=2, tables=2, seats=9)
    with at_home(venue, cast) as households:
        for _ in range(KILLS):
            wait_until_all_are_told_yes(households)
            os.kill(random.choice(venue.workers()), signal.SIGKILL)
            wait_for(lambda: len(venue.workers()) == WORKERS, "no new worker in its place")
        wait_until_all_are_told_yes(households)
    trouble = trouble_of(households)
    assert len(trouble) >= KILLS, "they were killed while somebody waited for an answer"
    assert {each.status for each in trouble} == {0}, "nobody was told of an error"
    check_kept(cast, households)
    granted = sum(household.granted for household in households)
    figures.note(f"{KILLS} workers killed, {len(trouble)} requests cut off, {granted} wishes came true and stand")
