"""The same races as phones see them: requests to several server processes, with cookies and tokens."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask

from tests.cast import Cast, Family
from tests.markup import forms
from tests.races.conftest import Venue
from tests.races.room import check, entries, everybody, everybody_accepts, said_by, seated
from tests.races.server import Answer, Phone, at_once

pytestmark = pytest.mark.xdist_group("races")  # one crowd and one server serve them all


@dataclass(frozen=True)
class Guest:
    """A member with a phone of their own."""

    phone: Phone
    family: Family
    member: int

    def take(self, seat: int) -> Answer:
        """Ask for a seat."""
        return self.phone.post(self.family.path(f"/members/{self.member}/seat"), seat_id=seat)

    def take_one_of(self, seats: list[int]) -> Answer:
        """Ask for one seat after the other until there is one, or none is left."""
        for seat in random.sample(seats, len(seats)):
            answer = self.take(seat)
            if answer.status != 409:
                break
        return answer


@pytest.fixture(autouse=True)
def hang_up(venue: Venue) -> Iterator[None]:
    yield
    venue.hang_up()


def guests_of(venue: Venue, cast: Cast) -> list[Guest]:
    """Everybody has opened the seat page; every second phone knows htmx."""
    guests = []
    for number, (family, member) in enumerate(everybody(cast)):
        phone = venue.phone(htmx=number % 2 == 0)
        assert phone.get(family.path("/seats")).status == 200
        guests.append(Guest(phone, family, member))
    return guests


def test_one_seat_has_one_winner_and_every_loser_is_shown_the_map(venue: Venue) -> None:
    cast = venue.cast("one-seat", invitations=64, members=1, tables=2, seats=8)
    everybody_accepts(cast)
    guests = guests_of(venue, cast)
    answers = at_once([partial(guest.take, cast.seat(1, 5)) for guest in guests])
    statuses = Counter(answer.status for answer in answers)
    assert statuses[409] == 63
    assert statuses[200] + statuses[303] == 1
    for guest, answer in zip(guests, answers, strict=True):
        if answer.status == 409:
            assert "Someone just took seat 5" in answer.text
            assert 'id="seat-map"' in answer.text
            assert ("<!doctype html>" in answer.text.lower()) is not guest.phone.htmx
    assert (seated(cast), entries(cast, "seat.taken")) == (1, 1)
    check(cast)


def test_more_people_than_seats_until_the_room_is_full(venue: Venue) -> None:
    cast = venue.cast("full-room", invitations=4, members=3, tables=2, seats=3)
    everybody_accepts(cast)
    guests = guests_of(venue, cast)
    answers = at_once([partial(guest.take_one_of, list(cast.seats.values())) for guest in guests])
    statuses = Counter("seated" if answer.status in {200, 303} else str(answer.status) for answer in answers)
    assert statuses == {"seated": 6, "409": 6}
    assert (seated(cast), entries(cast, "seat.taken")) == (6, 6)
    check(cast)


@dataclass(frozen=True)
class Twice:
    """A form that is sent twice at once: its page, where it goes, what happened before, what is filled in."""

    endpoint: str
    page: str
    action: str
    before: tuple[tuple[str, dict[str, str]], ...] = ()
    hold: int = 0
    wish: tuple[tuple[str, str], ...] = ()


YES = ("/rsvp", {"status": "accepted"})
TAKEN = ("/members/{member}/seat", {"seat_id": "{seat}"})
HELD = ("/members/{member}/hold", {"seat_id": "{seat}"})

FORMS = [
    Twice("invitations.answer_for_all", "", "/rsvp"),
    Twice("invitations.answer_for_one", "", "/members/{member}/rsvp"),
    Twice("invitations.take_back", "", "/undo", (YES,)),
    Twice("invitations.opened", "", "/opened"),
    Twice("invitations.save_details", "/members/{member}", "/members/{member}", (YES,), wish=(("note", "Hello"),)),
    Twice("invitations.choose_household_language", "", "/language"),
    Twice("seating.take", "/seats?table=1&for={member}", "/members/{member}/seat", (YES,)),
    Twice("seating.hold", "/seats?table=1&for={member}", "/members/{member}/hold", (YES,), hold=300),
    Twice("seating.release", "/seats?table=1", "/members/{member}/seat/release", (YES, TAKEN)),
    Twice("seating.confirm", "/seats?table=1", "/seats/confirm", (YES, HELD), hold=300),
    Twice("seating.sit_together", "/seats", "/seats/together", (YES,)),
    Twice("seating.take_back", "/seats?table=1", "/seats/undo", (YES, TAKEN)),
]


@pytest.mark.parametrize("form", FORMS, ids=[form.endpoint for form in FORMS])
def test_a_form_sent_twice_at_once_has_one_effect(venue: Venue, form: Twice) -> None:
    cast = venue.cast(form.endpoint, invitations=1, members=2, tables=1, seats=5, hold=form.hold)
    family = cast.okafor
    blanks = {"member": family.members[0], "seat": cast.seat(1, 3)}
    phone = venue.phone(htmx=True)
    phone.get(family.path())
    for path, fields in form.before:
        filled = {name: [value.format(**blanks)] for name, value in fields.items()}
        assert phone.post(family.path(path.format(**blanks)), filled).status == 200
    page = phone.get(family.path(form.page.format(**blanks)))
    action = family.path(form.action.format(**blanks))
    rendered = next(each for each in forms(page.text) if each.action.partition("?")[0] == action)
    assert endpoint_of(venue.app, action) == form.endpoint
    entries_before = said_by(cast, family)
    sent = rendered.sent_by() | {name: [value] for name, value in form.wish}
    answers = at_once([partial(each.post, rendered.action, sent) for each in (phone, venue.twin(phone))])
    assert [answer.status for answer in answers] == [200, 200], answers
    assert said_by(cast, family) - entries_before == 1, "one entry for one wish"
    check(cast)


def test_every_form_of_a_guest_is_sent_twice_above(venue: Venue) -> None:
    changes = {
        rule.endpoint
        for rule in venue.app.url_map.iter_rules()
        if rule.rule.startswith("/i/") and "POST" in (rule.methods or set())
    }
    assert changes == {form.endpoint for form in FORMS}


def endpoint_of(app: Flask, path: str) -> str:
    with app.test_request_context():
        return str(app.url_map.bind("localhost").match(path, method="POST")[0])
