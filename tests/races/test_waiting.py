"""Households that wait, and others that do not, at the same instant: what is kept for somebody is theirs alone."""

from __future__ import annotations

import os
import random

import pytest

from portal.kit import clock
from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import Wish
from tests.races.room import check, entries
from tests.waiting.line import check_line, coming

ROUNDS = int(os.environ.get("PLACECARD_ROUNDS", "1"))
FULL = "ck_events_capacity"
PLACES = 8


@pytest.fixture
def full(database: Database) -> Cast:
    """Twenty-four families of two; the first four come and have all the places."""
    cast = make_cast(database.app, invitations=24, members=2, tables=1, seats=4)
    cast.run("UPDATE events SET capacity = :places WHERE id = :event", places=PLACES, event=cast.event_id)
    with database.app.app_context():
        for family in cast.families[:4]:
            errands.accept(Wish(family.code, 0))()
    return cast


def queue(cast: Cast, *numbers: int, wants: int = 0) -> None:
    """These families join the waiting list, one after the other."""
    with cast.app.app_context():
        for number in numbers:
            errands.join(Wish(cast.families[number].code, wants))()


def wait_for(cast: Cast, name: str, *numbers: int, wants: int = 0) -> list[tuple[str, Wish]]:
    """Each of these families does the same."""
    return [(name, Wish(cast.families[number].code, wants)) for number in numbers]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_last_places_are_kept_for_one_and_nobody_else_gets_them(
    database: Database, crowd: Crowd, full: Cast, _round: int
) -> None:
    queue(full, 4, 5)
    crowd.rush(database.url, errands.any_of, wait_for(full, "refuse", 0))
    wanted = wait_for(full, "accept", *range(4, 24), *[4] * 4)
    random.shuffle(wanted)
    outcomes = crowd.rush(database.url, errands.any_of, wanted)
    mine = [outcome.said for outcome in outcomes if outcome.wish[1].code == full.families[4].code]
    assert sorted(mine) == ["answered", *["nothing new"] * 4]
    assert tally(outcomes)[FULL] == 19
    assert (coming(full), entries(full, "waiting.accepted")) == (PLACES, 1)
    check_line(full, clock.now())


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_offer_that_ran_out_is_the_next_one_s_and_not_the_fastest_s(
    database: Database, crowd: Crowd, full: Cast, _round: int
) -> None:
    queue(full, 4, 5)
    crowd.rush(database.url, errands.any_of, wait_for(full, "refuse", 0))
    full.run("UPDATE waiting_list SET offered_until = created_at WHERE offered IS NOT NULL")
    wanted = wait_for(full, "accept", *range(4, 24), *[5] * 4)
    random.shuffle(wanted)
    outcomes = crowd.rush(database.url, errands.any_of, wanted)
    done = {outcome.wish[1].code for outcome in outcomes if outcome.said == "answered"}
    assert done == {full.families[5].code}
    assert coming(full) == PLACES
    check_line(full, clock.now())


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_household_joins_on_many_phones_and_waits_once(
    database: Database, crowd: Crowd, full: Cast, _round: int
) -> None:
    phones = [("join", Wish(full.families[number].code, 0)) for number in (4, 5, 6) for _ in range(8)]
    assert tally(crowd.rush(database.url, errands.any_of, phones)) == {DONE: 24}
    assert full.count("SELECT count(*) FROM waiting_list") == 3
    assert entries(full, "waiting.joined") == 3


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_everybody_does_everything_at_once(database: Database, crowd: Crowd, full: Cast, _round: int) -> None:
    """Yes, no, wait, leave, pass on: refused kindly or done, never an error, and no place is given twice."""
    queue(full, *range(4, 12))
    queue(full, *range(12, 16), wants=1)
    wanted = wait_for(full, "refuse", 0, 1, 2)
    wanted += wait_for(full, "accept", *range(4, 24))
    wanted += [("come", Wish(family.code, family.members[0])) for family in full.families[4:]]
    wanted += wait_for(full, "join", *range(8, 20), wants=1)
    wanted += wait_for(full, "leave", *range(4, 8))
    wanted += wait_for(full, "pass_on", *range(4, 20))
    random.shuffle(wanted)
    outcomes = crowd.rush(database.url, errands.any_of, wanted)
    assert set(tally(outcomes)) <= {DONE, "answered", "nothing new", FULL}, tally(outcomes)
    assert {outcome.said for outcome in outcomes if outcome.wish[0] == "refuse"} == {"answered"}
    check_line(full, clock.now())
    check(full)
