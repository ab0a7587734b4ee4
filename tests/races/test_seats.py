"""Many people, few seats: exactly as many are seated as there are seats, and nobody sees an error."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest

from portal.kit import clock
from tests.cast import make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import Wish
from tests.races.room import (
    check,
    entries,
    everybody,
    everybody_accepts,
    let_holds_end,
    regular_seats,
    seated,
    stay_away,
    wishes,
)

PICKERS = int(os.environ.get("PLACECARD_PICKERS", "500"))
ROUNDS = int(os.environ.get("PLACECARD_ROUNDS", "1"))
TAKEN = "uq_seat_claims_seat_id"


def test_the_harness_can_book_a_seat_twice_when_nothing_guards_it(database: Database, crowd: Crowd) -> None:
    """Without this, none of the races below would prove anything."""
    cast = make_cast(database.app, invitations=1, members=1, tables=1, seats=1)
    cast.run("CREATE TABLE unguarded_claims (seat_id INTEGER NOT NULL, member_id INTEGER NOT NULL)")
    try:
        for run in range(20):
            cast.run("DELETE FROM unguarded_claims")
            people = [Wish("", number, (run,)) for number in range(48)]
            said = tally(crowd.rush(database.url, errands.take_unguarded, people))
            assert said["done"] + said["refused"] == len(people), said
            if cast.count("SELECT count(*) FROM unguarded_claims") > 1:
                return
    finally:
        cast.run("DROP TABLE unguarded_claims")
    pytest.fail("no seat was booked twice in 20 runs: the harness does not race")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_hundreds_want_one_seat_and_one_has_it(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=PICKERS // 10, members=10, tables=1, seats=4)
    everybody_accepts(cast)
    said = tally(crowd.rush(database.url, errands.take, wishes(cast, [cast.seat(1, 3)])))
    assert said == {DONE: 1, TAKEN: PICKERS - 1}
    assert (seated(cast), entries(cast, "seat.taken")) == (1, 1)
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_hundred_on_a_hundred_seats(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=20, members=10, tables=20, seats=5)
    everybody_accepts(cast)
    said = tally(crowd.rush(database.url, errands.take_any, wishes(cast, [])))
    assert said == {DONE: 100, "nothing left": 100}
    assert (len(regular_seats(cast)), seated(cast), entries(cast, "seat.taken")) == (100, 100, 100)
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_sixty_four_move_among_each_other_and_nobody_is_left_standing(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = make_cast(database.app, invitations=16, members=4, tables=8, seats=9)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    people = everybody(cast)
    sit = [Wish(family.code, member, (seat,)) for (family, member), seat in zip(people, seats, strict=False)]
    assert tally(crowd.rush(database.url, errands.take, sit)) == {DONE: 64}
    walks = [Wish(family.code, member, tuple(random.sample(seats, 5))) for family, member in people]
    said = tally(crowd.rush(database.url, errands.wander, walks))
    assert all(answer.startswith("moved ") for answer in said), said
    moves = sum(int(answer.removeprefix("moved ")) * count for answer, count in said.items())
    assert seated(cast) == 64
    assert entries(cast, "seat.taken") == 64
    assert 0 < entries(cast, "seat.moved") <= moves, "a move to one's own seat leaves no entry"
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_pairs_trade_their_seats_over_and_over(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=8, members=2, tables=2, seats=8)
    everybody_accepts(cast)
    people = everybody(cast)
    sit = [
        Wish(family.code, member, (seat,)) for (family, member), seat in zip(people, regular_seats(cast), strict=True)
    ]
    assert tally(crowd.rush(database.url, errands.take, sit)) == {DONE: 16}
    before = cast.rows("SELECT seat_id, assignment_id FROM seat_claims ORDER BY seat_id")
    phones = [Wish(family.code, family.members[0]) for family in cast.families for _ in range(3)]
    said = tally(crowd.rush(database.url, errands.trade, phones))
    assert said == {DONE: 24}, "the same trade three times is the same wish"
    after = cast.rows("SELECT seat_id, assignment_id FROM seat_claims ORDER BY seat_id")
    assert sorted(row[1] for row in before) == sorted(row[1] for row in after)
    assert all(old[1] != new[1] for old, new in zip(before, after, strict=True))
    assert entries(cast, "seat.moved") == 8
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_families_want_blocks_that_overlap_and_get_all_of_one_or_nothing(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = make_cast(database.app, invitations=36, members=4, tables=1, seats=60)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    blocks = [seats[start : start + 4] for start in random.choices(range(len(seats) - 3), k=len(cast.families))]
    wanted = [
        Wish(family.code, 0, tuple(random.sample(block, 4)))
        for family, block in zip(cast.families, blocks, strict=True)
    ]
    said = tally(crowd.rush(database.url, errands.take_block, wanted))
    assert set(said) <= {DONE, TAKEN}, said
    assert said[DONE] >= 1
    assert seated(cast) == said[DONE] * 4
    assert entries(cast, "seat.taken") == said[DONE]
    halves = cast.rows(
        "SELECT m.invitation_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
        " JOIN invitation_guests m ON m.id = a.member_id GROUP BY m.invitation_id HAVING count(*) <> 4"
    )
    assert halves == []
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_families_that_ask_for_the_best_seats_fill_the_room_to_the_last_one(
    database: Database, crowd: Crowd, _round: int
) -> None:
    cast = make_cast(database.app, invitations=14, members=4, tables=5, seats=8)
    everybody_accepts(cast)
    said = tally(crowd.rush(database.url, errands.sit_together, wishes(cast, [])[::4]))
    assert said == {DONE: 10, "room_too_full": 4}
    assert seated(cast) == 40
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
@pytest.mark.parametrize("hold", [0, 300])
def test_families_of_all_sizes_are_seated_while_others_pick_single_seats(
    database: Database, crowd: Crowd, hold: int, _round: int
) -> None:
    """Whoever picks a single seat stands in no line: a family that finds its block gone is given another."""
    cast = make_cast(database.app, invitations=20, members=4, tables=7, seats=9, hold=hold)
    everybody_accepts(cast)
    families, alone = cast.families[:14], cast.families[14:]
    sizes = [random.randint(1, 4) for _ in families]
    away = [member for family, size in zip(families, sizes, strict=True) for member in family.members[size:]]
    stay_away(cast, away + [member for family in alone for member in family.members[2:]])
    wanted = [("sit_somewhere", Wish(family.code, 0)) for family in families]
    wanted += [("take_any", Wish(family.code, member)) for family in alone for member in family.members[:2]]
    random.shuffle(wanted)
    said = tally(crowd.rush(database.url, errands.any_of, wanted))
    assert said == {DONE: len(wanted)}, "there is room for all of them, and nobody is refused"
    assert seated(cast) == sum(sizes) + 12
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_families_swap_among_themselves_while_others_move(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=16, members=4, tables=8, seats=9)
    everybody_accepts(cast)
    seats, people = regular_seats(cast), everybody(cast)
    sit = [Wish(family.code, member, (seat,)) for (family, member), seat in zip(people, seats, strict=False)]
    assert tally(crowd.rush(database.url, errands.take, sit)) == {DONE: 64}
    swaps = [("swap", Wish(family.code, 0)) for family in cast.families for _ in range(3)]
    walks = [("take", Wish(family.code, family.members[3], (random.choice(seats),))) for family in cast.families]
    said = tally(crowd.rush(database.url, errands.any_of, swaps + walks))
    assert set(said) <= {DONE, TAKEN}, said
    assert said[DONE] >= 48, "every swap is one, and asking three times is asking once"
    assert (seated(cast), entries(cast, "seat.swapped")) == (64, 16)
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_household_keeps_and_confirms_its_holds_while_they_run_out_and_others_ask(
    database: Database, crowd: Crowd, _round: int
) -> None:
    """At the moment a hold ends it is renewed, confirmed or gone: never two of these, and all or none of a family's."""
    cast = make_cast(database.app, invitations=12, members=4, tables=4, seats=8, hold=300)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    holders, others = cast.families[:6], cast.families[6:]
    held = [Wish(family.code, member, (seats.pop(0),)) for family in holders for member in family.members]
    assert tally(crowd.rush(database.url, errands.hold, held)) == {DONE: 24}
    let_holds_end(cast, clock.now() + timedelta(seconds=0.5))
    shown = {family.code: tuple(wish.seat_ids[0] for wish in held if wish.code == family.code) for family in holders}
    wanted = [(errand, Wish(code, 0, shown[code])) for code in shown for errand in ("keep", "confirm", "confirm")]
    wanted += [("take", Wish(family.code, member, (random.choice(held).seat_ids[0],)))
               for family in others for member in family.members]  # fmt: skip
    random.shuffle(wanted)
    said = tally(crowd.rush(database.url, errands.any_of, wanted))
    assert set(said) <= {DONE, "held_seat", TAKEN}, said
    halves = (
        "SELECT m.invitation_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id JOIN"
        " invitation_guests m ON m.id = a.member_id WHERE m.invitation_id <= :last GROUP BY m.invitation_id"
        " HAVING count(*) BETWEEN 1 AND 3 AND min(c.state) = 'taken'"
    )
    assert cast.rows(halves, last=holders[-1].id) == [], "confirmed are all of a family's seats or none"
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_family_on_two_phones_holds_one_seat_each_and_no_more(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=2, members=4, tables=4, seats=8, hold=300)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    wanted = [Wish(family.code, member, (random.choice(seats),)) for family, member in everybody(cast) * 6]
    said = tally(crowd.rush(database.url, errands.hold, wanted))
    assert set(said) <= {DONE, "held_seat", TAKEN}, said
    assert seated(cast) <= 8, "as many as come, however often they ask"
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_hold_that_ran_out_goes_to_one_of_those_who_ask(database: Database, crowd: Crowd, _round: int) -> None:
    cast = make_cast(database.app, invitations=16, members=4, tables=1, seats=4, hold=300)
    everybody_accepts(cast)
    seat = cast.seat(1, 2)
    (first, *others) = wishes(cast, [seat])
    assert tally(crowd.rush(database.url, errands.hold, [first])) == {DONE: 1}
    assert tally(crowd.rush(database.url, errands.take, others)) == {"held_seat": 63}
    cast.run("UPDATE seat_claims SET held_until = created_at")
    mixed = [("take" if number % 2 else "hold", wish) for number, wish in enumerate([first, *others])]
    said = tally(crowd.rush(database.url, errands.any_of, mixed))
    assert said[DONE] == 1
    assert said[DONE] + said["held_seat"] + said[TAKEN] == 64, said
    assert seated(cast) == 1
    check(cast)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_household_on_many_phones_at_once(database: Database, crowd: Crowd, _round: int) -> None:
    """Yes, no, this seat, no seat, all from the same people: refused kindly or done, never an error."""
    cast = make_cast(database.app, invitations=3, members=4, tables=2, seats=8)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    wanted = [
        (errand, Wish(family.code, member, (random.choice(seats[:6]),)))
        for family, member in everybody(cast)
        for errand in ("take", "release", "decline", "accept", "take", "take")
    ]
    random.shuffle(wanted)
    said = tally(crowd.rush(database.url, errands.any_of, wanted))
    kind = {DONE, TAKEN, "answered", "nothing new", "ck_guest_assignments_member_accepted"}
    assert set(said) <= kind, said
    check(cast)


def test_a_family_says_yes_on_many_phones_and_has_one_place_each(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=6, members=4, tables=1, seats=4)
    phones = [Wish(family.code, 0) for family in cast.families for _ in range(6)]
    said = tally(crowd.rush(database.url, errands.accept, phones))
    assert said == {"answered": 6, "nothing new": 30}
    assert entries(cast, "invitation.answered") == 6
    codes = [row[0] for row in cast.rows("SELECT reference_code FROM guest_assignments ORDER BY reference_code")]
    assert codes == [f"G{number:04d}" for number in range(1, 25)], "without gaps, without duplicates"
    check(cast)
