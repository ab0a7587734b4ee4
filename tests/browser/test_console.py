"""The host's whole path: from an empty account to printed place cards, with the list that somebody really kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import expect
from sqlalchemy import text

from portal.kit.schema import db
from tests.accounts.hosts import add_host
from tests.browser.conftest import Phone, Site
from tests.browser.test_print import CARDS, printed
from tests.imports.world import FILES

EMAIL = "empty-account@example.org"


def make_event(desk: Phone) -> None:
    page = desk.page
    page.get_by_role("link", name="New event").first.click()
    page.get_by_label("What is it called?").fill("Sommerfest")
    page.get_by_label("It begins").fill("2027-06-01T18:30")
    page.get_by_label("It ends").fill("2027-06-01T23:00")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Make the event").click()
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()


def lay_room(desk: Phone) -> None:
    page = desk.page
    page.get_by_role("link", name="Room", exact=True).click()
    page.get_by_role("link", name="Gala with a stage").click()
    page.get_by_role("button", name="Lay it like this").click()
    page.get_by_role("link", name="Publish the room").click()
    page.get_by_role("button", name="Publish the room").click()
    expect(page.get_by_text("Guests see this room.")).to_be_visible()


def bring_guests(desk: Phone) -> None:
    page = desk.page
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Import guests").click()
    page.locator("#file").set_input_files(FILES / "gaesteliste-excel.csv")
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("button", name="Import 174 people").click()
    expect(page.get_by_role("heading", name="Your guests are in")).to_be_visible(timeout=30_000)


def publish(desk: Phone) -> None:
    page = desk.page
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Publish …").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="It is published")).to_be_visible()


def links(desk: Phone) -> list[str]:
    """What the host copies for each household of the list."""
    desk.page.get_by_role("link", name="Guests", exact=True).click()
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


def test_from_an_empty_account_to_printed_place_cards(site: Site, phone: Callable[..., Phone]) -> None:
    add_host(site.app, EMAIL, organization="Riverside Hall, empty")
    desk = phone(width=1280, height=800)
    desk.sign_in(EMAIL)
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
    page.get_by_role("link", name="Seating").click()
    expect(page.locator("h1")).to_contain_text(re.compile("still needs? a seat"))
    page.locator("#people input[type=checkbox]").first.check()
    page.get_by_role("button", name=re.compile("^Seat .* here · Table 1$")).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    seated = counted(site, "SELECT count(*) FROM seat_claims WHERE state = 'taken'")
    assert seated == counted(site, "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted'") > 1
    page.get_by_role("link", name="Print", exact=True).click()
    page.get_by_role("link", name="Place cards").click()
    assert printed(desk)[0] == -(-seated // CARDS["cards"])
