"""The same races as phones see them: requests to several server processes, with cookies and tokens."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask

from tests.accounts.hosts import host_of
from tests.cast import Cast, Family
from tests.client import Browser
from tests.deeds import everybody_comes, families_ask
from tests.deeds import seated as seated_at
from tests.markup import forms
from tests.races import errands
from tests.races.conftest import Venue
from tests.races.room import check, entries, everybody, everybody_accepts, said_by, seated
from tests.races.server import Answer, Phone, at_once
from tests.seating.test_notices import moves


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


def everybody_is_alone(_cast: Cast) -> None:
    """Nobody else has done anything."""


def all_places_are_taken(cast: Cast) -> None:
    """The other family comes, and then the event is full."""
    cast.run("UPDATE events SET capacity = 2 WHERE id = :event", event=cast.event_id)
    with cast.app.app_context():
        errands.accept(errands.Wish(cast.brandt.code, 0))()


def the_family_waits(cast: Cast) -> None:
    """It is on the waiting list of a full event."""
    all_places_are_taken(cast)
    with cast.app.app_context():
        errands.join(errands.Wish(cast.okafor.code, 0))()


def places_are_kept(cast: Cast) -> None:
    """The others cannot come after all, and their places are offered to the family that waits."""
    the_family_waits(cast)
    with cast.app.app_context():
        errands.refuse(errands.Wish(cast.brandt.code, 0))()


def both_ask(cast: Cast) -> None:
    """The other family comes, and asks for this one; this one has asked for somebody not invited."""
    with cast.app.app_context():
        errands.accept(errands.Wish(cast.brandt.code, 0))()
    families_ask(cast)


def the_hosts_moved_somebody(cast: Cast) -> None:
    """One of the family had a seat, and has another now."""
    everybody_comes(cast)
    seated_at(Browser(cast.app, htmx=True), cast.okafor, 0, cast.seat(1, 3))
    moves(cast, host_of(cast), 0, cast.seat(1, 4))


@dataclass(frozen=True)
class Twice:
    """A form that is sent twice at once: its page, where it goes, what happened before, what is filled in.

    ``arrange`` makes what another household has to do with it; ``entries`` is how many the one wish leaves.
    """

    endpoint: str
    page: str
    action: str
    before: tuple[tuple[str, dict[str, str]], ...] = ()
    hold: int = 0
    wish: tuple[tuple[str, str], ...] = ()
    arrange: Callable[[Cast], object] = everybody_is_alone
    entries: int = 1


YES = ("/rsvp", {"status": "accepted"})
TAKEN = ("/members/{member}/seat", {"seat_id": "{seat}"})
BOTH_SEATED: tuple[str, dict[str, str]] = ("/seats/together", {})
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
    Twice("seating.keep", "/seats?table=1", "/seats/keep", (YES, HELD), hold=300),
    Twice("seating.seen", "/seats", "/seats/seen", arrange=the_hosts_moved_somebody),
    Twice("seating.swap", "/seats?table=1&for={member}", "/members/{member}/swap", (YES, BOTH_SEATED)),
    Twice("invitations.join_waiting_list", "", "/waiting", wish=(("wants", "all"),), arrange=all_places_are_taken),
    Twice("invitations.leave_waiting_list", "", "/waiting/leave", arrange=the_family_waits),
    Twice("invitations.accept_offer", "", "/waiting/accept", arrange=places_are_kept, entries=2),
    Twice("invitations.pass_offer_on", "", "/waiting/pass", arrange=places_are_kept),
    Twice("requests.ask", "/requests", "/requests", (YES,), wish=(("kind", "near"), ("name", "Somebody"))),
    Twice("requests.agree", "/requests", "/requests/{near}/agree", (YES,), arrange=both_ask, entries=2),
    Twice("requests.decline", "/requests", "/requests/{near}/decline", (YES,), arrange=both_ask),
    Twice("requests.withdraw", "/requests", "/requests/{own}/withdraw", (YES,), arrange=both_ask),
]


@pytest.mark.parametrize("form", FORMS, ids=[form.endpoint for form in FORMS])
def test_a_form_sent_twice_at_once_has_one_effect(venue: Venue, form: Twice) -> None:
    cast = venue.cast(form.endpoint, invitations=2, members=2, tables=1, seats=5, hold=form.hold)
    form.arrange(cast)
    family = cast.okafor
    blanks = {"member": family.members[0], "other": family.members[1], "seat": cast.seat(1, 3), **requests_of(cast)}
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
    assert said_by(cast, family) - entries_before == form.entries, "one wish, told once"
    check(cast)


def requests_of(cast: Cast) -> dict[str, int]:
    """What was asked of the first family first, and what it asked itself."""
    of = "SELECT coalesce(min(id), 0) FROM household_requests WHERE {0} = :family"
    near = cast.count(of.format("to_invitation_id"), family=cast.okafor.id)
    return {"near": near, "own": cast.count(of.format("from_invitation_id"), family=cast.okafor.id)}


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
