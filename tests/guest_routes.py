"""Every address under an invitation's link, with what a good request to it looks like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from tests.cast import Cast, Family
from tests.client import Browser


@dataclass(frozen=True)
class GuestRoute:
    """A route: ``{member}`` stands for a member, ``{seat}`` for a seat of the event.

    ``{request}`` stands for one of the requests of ``families_ask()``: 1 and 2
    are made to the first family, 3 is its own.
    """

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    request: int = 0

    @property
    def names_somebody(self) -> bool:
        """Whether the address is about something that only one family has."""
        return "{member}" in self.path or "{request}" in self.path

    def address(self, link: str, member: object) -> str:
        """Where it is for one link and one member."""
        return f"{link}{self.path.format(member=member, request=self.request)}"

    def body(self, seat: object) -> dict[str, Any]:
        """What a good form holds."""
        return {name: value.format(seat=seat) for name, value in self.form.items()}

    def ask(self, browser: Browser, cast: Cast, family: Family, **stranger: Any) -> TestResponse:
        """A good request of a family — or with another ``link``, ``member`` or ``seat``."""
        path = self.address(stranger.get("link", family.path()), stranger.get("member", family.members[0]))
        if self.method == "GET":
            return browser.get(path, headers=browser.headers)
        return browser.post(path, **self.body(stranger.get("seat", cast.seat(1, 5))))


GUEST_ROUTES = {
    "invitations.show": GuestRoute("GET", ""),
    "invitations.answer_for_all": GuestRoute("POST", "/rsvp", {"status": "accepted"}),
    "invitations.answer_for_one": GuestRoute("POST", "/members/{member}/rsvp", {"status": "accepted"}),
    "invitations.take_back": GuestRoute("POST", "/undo"),
    "invitations.join_waiting_list": GuestRoute("POST", "/waiting", {"wants": "all"}),
    "invitations.accept_offer": GuestRoute("POST", "/waiting/accept"),
    "invitations.pass_offer_on": GuestRoute("POST", "/waiting/pass"),
    "invitations.leave_waiting_list": GuestRoute("POST", "/waiting/leave"),
    "invitations.opened": GuestRoute("POST", "/opened"),
    "invitations.details": GuestRoute("GET", "/members/{member}"),
    "invitations.save_details": GuestRoute("POST", "/members/{member}", {"meal": "Fish", "note": "Hello"}),
    "invitations.choose_household_language": GuestRoute("POST", "/language", {"language": "es"}),
    "invitations.calendar_file": GuestRoute("GET", "/calendar.ics"),
    "invitations.household_door_pass": GuestRoute("GET", "/pass"),
    "invitations.door_pass": GuestRoute("GET", "/members/{member}/pass"),
    "seating.seats": GuestRoute("GET", "/seats"),
    "seating.seat_map": GuestRoute("GET", "/seats/map"),
    "seating.take": GuestRoute("POST", "/members/{member}/seat", {"seat_id": "{seat}"}),
    "seating.swap": GuestRoute("POST", "/members/{member}/swap", {"seat_id": "{seat}"}),
    "seating.hold": GuestRoute("POST", "/members/{member}/hold", {"seat_id": "{seat}"}),
    "seating.release": GuestRoute("POST", "/members/{member}/seat/release"),
    "seating.confirm": GuestRoute("POST", "/seats/confirm"),
    "seating.keep": GuestRoute("POST", "/seats/keep"),
    "seating.take_back": GuestRoute("POST", "/seats/undo"),
    "seating.seen": GuestRoute("POST", "/seats/seen"),
    "seating.sit_together": GuestRoute("POST", "/seats/together"),
    "requests.show": GuestRoute("GET", "/requests"),
    "requests.ask": GuestRoute("POST", "/requests", {"kind": "near", "name": "Ada"}),
    "requests.agree": GuestRoute("POST", "/requests/{request}/agree", request=1),
    "requests.decline": GuestRoute("POST", "/requests/{request}/decline", request=2),
    "requests.withdraw": GuestRoute("POST", "/requests/{request}/withdraw", request=3),
}
"""By endpoint; a guest's route that is missing here fails the tests of access."""

MUTATIONS = {name: route for name, route in GUEST_ROUTES.items() if route.method == "POST"}
PAGES = {name: route for name, route in GUEST_ROUTES.items() if route.method == "GET"}

STREAMS = {"invitations.stream": GuestRoute("GET", "/news"), "seating.stream": GuestRoute("GET", "/live")}
"""Answers that go on; where nobody listens, as in most tests, they are refused with 503."""
