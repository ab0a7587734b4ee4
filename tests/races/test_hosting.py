"""Hosts and guests move the same people to the same seats at once: one of them has it, nobody waits in a circle."""

from __future__ import annotations

import os

import pytest

from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import HostWish, Wish
from tests.races.room import check, entries, everybody, everybody_accepts, regular_seats, seated

ROUNDS = int(os.environ.get("PLACECARD_ROUNDS", "1"))
TAKEN = {"seat_in_use", "uq_seat_claims_seat_id", "moved_meanwhile", "some_not_seated"}


def crowded(database: Database, *, invitations: int = 4, tables: int = 2) -> Cast:
    cast = make_cast(database.app, invitations=invitations, members=4, tables=tables, seats=10)
    everybody_accepts(cast)
    return cast


def places(cast: Cast) -> list[int]:
    return [
        row.id
        for row in cast.rows("SELECT id FROM guest_assignments WHERE event_id = :id ORDER BY id", id=cast.event_id)
    ]


def holds_together(cast: Cast) -> None:
    """The room is sound, and every step of a host has its entry and can be taken back."""
    check(cast)
    steps = cast.count("SELECT count(*) FROM seating_steps WHERE event_id = :id", id=cast.event_id)
    assert steps == entries(cast, "seat.assigned")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_hosts_and_guests_want_one_seat(database: Database, crowd: Crowd, _round: int) -> None:
    cast = crowded(database)
    seat, people = regular_seats(cast)[0], places(cast)
    hosts = [("host_seats", HostWish(cast.event_id, f"user:{n}", [people[n]], [seat])) for n in range(8)]
    guests = [("take", Wish(family.code, member, (seat,))) for family, member in everybody(cast)[8:]]
    said = tally(crowd.rush(database.url, errands.desk_or_phone, [*hosts, *guests]))
    assert said[DONE] == 1
    assert set(said) <= {DONE, *TAKEN}, said
    assert seated(cast) == 1
    holds_together(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_hosts_move_one_guest_and_the_page_of_one_of_them_was_true(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = crowded(database)
    guest, seats = places(cast)[0], regular_seats(cast)
    wishes = [("host_seats", HostWish(cast.event_id, f"user:{n}", [guest], [seats[n]])) for n in range(12)]
    said = tally(crowd.rush(database.url, errands.desk_or_phone, wishes))
    assert said == {DONE: 1, "moved_meanwhile": 11}, said
    assert seated(cast) == 1
    holds_together(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_hosts_shuffle_while_guests_wander_answer_and_ask_for_tables(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = crowded(database, invitations=6, tables=4)
    people, seats = places(cast), regular_seats(cast)
    hosts = [("host_shuffles", HostWish(cast.event_id, f"user:{n}", people[:16], seats)) for n in range(6)]
    wandering = [("wander", Wish(family.code, member, tuple(seats[::3]))) for family, member in everybody(cast)[:12:2]]
    together = [("host_table", HostWish(cast.event_id, "user:99", people[16:20], seats[:1]))]
    leaving = [("decline", Wish(family.code, family.members[3])) for family in cast.families[:2]]
    said = tally(crowd.rush(database.url, errands.desk_or_phone, [*hosts, *wandering, *together, *leaving]))
    known = {DONE, "answered", "nothing new", "no_seat_left", "some_not_seated", *TAKEN}
    assert not [word for word in said if word not in known and not word.startswith("moved ")], said
    holds_together(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_hosts_seat_the_rest_and_one_of_them_does(database: Database, crowd: Crowd, _round: int) -> None:
    cast = crowded(database, invitations=3, tables=3)
    rest = [("host_rest", HostWish(cast.event_id, f"user:{n}", [], [])) for n in range(4)]
    said = tally(crowd.rush(database.url, errands.desk_or_phone, rest))
    assert said[DONE] == 4 or said == {DONE: 1, "some_not_seated": 3}, said
    assert seated(cast) == 12
    assert entries(cast, "seat.assigned") == 1, "who has the seats already is left alone"
    holds_together(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_guests_pick_while_the_rest_is_seated_and_it_is_all_or_nobody(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = crowded(database, invitations=4, tables=4)
    rest = [("host_rest", HostWish(cast.event_id, "user:1", [], []))]
    picks = [("take_any", Wish(family.code, member)) for family, member in everybody(cast)[:6]]
    said = tally(crowd.rush(database.url, errands.desk_or_phone, [*picks, *rest]))
    assert set(said) <= {DONE, "some_not_seated"}, said
    assert seated(cast) == (16 if not said["some_not_seated"] else 6)
    holds_together(cast)
