"""Families answer each other while others pick: both move at once or not at all, and nobody waits in a circle."""

from __future__ import annotations

import os

import pytest

from portal.seating.models import RequestKind
from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.deeds import plant_request
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import Wish
from tests.races.room import check, entries, everybody_accepts, regular_seats, seated

ROUNDS = int(os.environ.get("PLACECARD_ROUNDS", "1"))
NEAR, SWAP = RequestKind.NEAR, RequestKind.SWAP


def ring(cast: Cast, kind: RequestKind) -> list[Wish]:
    """Each family has asked the next, the last the first; all of them are about to say yes."""
    around = [*cast.families[1:], cast.families[0]]
    asked = [plant_request(cast, one, other, kind) for one, other in zip(cast.families, around, strict=True)]
    return [Wish(family.code, 0, (), request_id) for family, request_id in zip(around, asked, strict=True)]


def sit_in_a_row(cast: Cast, crowd: Crowd, url: str) -> None:
    seats = iter(regular_seats(cast))
    blocks = [Wish(family.code, 0, tuple(next(seats) for _ in family.members)) for family in cast.families]
    assert tally(crowd.rush(url, errands.take_block, blocks)) == {DONE: len(blocks)}


def states(cast: Cast) -> list[str]:
    return [row[0] for row in cast.rows("SELECT state FROM household_requests ORDER BY id")]


def seats_of(cast: Cast) -> list[set[int]]:
    """The seats of each family."""
    rows = cast.rows(
        "SELECT m.invitation_id, c.seat_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
        " JOIN invitation_guests m ON m.id = a.member_id"
    )
    return [{row.seat_id for row in rows if row.invitation_id == family.id} for family in cast.families]


@pytest.mark.parametrize("_round", range(ROUNDS))
@pytest.mark.parametrize("kind", [NEAR, SWAP])
def test_families_in_a_ring_say_yes_at_once(database: Database, crowd: Crowd, kind: RequestKind, _round: int) -> None:
    cast = make_cast(database.app, invitations=3, members=4, tables=3, seats=10)
    everybody_accepts(cast)
    sit_in_a_row(cast, crowd, database.url)
    before = seats_of(cast)
    said = tally(crowd.rush(database.url, errands.agree, ring(cast, kind)))
    assert said == {DONE: 3}, said
    assert (states(cast), entries(cast, "request.agreed")) == (["agreed"] * 3, 3)
    assert [len(seats) for seats in seats_of(cast)] == [4, 4, 4]
    if kind == SWAP:
        assert all(seats in before for seats in seats_of(cast)), "whole families have changed seats"
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_families_agree_while_a_crowd_picks_around_them(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=10, members=4, tables=8, seats=10)
    everybody_accepts(cast)
    one, other, *others = cast.families
    request_id = plant_request(cast, one, other, NEAR)
    crowd_wishes = [("take_any", Wish(family.code, member)) for family in others for member in family.members]
    said = tally(
        crowd.rush(
            database.url,
            errands.any_of,
            [*crowd_wishes[:16], ("agree", Wish(other.code, 0, (), request_id)), *crowd_wishes[16:]],
        )
    )
    assert said == {DONE: len(crowd_wishes) + 1}, said
    assert states(cast) == ["agreed"]
    assert seated(cast) == 40
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_members_wander_while_their_families_swap(database: Database, crowd: Crowd, _round: int) -> None:
    """Whatever comes first: seats that changed under the answer are refused, and nothing is half done."""
    cast = make_cast(database.app, invitations=2, members=4, tables=2, seats=10)
    everybody_accepts(cast)
    sit_in_a_row(cast, crowd, database.url)
    request_id = plant_request(cast, cast.okafor, cast.brandt, SWAP)
    free = tuple(regular_seats(cast)[8:])
    wandering = [
        ("wander", Wish(family.code, member, free)) for family in cast.families for member in family.members[:2]
    ]
    said = tally(
        crowd.rush(database.url, errands.any_of, [*wandering, ("agree", Wish(cast.brandt.code, 0, (), request_id))])
    )
    assert not [word for word in said if not (word == DONE or word.startswith("moved "))], said
    assert [len(seats) for seats in seats_of(cast)] == [4, 4]
    assert (states(cast), entries(cast, "request.agreed")) == (["agreed"], 1)
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_family_says_yes_on_many_phones_and_moves_once(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=2, members=4, tables=2, seats=10)
    everybody_accepts(cast)
    request_id = plant_request(cast, cast.okafor, cast.brandt, NEAR)
    said = tally(crowd.rush(database.url, errands.agree, [Wish(cast.brandt.code, 0, (), request_id)] * 16))
    assert said == {DONE: 16}
    assert (entries(cast, "request.agreed"), entries(cast, "seat.taken"), entries(cast, "seat.moved")) == (1, 1, 0)
    assert seated(cast) == 8
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_yes_no_and_never_mind_at_once_end_it_in_one_way(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=2, members=4, tables=2, seats=10)
    everybody_accepts(cast)
    request_id = plant_request(cast, cast.okafor, cast.brandt, NEAR)
    mixed = [
        (verb, Wish(family.code, 0, (), request_id))
        for verb, family in (("agree", cast.brandt), ("turn_down", cast.brandt), ("withdraw", cast.okafor))
        for _phone in range(4)
    ]
    said = tally(crowd.rush(database.url, errands.any_of, mixed))
    assert said == {DONE: 4, "request_closed": 8}
    (state,) = states(cast)
    ended = {verb: entries(cast, f"request.{verb}") for verb in ("agreed", "declined", "withdrawn")}
    assert ended == {**dict.fromkeys(ended, 0), state: 1}
    assert seated(cast) == (8 if state == "agreed" else 0)
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_many_phones_of_a_family_ask_and_five_things_are_asked(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=2, members=4)
    everybody_accepts(cast)
    names = ["Ngozi Brandt", *(f"Somebody {number}" for number in range(7))]
    said = tally(crowd.rush(database.url, errands.ask, [(cast.okafor.code, name) for name in names for _ in range(2)]))
    assert said == {DONE: 10, "ck_household_requests_slot": 6}, said
    asked = cast.rows("SELECT slot, wanted FROM household_requests ORDER BY slot")
    assert [row.slot for row in asked] == [1, 2, 3, 4, 5]
    assert len({row.wanted for row in asked}) == entries(cast, "request.made") == 5
