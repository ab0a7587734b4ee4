"""The host's whole path: from an empty account to printed place cards, with the list that somebody really kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from portal.kit.schema import db
from tests.accounts.hosts import add_host
from tests.browser.conftest import Phone, Site
from tests.browser.test_events import NEXT_JUNE
from tests.browser.test_print import CARDS, printed
from tests.imports.world import FILES


@dataclass(frozen=True)
class Desk:
    """A host with a mouse, or with a keyboard alone."""

    phone: Phone
    has_mouse: bool

    @property
    def page(self) -> Page:
        """What is open."""
        return self.phone.page

    def press(self, what: Locator, key: str = "Enter") -> None:
        """Click it, or go there and press a key."""
        if self.has_mouse:
            what.click()
        else:
            what.press(key)


def make_event(desk: Desk) -> None:
    page = desk.page
    desk.press(page.get_by_role("link", name="New event").first)
    page.get_by_label("What is it called?").fill("Sommerfest")
    page.get_by_label("It begins").fill(f"{NEXT_JUNE}T18:30")
    page.get_by_label("It ends").fill(f"{NEXT_JUNE}T23:00")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    desk.press(page.get_by_role("button", name="Make the event"))
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()


def lay_room(desk: Desk) -> None:
    page = desk.page
    desk.press(page.get_by_role("link", name="Room", exact=True))
    desk.press(page.get_by_role("link", name="Gala with a stage"))
    desk.press(page.get_by_role("button", name="Lay it like this"))
    desk.press(page.get_by_role("link", name="Publish the room"))
    desk.press(page.get_by_role("button", name="Publish the room"))
    expect(page.get_by_text("Guests see this room.")).to_be_visible()


def bring_guests(desk: Desk) -> None:
    page = desk.page
    desk.press(page.get_by_role("link", name="Overview"))
    desk.press(page.get_by_role("link", name="Import guests"))
    page.locator("#file").set_input_files(FILES / "gaesteliste-excel.csv")
    desk.press(page.get_by_role("button", name="Look at the list"))
    desk.press(page.get_by_role("button", name="Check the list"))
    desk.press(page.get_by_role("button", name="Import 174 people"))
    expect(page.get_by_role("heading", name="Your guests are in")).to_be_visible()


def publish(desk: Desk) -> None:
    page = desk.page
    desk.press(page.get_by_role("link", name="Overview"))
    desk.press(page.get_by_role("link", name="Publish …"))
    desk.press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_role("heading", name="It is published")).to_be_visible()


def links(desk: Desk) -> list[str]:
    """What the host copies for each household of the list."""
    desk.press(desk.page.get_by_role("link", name="Guests", exact=True))
    fields = desk.page.locator(".link-of .input")
    return [urlsplit(fields.nth(place).input_value()).path for place in range(2)]


def answer(guest: Phone, link: str) -> None:
    guest.open(link)
    guest.page.locator("button.btn.wide[value=accepted]").click()
    expect(guest.page.locator("#thanks")).to_be_visible()


def counted(site: Site, statement: str) -> int:
    """A number of this event, which is the latest one of the server."""
    own = f"{statement} AND event_id = (SELECT max(id) FROM events WHERE title = 'Sommerfest')"
    with site.app.app_context(), db.engine.connect() as connection:
        return int(connection.execute(text(own)).scalar_one())


@pytest.mark.parametrize(("width", "has_mouse"), [(1280, True), (390, False)], ids=["mouse", "keys on a phone"])
def test_from_an_empty_account_to_printed_place_cards(
    site: Site, phone: Callable[..., Phone], width: int, has_mouse: bool
) -> None:
    email = f"empty-{width}@example.org"
    add_host(site.app, email, organization=f"Riverside Hall, {width}")
    desk = Desk(phone(width=width, height=800), has_mouse)
    desk.phone.sign_in(email)
    for step in (make_event, lay_room, bring_guests, publish):
        step(desk)
    first, second = links(desk)
    guest, other = phone(), phone()
    answer(guest, first)
    guest.page.get_by_role("link", name=re.compile("Choose your seat")).first.click()
    guest.page.locator("#together").click()
    expect(guest.page.locator(".ring .mine").first).to_be_visible()
    answer(other, second)

    page = desk.page
    desk.press(page.get_by_role("link", name="Seating"))
    expect(page.locator("h1")).to_contain_text(re.compile("still needs? a seat"))
    desk.press(page.locator("#people input[type=checkbox]").first, "Space")
    desk.press(page.get_by_role("button", name=re.compile("^Seat .* here · Table 1$")))
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    seated = counted(site, "SELECT count(*) FROM seat_claims WHERE state = 'taken'")
    assert seated == counted(site, "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted'") > 1
    desk.press(page.get_by_role("link", name="Print", exact=True))
    desk.press(page.get_by_role("link", name="Place cards"))
    assert printed(desk.phone)[0] == -(-seated // CARDS["cards"])
