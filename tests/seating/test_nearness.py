"""Two families near each other or in each other's seats: who keeps their seat, who moves, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invitations.rules import MemberView
from portal.seating.rules.nearness import Places, near_each_other, swapped
from portal.seating.rules.requests import household_key
from portal.seating.rules.views import SeatRow, TableRow
from tests.seating.sketch import member, table

RING = "ring"
ROW = "row"


def drawn(*rooms: str, shape: str = ROW, apart: int = 90) -> list[TableRow]:
    """Tables side by side; capital letters are the first family's, small letters the second's: A, B, … and a, b, …"""
    tables = []
    for number, letters in enumerate(rooms, start=1):
        plain = "".join("." if letter.isalpha() and letter not in "xvrh" else letter for letter in letters)
        empty = table(plain, number=number, is_round=shape == RING, x=apart * number)
        seats = tuple(
            replace(seat, assignment_id=ord(letter), state="taken")
            if letter.isalpha() and letter not in "xvrh"
            else seat
            for seat, letter in zip(empty.seats, letters, strict=True)
        )
        tables.append(replace(empty, seats=seats))
    return tables


def family(letters: str, tables: list[TableRow], *, children: str = "", vips: str = "") -> list[MemberView]:
    """The members called by these letters, each on their seat if they have one."""
    seats = {seat.assignment_id: seat for each in tables for seat in each.seats}
    return [
        member(
            ord(letter),
            is_child=letter in children,
            category="vip" if letter in vips else "regular",
            seat=seats.get(ord(letter)),
        )
        for letter in letters
    ]


def picture(tables: list[TableRow], places: Places | None) -> list[str] | None:
    """Where the two families sit afterwards; everybody else as a dot or a cross."""
    if places is None:
        return None
    at = {seat.id: chr(person.id) for person, seat in places.items()}
    return ["".join(at.get(seat.id, _other(seat)) for seat in each.seats) for each in tables]


def _other(seat: SeatRow) -> str:
    return "x" if seat.assignment_id == 900 else "."


@pytest.mark.parametrize(
    ("rooms", "shape", "expected"),
    [
        # nobody sits: one table in a row
        (["xx......", "xxxx...."], ROW, ["xxABab..", "xxxx...."]),
        # one family sits: the other comes beside it
        (["........", "xAB....."], ROW, ["........", "xABab..."]),
        (["........", "xab....."], ROW, ["........", "xabAB..."]),
        # there is no room beside it: both move, rather than be apart
        (["........", "xABxxxxx"], ROW, ["ABab....", "x..xxxxx"]),
        # one of each sits: those who stand come between them
        (["A..b....", "........"], ROW, ["ABab....", "........"]),
        # they sit beside each other already
        ([".abAB...", "........"], ROW, [".abAB...", "........"]),
        # at one table, but not in a row, when there is none
        (["ABx.x.xx", "..xxxxxx"], ROW, ["ABxaxbxx", "..xxxxxx"]),
        # two neighbouring tables when there is none for all
        (["ABxx", "..xx"], ROW, ["ABxx", "abxx"]),
        (["..xx", "ab..", "xxxx"], ROW, ["..xx", "abAB", "xxxx"]),
        # around the end of a ring
        (["..xxxxab"], RING, ["ABxxxxab"]),
        # no room at all
        (["ABxx", "x.xx"], ROW, None),
        (["...", "xxx"], ROW, None),
    ],
)
def test_two_families_near_each_other(rooms: list[str], shape: str, expected: list[str] | None) -> None:
    tables = drawn(*rooms, shape=shape)
    found = picture(tables, near_each_other(tables, family("AB", tables), family("ab", tables)))
    if expected is None or found is None:
        assert found == expected
        return
    assert found == expected or [_who(each) for each in found] == [_who(each) for each in expected]


def _who(seats: str) -> str:
    """Which family sits where, whoever of it."""
    return "".join("A" if seat in "AB" else "a" if seat in "ab" else seat for seat in seats)


def test_tables_far_apart_are_not_near() -> None:
    tables = drawn("ABxx", "xxxx", "..xx")
    assert near_each_other(tables, family("AB", tables), family("ab", tables)) is None


def test_children_sit_beside_their_own_adults() -> None:
    tables = drawn("........")
    places = near_each_other(tables, family("ABC", tables, children="C"), family("abc", tables, children="bc"))
    (row,) = picture(tables, places) or [""]
    assert "AC" in row or "CA" in row
    assert "bac" in row or "cab" in row


def test_seats_are_only_those_they_may_take() -> None:
    tables = drawn("vvvv....", "vv......")
    places = near_each_other(tables, family("AB", tables, vips="AB"), family("ab", tables))
    assert places is not None
    assert {seat.category for seat in places.values()} == {"regular"}, "side by side on what all of them may take"
    assert len({seat.table_id for seat in places.values()}) == 1


ROOMS = st.lists(st.text("....xv", min_size=4, max_size=10), min_size=1, max_size=4)


@given(ROOMS, st.integers(1, 4), st.integers(1, 4), st.booleans(), st.randoms())
def test_everybody_gets_a_free_seat_or_keeps_their_own(
    rooms: list[str], ones: int, others: int, is_round: bool, random: object
) -> None:
    letters = "ABCD"[:ones] + "abcd"[:others]
    spots = [(number, place) for number, room in enumerate(rooms) for place, seat in enumerate(room) if seat == "."]
    random.shuffle(spots)  # type: ignore[attr-defined]
    sitting = [list(room) for room in rooms]
    for letter, (number, place) in zip(letters[::2], spots, strict=False):
        sitting[number][place] = letter
    tables = drawn(*("".join(each) for each in sitting), shape=RING if is_round else ROW)
    one, other = family(letters[:ones], tables), family(letters[ones:], tables)
    places = near_each_other(tables, one, other)
    if places is None:
        return
    assert set(places) == {*one, *other}
    assert len({seat.id for seat in places.values()}) == len(letters), "one seat each"
    own = {person.assignment_id for person in places}
    assert all(seat.assignment_id is None or seat.assignment_id in own for seat in places.values())
    assert all(seat.category == "regular" for seat in places.values())
    assert len({seat.table_id for seat in places.values()}) <= 2


@pytest.mark.parametrize(
    ("rooms", "shape", "expected"),
    [
        (["ABx.", ".abx"], ROW, ["abx.", ".ABx"]),
        (["AxB.", ".abx"], ROW, ["axb.", ".ABx"]),
        (["Bxx..A", "ab...."], RING, ["bxx..a", "AB...."]),
        (["A.a.B.b."], ROW, ["a.A.b.B."]),
        (["AB..", "a..."], ROW, None),
        (["....", "ab.."], ROW, None),
        (["....", "...."], ROW, None),
    ],
)
def test_two_families_in_each_other_s_seats(rooms: list[str], shape: str, expected: list[str] | None) -> None:
    tables = drawn(*rooms, shape=shape)
    assert picture(tables, swapped(tables, family("AB", tables), family("ab", tables))) == expected


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Rivera family", "rivera"),
        ("Rivera family", "rivera"),
        ("la familia Ñáñez", "nanez"),
        ("Familia Rivera", "rivera"),
        ("Rivera", "rivera"),
        ("The Rivera–Okafor family", "rivera–okafor"),
        ("Family", "family"),
        ("Ana & Luis", "ana & luis"),
    ],
)
def test_a_household_is_known_by_its_name_alone(name: str, key: str) -> None:
    assert household_key(name) == key
