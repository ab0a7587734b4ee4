"""Picks that arrive again, late, or in another order than they were made each count once, and are told the truth."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial

import pytest

from tests.cast import Cast, Family
from tests.markup import Form, forms, words_of
from tests.races.conftest import Venue
from tests.races.room import check, entries, everybody_accepts, said_by
from tests.races.server import Answer, Phone, at_once


@dataclass(frozen=True)
class Pick:
    """A tap on a seat, kept by the phone until it is answered: the form as it was rendered for it."""

    phone: Phone
    form: Form
    seat: int

    @property
    def fields(self) -> dict[str, list[str]]:
        """What the phone sends, however often."""
        return {**self.form.sent_by(), "seat_id": [str(self.seat)]}

    def send(self, phone: Phone | None = None) -> Answer:
        """Ask for the seat, once more or for the first time."""
        return (phone or self.phone).post(self.form.action, self.fields)


def pick(phone: Phone, family: Family, number: int, seat: int) -> Pick:
    """A member's tap on a seat, on a page that was opened for it."""
    page = phone.get(family.path(f"/seats?table=1&for={family.members[number]}"))
    action = family.path(f"/members/{family.members[number]}/seat")
    return Pick(phone, next(form for form in forms(page.text) if form.action.startswith(action)), seat)


def opened(venue: Venue, family: Family) -> Phone:
    """A phone that has opened the invitation."""
    phone = venue.phone(htmx=True)
    assert phone.get(family.path()).status == 200
    return phone


def room(cast: Cast) -> dict[int, int]:
    """Who has which seat, by member."""
    rows = cast.rows(
        "SELECT a.member_id, c.seat_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
        " WHERE c.event_id = :event AND c.state = 'taken'",
        event=cast.event_id,
    )
    return {row.member_id: row.seat_id for row in rows}


def test_one_pick_sent_by_twelve_connections_at_once_counts_once(venue: Venue) -> None:
    cast = venue.cast("twelve-times", invitations=1, members=1, tables=1, seats=5)
    everybody_accepts(cast)
    family = cast.okafor
    tap = pick(opened(venue, family), family, 0, cast.seat(1, 3))
    answers = at_once([partial(tap.send, venue.twin(tap.phone)) for _ in range(12)])
    assert [answer.status for answer in answers] == [200] * 12
    told = [words_of(answer.text, "sheet") for answer in answers]
    assert all("seat 3" in words and "Saved" in words for words in told), told
    assert (room(cast), said_by(cast, family)) == ({family.members[0]: cast.seat(1, 3)}, 1)
    check(cast)


def test_a_pick_that_comes_again_after_the_next_one_moves_nobody_back(venue: Venue) -> None:
    cast = venue.cast("late-again", invitations=1, members=1, tables=1, seats=5)
    everybody_accepts(cast)
    family = cast.okafor
    phone = opened(venue, family)
    first = pick(phone, family, 0, cast.seat(1, 2))
    assert first.send().status == 200
    assert pick(phone, family, 0, cast.seat(1, 4)).send().status == 200
    late = at_once([partial(first.send, venue.twin(phone)) for _ in range(6)])
    assert [answer.status for answer in late] == [200] * 6
    assert all("Table 1, seat 4 is yours" in words_of(answer.text, "sheet") for answer in late), "as it is now"
    assert room(cast) == {family.members[0]: cast.seat(1, 4)}
    assert (entries(cast, "seat.taken"), entries(cast, "seat.moved"), said_by(cast, family)) == (1, 1, 2)
    check(cast)


def test_a_pick_whose_answer_was_lost_is_sent_again_and_counts_once(venue: Venue) -> None:
    cast = venue.cast("cut-off", invitations=8, members=1, tables=1, seats=9)
    everybody_accepts(cast)
    taps = [
        pick(opened(venue, family), family, 0, cast.seat(1, number + 1)) for number, family in enumerate(cast.families)
    ]
    for tap in taps:
        tap.phone.post_and_hang_up(tap.form.action, tap.fields)
    answers = at_once([tap.send for tap in taps])
    assert [answer.status for answer in answers] == [200] * 8
    assert room(cast) == {family.members[0]: tap.seat for family, tap in zip(cast.families, taps, strict=True)}, (
        "whether or not the first one had arrived"
    )
    assert entries(cast, "seat.taken") == said_by(cast, cast.okafor) * 8 == 8
    check(cast)


@pytest.mark.parametrize("order", range(3))
def test_picks_of_two_members_replayed_in_any_order_each_count_once(venue: Venue, order: int) -> None:
    """Both were without a network and tapped each other's seats; everything arrives twice, shuffled."""
    cast = venue.cast(f"any-order-{order}", invitations=1, members=2, tables=1, seats=5)
    everybody_accepts(cast)
    family = cast.okafor
    phones = [opened(venue, family) for _ in family.members]
    queues = [[cast.seat(1, label) for label in wanted] for wanted in ((1, 2, 3), (2, 1, 4))]
    taps = [
        pick(phones[number], family, number, seat)
        for number, queue in enumerate(queues)
        for seat in random.sample(queue, len(queue))
    ]
    arriving = random.sample([*taps, *taps], len(taps) * 2)
    answers = at_once([partial(tap.send, venue.twin(tap.phone)) for tap in arriving])
    assert {answer.status for answer in answers} <= {200, 409}, answers
    done = {id(tap): tap for tap, answer in zip(arriving, answers, strict=True) if answer.status == 200}
    assert said_by(cast, family) == len(done) >= 2, "one entry for each pick that was told yes"
    before = room(cast)
    assert set(before) == set(family.members)
    again = [tap.send() for tap in random.sample(list(done.values()), len(done))]
    assert [answer.status for answer in again] == [200] * len(done)
    assert (room(cast), said_by(cast, family)) == (before, len(done)), "old picks change nothing any more"
    check(cast)
