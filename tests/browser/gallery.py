"""Every page of a guest in every state, as steps of a phone that leads there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from portal.kit import clock
from portal.seating.models import RequestKind
from tests.browser.conftest import Phone, Site
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, alter_event, everybody_comes, hold, plant_request, seated

LANDMARKS = [{"label": "Stage", "x": 100, "y": 6, "width": 158, "height": 52}]


class Gallery:
    """Four events — seats at once, seats held, closed, full — and families in all states at them."""

    def __init__(self, site: Site) -> None:
        self.open = site.cast("gallery", invitations=8, tables=12)
        self.held = site.cast("gallery-of-holds", invitations=3, hold=3600)
        self.closed = site.cast("gallery-after-hours", invitations=2)
        self.full = site.cast("gallery-of-the-full", invitations=5)
        client = Browser(site.app, htmx=False)
        self._fill(client)
        self._crowd(client)
        everybody_comes(self.held)
        hold(client, self.held.okafor, 0, self.held.seat(1, 4))
        hold(client, self.held.brandt, 0, self.held.seat(1, 5))
        for number in range(2):
            hold(client, self.held.families[2], number, self.held.seat(1, 7 + number))
        self.held.run(
            "UPDATE seat_claims SET held_until = created_at WHERE seat_id IN (:one, :other)",
            one=self.held.seat(1, 7), other=self.held.seat(1, 8),
        )  # fmt: skip
        accept(client, self.closed.okafor)
        seated(client, self.closed.okafor, 0, self.closed.seat(1, 5))
        past = clock.now() - timedelta(days=20)
        alter_event(self.closed, rsvp_deadline=past, seats_close_at=past)

    def _fill(self, client: Browser) -> None:
        cast = self.open
        words = "An evening of lanterns, music and supper. We walk along the canal at half past six."
        alter_event(cast, description=words, show_names=True, settings={
            "meals": ["Chicken", "Vegetarian", "Child’s meal"], "contact": "Sam, 020 7946 0000", "landmarks": LANDMARKS,
        })  # fmt: skip
        cast.run("UPDATE seats SET step_free = true WHERE position > 7 AND event_id = :event", event=cast.event_id)
        cast.run(
            "UPDATE tables SET note = 'beside the stage' WHERE name = '1' AND event_id = :event", event=cast.event_id
        )
        accept(client, cast.families[1], 0, 1)
        for number in (2, 5, 6, 7):
            accept(client, cast.families[number])
        for number in range(3):
            seated(client, cast.families[2], number, cast.seat(1, 4 + number))
            seated(client, cast.families[6], number, cast.seat(1, 8 + number))
        client.post(cast.families[3].path("/rsvp"), status="declined")
        cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.families[4].id)
        plant_request(cast, cast.families[6], cast.families[2], RequestKind.SWAP)
        plant_request(cast, cast.families[7], cast.families[2], RequestKind.NEAR)
        plant_request(cast, cast.families[2], None, RequestKind.NEAR, wanted="María José Montgomery-Okonkwo")

    def _crowd(self, client: Browser) -> None:
        """Two places are kept for somebody, two for all who wait of a family; the others find the event full."""
        here, first, second, third, _nobody = self.full.families
        alter_event(self.full, capacity=6)
        accept(client, here)
        accept(client, first, 0, 1)
        for family, wants in ((first, "all"), (second, "2"), (third, "all")):
            client.post(family.path("/waiting"), wants=wants)
        client.post(here.path("/rsvp"), status="declined")

    def scenes(self) -> dict[str, Callable[[Phone], None]]:
        """The way to each state; the first word names the template."""
        families, held, closed = self.open.families, self.held.okafor, self.closed.okafor
        done = families[2]
        return {
            "front": lambda phone: phone.open("/"),
            "front, wrong code": wrong_code,
            "error, not found": lambda phone: phone.open("/nowhere"),
            "error, withdrawn": lambda phone: phone.open(families[4].path()),
            "show": lambda phone: phone.open(families[0].path()),
            "show, in part": lambda phone: phone.open(families[1].path()),
            "show, done": lambda phone: phone.open(done.path()),
            "show, nobody comes": lambda phone: phone.open(families[3].path()),
            "show, full": lambda phone: phone.open(self.full.families[4].path()),
            "show, no room": lambda phone: no_room(phone, self.full.families[4].path()),
            "show, waiting": lambda phone: phone.open(self.full.families[3].path()),
            "show, places for some": lambda phone: phone.open(self.full.families[2].path()),
            "show, places for all": lambda phone: phone.open(self.full.families[1].path()),
            "show, closed": lambda phone: phone.open(closed.path()),
            "details": lambda phone: phone.open(done.path(f"/members/{done.members[0]}")),
            "details, refused": lambda phone: too_many_words(phone, done.path(f"/members/{done.members[0]}")),
            "requests": lambda phone: phone.open(done.path("/requests")),
            "requests, refused": lambda phone: seats_have_changed(phone, done.path("/requests")),
            "pass": lambda phone: phone.open(done.path("/pass")),
            "seats": lambda phone: phone.open(families[5].path("/seats")),
            "seats, some sit": lambda phone: phone.open(done.path("/seats?fits=1")),
            "seats, plan": lambda phone: phone.open(done.path("/seats?view=plan")),
            "seats, one table": lambda phone: phone.open(done.path("/seats?table=1")),
            "seats, gone": lambda phone: seat_gone(phone, self.open),
            "seats, held": lambda phone: phone.open(held.path("/seats?table=1")),
            "seats, let go": lambda phone: phone.open(self.held.families[2].path("/seats?table=1")),
            "seats, swap": lambda phone: phone.open(done.path(f"/seats?table=1&for={done.members[0]}")),
            "seats, closed": lambda phone: phone.open(closed.path("/seats?table=1")),
            "seats, not accepted": lambda phone: phone.open(families[0].path("/seats?table=1")),
        }


TEMPLATES = [
    "front",
    "error, not found",
    "show",
    "show, done",
    "details",
    "requests",
    "pass",
    "seats",
    "seats, plan",
    "seats, held",
]
"""One scene of each template, and the parts that look least alike."""


def wrong_code(phone: Phone) -> None:
    phone.open("/")
    phone.page.get_by_label("The code on your card").fill("AAAA-BBBB-CCCC")
    phone.page.locator("form.code-form button").click()
    expect(phone.page.locator("#wrong-code")).to_be_focused()


def no_room(phone: Phone, path: str) -> None:
    phone.open(path)
    phone.page.locator("button.yes").first.click()
    expect(phone.page.locator("#conflict")).to_be_focused()


def too_many_words(phone: Phone, path: str) -> None:
    phone.open(path)
    words = phone.page.locator("#words")
    words.evaluate("field => field.removeAttribute('maxlength')")
    words.fill("w" * 301)
    phone.page.locator("button.save").click()
    expect(phone.page.locator("#error-summary")).to_be_focused()


def seats_have_changed(phone: Phone, path: str) -> None:
    """A family says yes to other seats than it was shown."""
    phone.open(path)
    phone.page.locator("input[name=shown]").evaluate("field => { field.value = '1-2' }")
    phone.page.locator("form[action$=agree] button").first.click()
    expect(phone.page.locator("#request-refused")).to_be_focused()


def seat_gone(phone: Phone, cast: Cast) -> None:
    """The seat is taken while somebody looks at it."""
    family, other = cast.families[5], cast.families[7]
    seat = cast.seat(2, 6)
    phone.page.route("**/live?*", lambda route: route.fulfill(status=429))  # to be surprised, they may not be told
    phone.open(family.path(f"/seats?table=2&for={family.members[0]}"))
    client = Browser(cast.app, htmx=False)
    seated(client, other, 0, seat)
    phone.page.locator(f"#seat-{seat}").click()
    expect(phone.page.locator("#conflict")).to_be_focused()
    phone.page.unroute("**/live?*")
    client.post(other.path(f"/members/{other.members[0]}/seat/release"))
