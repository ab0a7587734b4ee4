"""Many households, few places: exactly as many come as there are places, and nobody sees an error."""

from __future__ import annotations

import os
import random

import pytest

from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import Wish
from tests.races.room import check, entries, everybody, everybody_accepts
from tests.waiting.line import coming

ROUNDS = int(os.environ.get("PLACECARD_ROUNDS", "1"))
FULL = "ck_events_capacity"


def crowded(database: Database, places: int, *, invitations: int, members: int) -> Cast:
    """An event with this many places."""
    cast = make_cast(database.app, invitations=invitations, members=members, tables=1, seats=4)
    cast.run("UPDATE events SET capacity = :places WHERE id = :event", places=places, event=cast.event_id)
    return cast


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_households_want_the_last_places_and_as_many_come_as_fit(database: Database, crowd: Crowd, _round: int) -> None:
    cast = crowded(database, 21, invitations=40, members=2)
    families = [("accept", Wish(family.code, 0)) for family in cast.families[:20]]
    single = [("come", Wish(family.code, member)) for family in cast.families[20:] for member in family.members]
    wanted = families + single
    random.shuffle(wanted)
    said = tally(crowd.rush(database.url, errands.any_of, wanted))
    assert set(said) == {"answered", FULL}, said
    assert coming(cast) == 21
    assert entries(cast, "invitation.answered") == said["answered"]
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_yes_and_no_at_once_at_a_full_event(database: Database, crowd: Crowd, _round: int) -> None:
    """No is never refused, nobody waits in a circle, and the count stays that of the answers."""
    cast = crowded(database, 24, invitations=12, members=4)
    wanted = [
        (errand, Wish(family.code, member))
        for family, member in everybody(cast)
        for errand in ("come", "decline", "come")
    ]
    wanted += [("accept", Wish(family.code, 0)) for family in cast.families]
    random.shuffle(wanted)
    outcomes = crowd.rush(database.url, errands.any_of, wanted)
    assert set(tally(outcomes)) <= {"answered", "nothing new", FULL}
    assert FULL not in {outcome.said for outcome in outcomes if outcome.wish[0] == "decline"}
    assert coming(cast) <= 24
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_capacity_given_in_the_middle_of_a_rush_counts_everybody(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = make_cast(database.app, invitations=30, members=2, tables=1, seats=4)
    wanted = [("accept", Wish(family.code, 0)) for family in cast.families]
    wanted.insert(11, ("limit", Wish(cast.okafor.code, 0, (40,))))
    outcomes = crowd.rush(database.url, errands.any_of, wanted)
    said = {outcome.said for outcome in outcomes}
    assert said <= {"answered", FULL, DONE}, said
    is_limited = cast.count("SELECT count(*) FROM events WHERE capacity = 40") == 1
    assert is_limited == (DONE in said)
    if is_limited:
        assert coming(cast) == 40
    check(cast)


def test_the_count_is_not_forgotten_when_rows_are_written_in_bulk(database: Database) -> None:
    cast = crowded(database, 8, invitations=2, members=4)
    everybody_accepts(cast)
    assert coming(cast) == 8
