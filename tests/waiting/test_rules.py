"""Whose turn it is: tables of lines, and what they are at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.waiting.rules import Line, Waiter, after_answer, as_it_stands, offer, standing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
END = NOON + 20 * DAY


def waiter(
    number: int, people: int = 2, wants: int | None = None, *, offered: int | None = None, until: datetime | None = None
) -> Waiter:
    return Waiter(number, f"Household {number}", people, wants, offered, until)


def line(room: int, *waiters: Waiter, ends: datetime = END) -> Line:
    return Line(room, DAY, ends, waiters)


def kept(line: Line, now: datetime) -> dict[int, int]:
    return {each.invitation_id: each.kept(now) for each in line.waiters if each.kept(now)}


@pytest.mark.parametrize(
    ("room", "waiters", "offers"),
    [
        (2, [waiter(1), waiter(2)], {1: 2}),
        (4, [waiter(1), waiter(2)], {1: 2, 2: 2}),
        (3, [waiter(1), waiter(2)], {1: 2}),
        (3, [waiter(1), waiter(2, wants=1)], {1: 2, 2: 1}),
        (1, [waiter(1), waiter(2, wants=1)], {2: 1}),
        (1, [waiter(1, 4), waiter(2, 1), waiter(3, 1)], {2: 1}),
        (3, [waiter(1, 4, wants=2)], {1: 3}),
        (9, [waiter(1, 4, wants=2)], {1: 4}),
        (9, [waiter(1, 0)], {}),
        (9, [waiter(1, 2, wants=3)], {1: 2}),
        (0, [waiter(1, 1)], {}),
    ],
)
def test_places_go_to_whoever_is_next_and_fits(room: int, waiters: list[Waiter], offers: dict[int, int]) -> None:
    assert kept(offer(line(room, *waiters), NOON), NOON) == offers


def test_what_is_kept_for_somebody_is_nobody_else_s() -> None:
    here = line(3, waiter(1, offered=2, until=NOON + DAY), waiter(2, wants=1), waiter(3, 1))
    after = offer(here, NOON)
    assert kept(after, NOON) == {1: 2, 2: 1}
    assert (after.free(NOON), after.free(NOON, to=1), after.free(NOON, to=2)) == (0, 2, 1)


def test_relatives_come_first_where_they_fit_and_then_the_order_of_arrival() -> None:
    here = line(2, waiter(1), waiter(2, 3), waiter(3), waiter(4))
    assert kept(offer(here, NOON, first=[2, 4]), NOON) == {4: 2}
    assert kept(offer(here, NOON, first=[2]), NOON) == {1: 2}
    assert kept(offer(here, NOON, first=[4, 3]), NOON) == {4: 2}


@pytest.mark.parametrize(
    ("ends", "until"),
    [(END, NOON + DAY), (NOON + timedelta(hours=3), NOON + timedelta(hours=3)), (NOON, None)],
)
def test_an_offer_never_goes_beyond_the_end_of_the_answers(ends: datetime, until: datetime | None) -> None:
    assert offer(line(2, waiter(1), ends=ends), NOON).get(1).offered_until == until


def test_an_offer_ends_at_its_very_moment() -> None:
    here = waiter(1, offered=2, until=NOON)
    assert (here.kept(NOON - MICROSECOND), here.kept(NOON)) == (2, 0)


def test_what_runs_out_goes_on_to_the_next_without_anybody_doing_anything() -> None:
    here = line(2, waiter(1, offered=2, until=NOON), waiter(2), waiter(3))
    assert kept(as_it_stands(here, NOON - MICROSECOND), NOON - MICROSECOND) == {1: 2}
    for days, next_one in [(0, 2), (1, 3)]:
        at = NOON + days * DAY
        stands = as_it_stands(here, at)
        assert kept(stands, at) == {next_one: 2}
        assert stands.get(next_one).offered_until == at + DAY, (
            "from the moment it ran out, not from when somebody looks"
        )
    late = NOON + 2 * DAY
    assert as_it_stands(here, late).free(late) == 2, "everybody had their turn: it is anybody's"


@pytest.mark.parametrize("hours", [1, 30, 70, 200])
def test_writing_the_line_down_in_between_changes_nothing(hours: int) -> None:
    here = line(3, waiter(1, offered=2, until=NOON), waiter(2, 3), waiter(3, wants=1), waiter(4, 1))
    at = NOON + timedelta(hours=hours)
    in_steps = here
    for step in range(0, hours, 7):
        in_steps = as_it_stands(in_steps, NOON + timedelta(hours=step))
    assert as_it_stands(in_steps, at) == as_it_stands(here, at)
    assert as_it_stands(as_it_stands(here, at), at) == as_it_stands(here, at)


def test_who_had_their_turn_is_asked_again_after_all_others_and_only_for_new_places() -> None:
    here = line(2, waiter(1, offered=2, until=NOON - DAY), waiter(2, offered=2, until=NOON - 2 * DAY), waiter(3))
    assert kept(offer(here, NOON, again=True), NOON) == {3: 2}
    without = here.put(3, None)
    assert kept(offer(without, NOON), NOON) == {}
    assert kept(offer(without, NOON, again=True), NOON) == {2: 2}, "who has waited longest since"


def test_who_passes_on_is_not_asked_for_the_same_places_again() -> None:
    here = line(2, waiter(1, offered=2, until=NOON))
    assert kept(offer(here, NOON, again=True), NOON) == {}
    assert kept(offer(here, NOON + MICROSECOND, again=True), NOON + MICROSECOND) == {1: 2}


@pytest.mark.parametrize(
    ("before", "came", "after"),
    [
        (waiter(1, 0, offered=2, until=NOON + DAY), 2, None),
        (waiter(1, 0), 0, None),
        (waiter(1, 2), 0, waiter(1, 2)),
        (waiter(1, 1, offered=2, until=NOON + DAY), 1, waiter(1, 1, offered=1, until=NOON + DAY)),
        (waiter(1, 2, 3, offered=2, until=NOON + DAY), 2, waiter(1, 2, 1)),
        (waiter(1, 1, 3), 2, waiter(1, 1, 1)),
        (waiter(1, 1, offered=2, until=NOON), 1, waiter(1, 1, offered=2, until=NOON)),
        (waiter(1, 2, offered=1, until=NOON + DAY), 0, waiter(1, 2)),
        (waiter(1, 1, 1, offered=2, until=NOON + DAY), 0, waiter(1, 1, 1, offered=1, until=NOON + DAY)),
    ],
    ids=[
        "all came",
        "nobody waits",
        "nothing",
        "part of it",
        "all of it",
        "what was free",
        "too late",
        "too few now",
        "given up",
    ],
)
def test_an_answer_uses_up_what_was_offered(before: Waiter, came: int, after: Waiter | None) -> None:
    assert after_answer(before, came, NOON) == after


@pytest.mark.parametrize(
    ("here", "people", "seen"),
    [
        (line(4), 4, None),
        (line(0), 0, None),
        (line(3), 4, (3, False, False)),
        (line(0), 1, (0, False, False)),
        (line(2, waiter(2, offered=2, until=NOON + DAY)), 1, (0, False, False)),
        (line(2, waiter(2, offered=2, until=NOON)), 1, None),
        (line(0, waiter(1)), 2, (0, False, False)),
        (line(1, waiter(1)), 2, (1, False, False)),
        (line(1, waiter(1, wants=1)), 2, (1, False, True)),
        (line(2, waiter(1, offered=2, until=NOON + DAY)), 2, (2, True, True)),
        (line(2, waiter(2, offered=2, until=NOON), waiter(1)), 2, (2, True, True)),
        (line(9, waiter(1, offered=1, until=NOON)), 2, (2, False, True)),
    ],
)
def test_how_a_household_stands(here: Line, people: int, seen: tuple[int, bool, bool] | None) -> None:
    """The room it has, whether that is kept for it, and whether it is asked."""
    found = standing(here, 1, people, NOON)
    assert (found and (found.room, found.kept_until is not None, found.is_asked)) == seen
