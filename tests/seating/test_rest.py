"""Seating the rest: households together, looked through first, written at once or not at all, taken back at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from flask import Flask

from portal.seating.rules.people import Person
from portal.seating.rules.rest import propose
from portal.seating.rules.views import TableRow
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import everybody_comes, everything, plan, seated
from tests.markup import elements
from tests.races.room import everybody_accepts
from tests.seating.sketch import table


def person(number: int, household: int, *, table_id: int | None = None, seat_id: int | None = None,
           is_child: bool = False, category: str = "regular") -> Person:  # fmt: skip
    return Person(number, number, number, household, household, f"Family {household}", f"Person {number}", is_child,
                  category, "", table_id, None, seat_id, "1" if seat_id else None)  # fmt: skip


def family(household: int, size: int, first: int) -> list[Person]:
    return [person(first + number, household) for number in range(size)]


def seats(tables: Sequence[TableRow], people: Sequence[Person]) -> dict[int, int]:
    return {who.id: seat.id for each in propose(tables, people) for who, seat in each.seats}


def test_large_households_come_first_and_each_fills_a_table_that_suits() -> None:
    tables = [table("......", number=1), table("....", number=2)]
    given = seats(tables, [*family(1, 4, 10), *family(2, 6, 20)])
    assert {given[place] // 100 for place in range(20, 26)} == {1}
    assert {given[place] // 100 for place in range(10, 14)} == {2}


def test_whoever_stands_sits_beside_their_own() -> None:
    tables = [table("..........", number=1), table("....x.....", number=2, x=90)]
    given = seats(tables, [person(1, 7, table_id=2, seat_id=205), person(2, 7)])
    assert given[2] in {204, 206}


def test_who_belongs_to_a_table_sits_there_or_stays_without_a_seat() -> None:
    tables = [table("..", number=1), table("xx", number=2)]
    (proposed,) = propose(tables, [person(1, 7, table_id=2)])
    assert proposed.seats == ()
    assert [who.id for who in proposed.left] == [1]
    (proposed,) = propose(tables, [person(1, 7, table_id=99)])
    assert proposed.left == (), "a table that was just taken away binds nobody"
    assert set(seats(tables, [person(1, 7, table_id=1)]).values()) <= {101, 102}


def test_no_seat_that_is_kept_for_some_is_given_to_others_and_none_twice() -> None:
    tables = [table("rv..", number=1), table("rv..", number=2, x=90)]
    people = [*family(1, 3, 10), *family(2, 2, 20)]
    given = seats(tables, people)
    assert len(given) == len(set(given.values())) == 4
    assert not {101, 102, 201, 202} & set(given.values())
    vip = seats(tables, [person(1, 7, category="vip"), *people[3:], *family(3, 2, 30)])
    assert len(set(vip.values())) == len(vip) == 5


def test_a_household_is_split_only_where_no_table_has_room_for_it() -> None:
    tables = [table("...", number=1), table("...", number=2, x=90)]
    assert len(seats(tables, family(1, 5, 10))) == 5
    together = seats([*tables, table("......", number=3, x=900)], family(1, 5, 10))
    assert {seat // 100 for seat in together.values()} == {3}


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Two families of four who come; one of them sits at table 2."""
    everybody_comes(cast)
    seated(Browser(cast.app, htmx=True), cast.brandt, 0, cast.seat(2, 6))
    return cast


def rest(cast: Cast) -> str:
    return f"/host/events/{cast.event_id}/seating/rest"


def proposal(cast: Cast, host: HostBrowser, query: str = "") -> str:
    page = host.get(rest(cast) + query).text
    return next((each.attributes["value"] for each in elements(page) if each.attributes.get("name") == "moves"), "")


def test_it_is_looked_through_written_at_once_and_taken_back_at_once(evening: Cast) -> None:
    host, before = host_of(evening), everything(evening.app)
    page = words_of(host.get(rest(evening)).text)
    assert "This is a proposal for 7 guests. Nothing is changed until you say so." in page
    assert "Ngozi Okafor Table" in page
    moves = proposal(evening, host)
    assert everything(evening.app) == before
    assert host.post(rest(evening), moves=moves).status_code == 303
    there = plan(evening)
    assert len(there) == 8
    assert {where.split("-")[0] for name, where in there.items() if "Brandt" in name} == {"2"}, "beside their own"
    assert len({where.split("-")[0] for name, where in there.items() if "Okafor" in name}) == 1
    assert evening.count("SELECT count(*) FROM activity WHERE verb = 'seat.assigned'") == 1
    assert host.post(f"/host/events/{evening.event_id}/seating/undo").status_code == 303
    assert plan(evening) == {"Ngozi Brandt": "2-6"}
    assert "Everybody" not in words_of(host.get(rest(evening)).text)


def test_a_seat_that_went_meanwhile_changes_nothing_says_what_changed_and_proposes_anew(evening: Cast) -> None:
    host = host_of(evening)
    moves = proposal(evening, host)
    seat_id = int(re.findall(r">(\d+)", moves)[0])
    seated(Browser(evening.app, htmx=True), evening.brandt, 1, seat_id)
    before = everything(evening.app)
    answer = host.post(rest(evening), moves=moves)
    assert answer.status_code == 409
    said = words_of(answer.text)
    assert "1 thing has changed meanwhile" in said
    assert "Daniel Brandt was moved meanwhile and now sits at Table" in said
    assert "This is a proposal for 6 guests" in said
    assert everything(evening.app) == before
    anew = next(each.attributes["value"] for each in elements(answer.text) if each.attributes.get("name") == "moves")
    assert host.post(rest(evening), moves=anew).status_code == 303
    assert len(plan(evening)) == 8


def test_whoever_finds_no_room_is_named(evening: Cast) -> None:
    evening.run("DELETE FROM seats WHERE event_id = :id AND position > 5", id=evening.event_id)
    said = words_of(host_of(evening).get(rest(evening)).text)
    assert "no seat left" not in said
    evening.run("DELETE FROM seats WHERE event_id = :id AND position IN (2, 3)", id=evening.event_id)
    said = words_of(host_of(evening).get(rest(evening)).text)
    assert "guests stay without a seat: there is no room for them." in said
    assert "no seat left" in said


def test_a_long_proposal_is_looked_through_page_by_page_and_sent_as_a_whole(app: Flask) -> None:
    cast = make_cast(app, slug="large", invitations=90, members=2, tables=25)
    everybody_accepts(cast)
    host = host_of(cast)
    pages = [words_of(host.get(f"{rest(cast)}?page={number}").text) for number in (1, 2, 3, 99)]
    assert "Page 1 of 3" in pages[0]
    assert pages[2] == pages[3]
    whole = {proposal(cast, host, f"?page={number}") for number in (1, 2, 3)}
    assert len(whole) == 1
    assert host.post(rest(cast), moves=whole.pop()).status_code == 303
    assert cast.count("SELECT count(*) FROM seat_claims WHERE event_id = :id", id=cast.event_id) == 180


def test_five_thousand_are_proposed_seats_each_household_at_one_table_as_long_as_there_are_such() -> None:
    tables = [table("." * 10, number=number, x=90 * (number % 4), y=90 * (number // 4)) for number in range(1, 626)]
    people = [each for number in range(1250) for each in family(number + 1, 4, 10 * number + 1)]
    given = seats(tables, people)
    assert len(set(given.values())) == 5000
    at = [{given[10 * number + 1 + each] // 100 for each in range(4)} for number in range(1250)]
    assert {len(each) for each in at} == {1}
