"""Which seats suit a household best: beside its own, in a row, with a gap, at two tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.seating.rules.splits import best_splits
from portal.seating.rules.together import (
    Block,
    Fit,
    best_block,
    chairs_between,
    child_beside_adult,
    longest_run,
    nearest_seats,
    placed,
    ranked_blocks,
    without_steps,
)
from portal.seating.rules.views import SeatRow, TableRow, open_categories
from tests.seating.sketch import REGULAR, Somebody, labels, mine, table

ROW = "row"
RING = "ring"


@pytest.mark.parametrize(
    ("letters", "shape", "count", "fit", "seats"),
    [
        # a whole free table, in any number
        ("..........", RING, 1, Fit.ROW, "1"),
        ("..........", RING, 4, Fit.ROW, "1 2 3 4"),
        ("..........", RING, 10, Fit.ROW, "1 2 3 4 5 6 7 8 9 10"),
        # around the end of a ring, not of a row
        ("..xxxxxx..", RING, 4, Fit.ROW, "9 10 1 2"),
        ("..xxxxxx..", ROW, 4, Fit.GAP, "1 2 9 10"),
        ("..xxxxxx..", RING, 3, Fit.ROW, "9 10 1"),
        ("..xxxxxx..", ROW, 2, Fit.ROW, "1 2"),
        # of equals, the one that leaves nobody alone
        (".....", ROW, 3, Fit.ROW, "1 2 3"),
        ("...x......", ROW, 2, Fit.ROW, "5 6"),
        ("...x..x...", ROW, 2, Fit.ROW, "5 6"),
        (".....", ROW, 4, Fit.ROW, "1 2 3 4"),
        # beside their own, even if somebody is left alone by it
        ("m..x....", ROW, 1, Fit.BESIDE, "2"),
        ("....m.....", RING, 2, Fit.BESIDE, "3 4"),
        (".xxxxxxxm.", RING, 2, Fit.BESIDE, "10 1"),
        ("m.xxxxxxx.", RING, 1, Fit.BESIDE, "2"),
        ("m.x...", ROW, 2, Fit.ROW, "4 5"),
        ("m.x....", ROW, 3, Fit.ROW, "4 5 6"),
        # a gap, as narrow as it can be, near their own
        (".x.x.x...", ROW, 4, Fit.GAP, "5 7 8 9"),
        (".x.x.x.x.x", RING, 3, Fit.GAP, "1 3 9"),
        (".x.xmx.x.x.x.", ROW, 2, Fit.GAP, "1 3"),
        # only seats they may take
        ("v.r..h.x", ROW, 2, Fit.ROW, "4 5"),
        ("vr.x", RING, 1, Fit.ROW, "3"),
    ],
)
def test_the_best_seats_of_a_table(letters: str, shape: str, count: int, fit: Fit, seats: str) -> None:
    drawn = table(letters, is_round=shape == RING)
    block = best_block(drawn, count, REGULAR, mine(drawn))
    assert block is not None
    assert (block.fit, labels(block.seats), block.tables) == (fit, seats, (drawn,))


@pytest.mark.parametrize(("letters", "count"), [("", 1), ("....", 5), ("xxxx", 1), ("vvrr", 1), ("..", 0), ("..", -1)])
def test_a_table_that_is_too_full_has_no_best_seats(letters: str, count: int) -> None:
    assert best_block(table(letters), count, REGULAR) is None


def test_vip_seats_are_counted_for_whom_they_are() -> None:
    drawn = table("vv..")
    assert best_block(drawn, 4, REGULAR) is None
    block = best_block(drawn, 4, open_categories("vip"))
    assert block is not None and labels(block.seats) == "1 2 3 4"
    assert (longest_run(drawn, REGULAR), longest_run(drawn, open_categories("vip"))) == (2, 4)


@pytest.mark.parametrize(
    ("letters", "shape", "run"),
    [
        ("", RING, 0),
        ("x", RING, 0),
        (".", RING, 1),
        ("..x..", RING, 4),
        ("..x..", ROW, 2),
        ("....", RING, 4),
        ("x.x.", ROW, 1),
    ],
)
def test_how_many_could_sit_side_by_side(letters: str, shape: str, run: int) -> None:
    assert longest_run(table(letters, is_round=shape == RING), REGULAR) == run


TABLES = st.builds(
    table, st.text("...xvrhmp", max_size=12), is_round=st.booleans(), number=st.just(1)
)  # fmt: skip


def windows(drawn: TableRow, count: int, categories: Collection[str]) -> list[list[SeatRow]]:
    """Every stretch of ``count`` free seats, found by looking at each start."""
    size = len(drawn.seats)
    starts = range(size) if drawn.is_round else range(size - count + 1)
    stretches = [[drawn.seats[(start + step) % size] for step in range(count)] for start in starts if count <= size]
    return [stretch for stretch in stretches if all(seat.is_free_for(categories) for seat in stretch)]


@given(TABLES, st.integers(1, 6), st.sampled_from(["regular", "vip"]))
def test_a_block_is_as_many_free_seats_as_asked_for_and_as_close_as_can_be(
    drawn: TableRow, count: int, category: str
) -> None:
    categories, anchors = open_categories(category), mine(drawn)
    block = best_block(drawn, count, categories, anchors)
    free = {seat.id for seat in drawn.free(categories)}
    if block is None:
        assert len(free) < count
        return
    chosen = [seat.id for seat in block.seats]
    assert len(chosen) == len(set(chosen)) == count
    assert set(chosen) <= free
    stretches = windows(drawn, count, categories)
    beside = [stretch for stretch in stretches if touches(drawn, stretch, anchors)]
    assert block.fit == (Fit.BESIDE if beside else Fit.ROW if stretches else Fit.GAP)
    if stretches:
        assert list(block.seats) in (beside or stretches), "side by side, in the order they stand"


def touches(drawn: TableRow, stretch: list[SeatRow], anchors: Collection[int]) -> bool:
    return any(chairs_between(seat, own, drawn) == 1 for seat in stretch for own in drawn.seats if own.id in anchors)


@given(st.lists(st.booleans(), max_size=12))
def test_every_child_sits_beside_an_adult_when_there_are_enough(children: list[bool]) -> None:
    people = [Somebody(str(number), is_child) for number, is_child in enumerate(children)]
    order = child_beside_adult(people)
    assert sorted(order, key=lambda person: int(person.name)) == people, "nobody is lost and nobody is added"
    minors = sum(children)
    if minors <= 2 * (len(people) - minors):
        for place, person in enumerate(order):
            beside = order[max(place - 1, 0) : place] + order[place + 1 : place + 2]
            assert not person.is_child or any(not other.is_child for other in beside)


@pytest.mark.parametrize(
    ("people", "order"),
    [
        ("AB", "AB"),
        ("ABcd", "cAdB"),
        ("Ac", "cA"),
        ("cA", "cA"),
        ("Acde", "cAde"),
        ("cd", "cd"),
        ("ABCd", "dABC"),
        ("", ""),
    ],
)
def test_the_order_of_a_family(people: str, order: str) -> None:
    seated = child_beside_adult([Somebody(letter, letter.islower()) for letter in people])
    assert "".join(person.name for person in seated) == order


@pytest.mark.parametrize(
    ("letters", "shape", "people", "order", "seats"),
    [
        # with a gap, the usual order would leave a child alone
        (".x...", ROW, "cAdB", "AcBd", "1 3 4 5"),
        (".x...x.", ROW, "cdABC", "AcBdC", "1 3 4 5 7"),
        (".xx.", RING, "Ac", "cA", "1 4"),
        # the seat beside a parent who sits already is the child's
        ("M.x..", ROW, "Bc", "cB", "2 4"),
        ("....", ROW, "cd", "cd", "1 2"),
        ("....", ROW, "AB", "AB", "1 2"),
    ],
)
def test_each_child_gets_a_seat_beside_an_adult_also_where_there_is_a_gap(
    letters: str, shape: str, people: str, order: str, seats: str
) -> None:
    drawn = table(letters.lower(), is_round=shape == RING)
    block = Block(Fit.GAP, (drawn,), tuple(seat for seat in drawn.seats if seat.label in seats.split()))
    family = [Somebody(letter, letter.islower()) for letter in people]
    assert "".join(person.name for person in placed(family, block, mine(drawn))) == order


def test_of_two_seats_beside_the_family_a_child_gets_the_one_beside_an_adult() -> None:
    drawn = table(".mm.")
    father, child = drawn.seats[2], drawn.seats[1]
    block = best_block(drawn, 1, REGULAR, {father.id, child.id}, children=1, adults={father.id})
    assert block is not None and labels(block.seats) == "4"
    block = best_block(drawn, 1, REGULAR, {father.id, child.id}, children=0, adults={father.id})
    assert block is not None and labels(block.seats) == "1"


def test_of_equal_tables_the_one_that_leaves_nobody_alone_comes_first() -> None:
    tables = [table("...xxx", number=1), table("....xx", number=2), table("..xxxx", number=3)]
    assert [block.tables[0].name for block in ranked_blocks(tables, 2, REGULAR)] == ["2", "3", "1"]


def test_a_room_without_steps_has_only_the_seats_that_can_be_reached() -> None:
    drawn = table("...x")
    reached = replace(drawn, seats=tuple(replace(seat, step_free=seat.label in "134") for seat in drawn.seats))
    (seen,) = without_steps([reached])
    assert labels(seen.free(REGULAR)) == "1 3"
    assert [seat.assignment_id for seat in seen.seats] == [seat.assignment_id for seat in drawn.seats]


def test_the_table_beside_their_own_comes_before_a_better_one_far_away() -> None:
    home = table("mm..xxxxxx", number=1)
    far, near = table("..........", number=2, x=300), table("..........", number=3, x=90)
    full = table("xxxxxxxxxx", number=4)
    tables = [far, near, full, home]
    ranked = ranked_blocks(tables, 2, REGULAR, mine(home))
    assert [(block.tables[0].name, block.fit) for block in ranked] == [
        ("1", Fit.BESIDE),
        ("3", Fit.ROW),
        ("2", Fit.ROW),
    ]


def test_a_row_elsewhere_comes_before_a_gap_at_their_own_table() -> None:
    home, elsewhere = table("mx.x.x", number=1, is_round=False), table("....", number=2, x=300)
    ranked = ranked_blocks([home, elsewhere], 2, REGULAR, mine(home))
    assert [block.tables[0].name for block in ranked] == ["2", "1"]


@pytest.mark.parametrize(
    ("tables", "count", "names", "sizes"),
    [
        (["...xxx", ".xxxxx", "..xxxx"], 4, "1 3", (2, 2)),
        (["...xxx", ".xxxxx"], 4, "1 2", (3, 1)),
        (["..", "..", ".."], 4, "1 2", (2, 2)),
        (["..", "xx", ".."], 3, "1 3", (2, 1)),
        (["x", "....", "...."], 6, "2 3", (3, 3)),
        ([".", "."], 2, "1 2", (1, 1)),
    ],
)  # fmt: skip
def test_a_split_leaves_nobody_alone_if_it_can_be_helped(
    tables: list[str], count: int, names: str, sizes: tuple[int, int]
) -> None:
    drawn = [table(letters, number=number, x=90 * number) for number, letters in enumerate(tables, start=1)]
    (split, *_) = best_splits(drawn, count, REGULAR)
    assert split.fit == Fit.SPLIT
    assert " ".join(each.name for each in split.tables) == names
    assert tuple(sum(seat.table_id == each.id for seat in split.seats) for each in split.tables) == sizes
    assert len({seat.id for seat in split.seats}) == count


def test_a_split_is_between_the_nearest_tables() -> None:
    drawn = [table("..", number=1), table("..", number=2, x=300), table("..", number=3, x=90, y=10)]
    splits = best_splits(drawn, 4, REGULAR)
    assert [[each.name for each in split.tables] for split in splits] == [["1", "3"], ["2", "3"]], "two, not a wall"


def test_a_split_is_near_those_who_sit_already() -> None:
    letters = ["..x", "..x", "..m", ".xx", ".xx"]
    drawn = [table(each, number=number, x=90 * number) for number, each in enumerate(letters, start=1)]
    (split, *_) = best_splits(drawn, 4, REGULAR, mine(*drawn))
    assert [each.name for each in split.tables] == ["2", "3"]


@pytest.mark.parametrize("tables", [[], ["...."], ["..", "."], ["xx", "xx", "xx"]])
def test_there_is_no_split_without_room(tables: list[str]) -> None:
    drawn = [table(letters, number=number) for number, letters in enumerate(tables, start=1)]
    assert best_splits(drawn, 4, REGULAR) == []


@given(st.lists(st.text("..xv", max_size=6), max_size=5), st.integers(2, 8))
def test_a_split_seats_everybody_or_is_none(tables: list[str], count: int) -> None:
    drawn = [table(letters, number=number, x=number) for number, letters in enumerate(tables, start=1)]
    split = next(iter(best_splits(drawn, count, REGULAR)), None)
    roomiest = sorted((min(len(each.free(REGULAR)), count - 1) for each in drawn), reverse=True)[:2]
    assert (split is not None) == (len(roomiest) == 2 and min(roomiest) > 0 and sum(roomiest) >= count)
    if split is not None:
        assert len({seat.id for seat in split.seats}) == len(split.seats) == count
        assert all(seat.is_free_for(REGULAR) for seat in split.seats)
        assert {seat.table_id for seat in split.seats} == {each.id for each in split.tables}


def test_the_nearest_seats_are_counted_by_chairs_and_then_by_tables() -> None:
    home = table("x..xmx.xxx", number=1)
    near, far = table("..", number=2, x=90), table(".", number=3, x=300)
    wanted = home.seats[5]
    found = nearest_seats(wanted, [far, near, home], REGULAR, mine(home))
    assert [(seat.table, seat.label) for seat in found] == [
        ("1", "7"), ("1", "3"), ("1", "2"), ("2", "1"), ("2", "2"), ("3", "1"),
    ]  # fmt: skip


def test_of_two_equally_near_the_one_beside_the_family_comes_first() -> None:
    drawn = table("..x.m", is_round=False)
    found = nearest_seats(drawn.seats[2], [drawn], REGULAR, mine(drawn))
    assert labels(found) == "4 2 1"
