"""The rules of the room as tables of cases: which chairs go first, who sits where instead, what a step holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.room.rules.drawing import chair_size, chairs, zones
from portal.room.rules.editing import is_name_free, next_name, on_floor, with_count
from portal.room.rules.laying import lay, read_parts
from portal.room.rules.layout import DraftSeat, DraftTable, Layout, document_of, layout_of, patch_between, patched
from portal.room.rules.publishing import Sitter, difference, propose
from portal.seating.models import Category, ClaimState, Shape


def row_of(letters: str, first: int = 1) -> tuple[DraftSeat, ...]:
    """Chairs in a line: ``.`` for everybody, ``v`` for VIPs, ``r`` reserved, ``s`` without a step."""
    kinds = {"v": Category.VIP, "r": Category.RESERVED}
    return tuple(
        DraftSeat(str(place + 1), first + place, kinds.get(letter, Category.REGULAR), letter == "s")
        for place, letter in enumerate(letters)
    )


def room(*tables: str) -> Layout:
    """Long tables one below the other; the ids of the chairs are 100 × the table and the place: 101, 102 …"""
    laid = [
        DraftTable(number, str(number), row_of(letters, 100 * number + 1), Shape.ROW, 100, 100 * number)
        for number, letters in enumerate(tables, start=1)
    ]
    return Layout({}, {}, frozenset(table.id for table in laid)).with_tables(laid)


def sitter(place: int, seat: int, *, family: int = 1, category: str = "regular", step_free: bool = False) -> Sitter:
    return Sitter(
        place,
        f"Guest {place}",
        family,
        f"Family {family}",
        seat // 100,
        seat,
        ClaimState.TAKEN,
        False,
        category,
        step_free,
    )


def moved(draft: Layout, published: Layout, *people: Sitter) -> dict[int, str]:
    """Who is affected, and where they could sit: ``{1: "2-1"}``."""
    found = propose(draft, published, people)
    return {one.sitter.place_id: f"{one.new_table}-{one.new_seat}" if one.spot else "" for one in found}


@pytest.mark.parametrize(
    ("letters", "count", "taken", "left"),
    [
        ("....", 4, [], "1 2 3 4"),
        ("....", 2, [], "1 2"),
        ("....", 2, [4], "1 4"),
        ("....", 2, [3, 4], "3 4"),
        ("....", 1, [3, 4], "3"),
        ("....", 6, [], "1 2 3 4 5 6"),
    ],
)
def test_free_chairs_go_first_and_of_these_the_last(letters: str, count: int, taken: list[int], left: str) -> None:
    assert " ".join(seat.label for seat in with_count(row_of(letters), count, taken)) == left


def test_a_number_that_is_free_is_taken_before_a_new_one() -> None:
    seats = with_count(with_count(row_of("...."), 3, [1, 2, 4]), 5, [])
    assert [(seat.label, seat.id) for seat in seats] == [("1", 1), ("2", 2), ("4", 4), ("3", None), ("5", None)]


@pytest.mark.parametrize(
    ("tables", "people", "places"),
    [
        (("..", "....", "...."), [sitter(1, 101), sitter(2, 102)], {1: "2-1", 2: "2-2"}),
        (("..", ".", "...."), [sitter(1, 101), sitter(2, 102)], {1: "3-1", 2: "3-2"}),
        (("..", ".", "."), [sitter(1, 101), sitter(2, 102)], {1: "2-1", 2: "3-1"}),
        (("..", "."), [sitter(1, 101), sitter(2, 102)], {1: "2-1", 2: ""}),
        (("..", "vr", ".."), [sitter(1, 101)], {1: "3-1"}),
        (("..", "vr", ".."), [sitter(1, 101, category="vip")], {1: "2-1"}),
        (("s.", "..", ".s"), [sitter(1, 101, step_free=True)], {1: "3-2"}),
        (("s.", "..", ".."), [sitter(1, 101, step_free=True)], {1: "2-1"}),
        (("..", "...", "..."), [sitter(1, 101), sitter(2, 203)], {1: "2-2"}),
        (("..", "..", ".."), [sitter(1, 101, family=1), sitter(2, 102, family=2)], {1: "2-1", 2: "2-2"}),
        (("..", "..", ".."), [sitter(1, 301)], {}),
    ],
    ids=[
        "the nearest table, side by side", "together before near", "apart if it must be", "nobody is squeezed in",
        "reserved seats are the host's to give", "a VIP may have a VIP seat", "no step where there was none",
        "a seat with a step before none", "beside their own", "no chair twice", "who stays is left alone",
    ],
)  # fmt: skip
def test_who_loses_a_chair_is_offered_the_nearest(
    tables: tuple[str, ...], people: list[Sitter], places: dict[int, str]
) -> None:
    published = room(*tables)
    assert moved(published.without_table(1), published, *people) == places


def test_a_chair_that_is_being_chosen_is_listed_and_not_given_away() -> None:
    published = room("..", "..")
    holding = Sitter(1, "Ada", 1, "", 1, 101, ClaimState.HELD)
    assert moved(published.without_table(1), published, holding) == {1: ""}
    other = Sitter(2, "Tobi", 2, "", 2, 201, ClaimState.HELD)
    assert moved(published.without_table(1), published, sitter(1, 101), other) == {1: "2-2"}


def test_what_is_called_otherwise_or_stands_elsewhere_is_the_same() -> None:
    published = room("..", "..")
    one = published.tables[1]
    seats = (one.seats[1], one.seats[0], DraftSeat("9"))
    draft = published.with_tables([DraftTable(1, "Head", seats, Shape.ROUND, 300, 900)])
    change = difference(draft, published)
    assert change.gone == frozenset()
    assert ([after.name for _, after in change.changed], change.added, change.removed) == (["Head"], (), ())
    assert difference(published, published).is_nothing


def test_a_step_holds_what_it_changed_and_leads_both_ways() -> None:
    before = room("..", "..")
    after = lay(before.without_table(2), read_parts("1 round 4"))
    back, forth = patch_between(before, after), patch_between(after, before)
    assert set(back["tables"]) == {"2", "-1"}
    assert patched(after, back) == before
    assert patched(before, forth) == after


def test_a_table_laid_by_other_ways_belongs_to_the_draft() -> None:
    stored = document_of(room("..").without_table(1))
    assert list(layout_of(stored, room("..", "..")).tables) == [2]
    assert layout_of({}, room("..")) == room("..")


@pytest.mark.parametrize(
    ("point", "there"),
    [((0, 0), (40, 40)), ((41, 43), (40, 45)), ((1000, 1000), (320, 1000)), ((180, 99_999), (180, 20_000))],
)
def test_a_point_is_on_the_floor_and_on_the_grid(point: tuple[int, int], there: tuple[int, int]) -> None:
    assert on_floor(*point) == there


@pytest.mark.parametrize(("name", "copy"), [("1", "3"), ("7", "3"), ("Ada’s", "Ada’s 2")])
def test_a_copy_is_called_by_the_next_free_name(name: str, copy: str) -> None:
    assert next_name(room("..", ".."), name) == copy


@pytest.mark.parametrize("name", ["9" * 80, "Long " * 16, "ﷺ" * 8])
def test_a_copy_of_a_long_name_has_one_that_fits_and_is_its_own(name: str) -> None:
    laid = room("..", "..")
    for _copy in range(12):
        copy = next_name(laid, name)
        assert len(copy) <= 80
        assert is_name_free(laid, copy, None)
        laid = laid.with_tables([replace(laid.tables[1], id=laid.next_table_id(), name=copy)])


def test_a_table_without_chairs_can_be_drawn() -> None:
    bare = [DraftTable(1, "1", (), shape) for shape in Shape]
    assert [(chairs(table), chair_size(table)) for table in bare] == [([], 4.5)] * 3


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("count", [1, 2, 9, 100])
def test_every_chair_has_its_place_within_reach(shape: Shape, count: int) -> None:
    table = DraftTable(-1, "1", tuple(DraftSeat(str(place)) for place in range(count)), shape)
    places = chairs(table)
    assert len(set(places)) == count
    assert all(x * x + y * y <= 40 * 40 for x, y in places)


@pytest.mark.parametrize(("tables", "parts"), [(1, 1), (40, 1), (41, 2), (600, 15)])
def test_a_large_room_is_shown_in_parts_and_none_is_lost(tables: int, parts: int) -> None:
    laid = lay(Layout(), read_parts(f"{tables} round 4"))
    found = zones(laid)
    assert abs(len(found) - parts) <= 1
    assert sorted(table.id for zone in found for table in zone.tables) == sorted(laid.tables)
