"""A host with an empty account makes an event, looks at it as a guest does, and publishes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.kit import clock
from tests.accounts.hosts import add_host
from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.browser.test_looks import TOO_WIDE
from tests.client import Browser
from tests.deeds import everybody_comes, seated
from tests.events.evening import tell

Phones = Callable[..., Phone]
NEXT_JUNE = f"{clock.now().year + 1}-06-01"
OF_HUE_285 = "rgb(67, 64, 115)"


def make_event(desk: Phone, title: str) -> str:
    """Through the form, as a person fills it in; the path of the event."""
    page = desk.page
    page.get_by_role("link", name="New event").first.click()
    page.get_by_label("What is it called?").fill(title)
    page.get_by_label("It begins").fill(f"{NEXT_JUNE}T18:30")
    page.get_by_label("It ends").fill(f"{NEXT_JUNE}T23:00")
    page.locator("#hue input[value='285']").check()
    page.locator("#motif input[value=stars]").check()
    if not page.get_by_label("Time zone").input_value():
        page.get_by_label("Time zone").fill("America/Bogota")
    page.get_by_role("button", name="Make the event").click()
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()
    page.wait_for_url(re.compile(r"/host/events/\d+$"))
    return page.url.removeprefix(desk.site.address)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_from_an_empty_account_to_a_published_event(site: Site, phone: Phones, javascript: bool) -> None:
    email = f"events-{javascript}@example.org"
    add_host(site.app, email, organization=f"Riverside Hall {javascript}")
    desk = phone(width=1280, height=800, javascript=javascript, timezone_id="America/Bogota")
    desk.sign_in(email)
    path = make_event(desk, "Garden party")
    page = desk.page
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Time zone")).to_have_value("America/Bogota")
    desk.open(path)
    page.get_by_role("link", name="See it as a guest").first.click()
    expect(page.get_by_text("This is a preview.")).to_be_visible()
    expect(page.locator(".cloth")).to_have_css("background-color", OF_HUE_285)
    page.get_by_role("button", name="All three of us are coming").click()
    expect(page.get_by_role("heading", name="This is a preview: what you press here is not saved.")).to_be_visible()
    page.get_by_role("link", name="Back to the event").click()
    page.get_by_role("link", name="Publish …").click()
    expect(page.get_by_role("heading", name="Publish Garden party?")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="It is published")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="It is a draft")).to_be_visible()


def test_what_is_sorted_out_disappears_under_the_eyes_of_the_host_and_the_focus_stays(
    site: Site, phone: Phones
) -> None:
    cast = site.cast("sorting-out")
    everybody_comes(cast)
    tell(cast, cast.okafor, 0, dietary="no nuts", note="Hello")
    desk = phone(width=1280, height=800)
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}/to-sort-out")
    page = desk.page
    link = page.locator("[id^=todo-allergy] .do")
    link.focus()
    expect(page.locator("#todo-unseated")).to_contain_text("8 coming")
    guest = Browser(site.app, htmx=True)
    for family, table in zip(cast.families, (1, 2), strict=True):
        for number in range(4):
            seated(guest, family, number, cast.seat(table, 5 + number))
    expect(page.locator("#todo-unseated")).to_have_count(0)
    expect(page.locator("#everything")).to_contain_text("Ngozi Okafor, Table 1")
    expect(link).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_who_eats_what_is_unfolded_and_stays_so_while_guests_go_on(
    site: Site, phone: Phones, width: int, scheme: str
) -> None:
    cast = site.cast(f"eating-{width}")
    everybody_comes(cast)
    guest = Browser(site.app, htmx=True)
    seated(guest, cast.okafor, 0, cast.seat(1, 5))
    tell(cast, cast.okafor, 0, meal="Fish", dietary="no nuts")
    desk = phone(width=width, height=844, color_scheme=scheme)
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}")
    page = desk.page
    page.get_by_text("Meals by table").click()
    page.get_by_text("Who has them").focus()
    page.keyboard.press("Enter")
    seated(guest, cast.brandt, 0, cast.seat(2, 5))
    expect(page.locator("#meals-by-table")).to_contain_text("Table 2")
    expect(page.locator("#allergies-by-name li")).to_be_visible()
    expect(page.get_by_role("region", name="Meals by table")).to_be_visible()
    expect(page.get_by_text("Who has them")).to_be_focused()
    assert (violations(desk), desk.measure(TOO_WIDE)) == ([], [])


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_no_page_leaves_anybody_out_or_scrolls_sideways(site: Site, phone: Phones, width: int, scheme: str) -> None:
    email = f"looks-{width}-{scheme}@example.org"
    add_host(site.app, email, organization=f"Riverside Hall {width} {scheme}")
    desk = phone(width=width, height=844, color_scheme=scheme)
    desk.sign_in(email)
    path = make_event(desk, "Garden party")
    wrong = {}
    for rest in ("", "/settings", "/status", "/status/archive", "/sessions", "/organizers", "/activity", "/as-guest"):
        desk.open(path + rest)
        wrong[rest] = (violations(desk), desk.measure(TOO_WIDE))
    for other in ("/host/events/new", "/host/archive"):
        desk.open(other)
        wrong[other] = (violations(desk), desk.measure(TOO_WIDE))
    assert {name: found for name, found in wrong.items() if found != ([], [])} == {}
