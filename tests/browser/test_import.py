"""A host brings the list that people really have, with a keyboard on a small screen, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.imports.world import FILES
from tests.patience import wait_for

LIST = FILES / "gaesteliste-excel.csv"
AWRY = "Household,Name,Email\nCosta,Ada,ada at home\n,Ben,\n,,nobody@example.org\nPark,Kai,"
TABS = 80


def reach(phone: Phone, name: str) -> None:
    """Press Tab until the focus is on what is called so."""
    phone.rest()
    called = "(e => e.labels?.[0]?.innerText || e.innerText || '')(document.activeElement)"
    for _ in range(TABS):
        phone.page.keyboard.press("Tab")
        if name in str(phone.page.evaluate(called)):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def no_sideways_scroll(phone: Phone) -> None:
    wide = phone.measure("document.documentElement.scrollWidth > innerWidth")
    assert not wide, phone.page.url


def test_a_list_goes_in_by_keyboard_on_a_small_screen(site: Site, phone: Callable[..., Phone]) -> None:
    cast = site.cast("keyboard-list")
    desk = phone(width=390)
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}")
    reach(desk, "Import guests")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(re.compile("/import$"))
    assert violations(desk) == []
    reach(desk, "Choose a file")
    desk.page.locator("#file").set_input_files(LIST)  # the system's own window, which no key of a page reaches
    reach(desk, "Look at the list")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="What is in which column?")).to_be_focused()
    assert violations(desk) == []
    no_sideways_scroll(desk)
    reach(desk, "Check the list")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="48 households, 174 people")).to_be_focused()
    assert violations(desk) == []
    no_sideways_scroll(desk)
    reach(desk, "Import 174 people")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Your guests are in")).to_be_visible()
    expect(desk.page.get_by_text("48 new households and 174 new people.")).to_be_visible()
    expect(desk.page.locator("#outcome")).to_be_focused()
    assert violations(desk) == []
    no_sideways_scroll(desk)
    assert cast.count("SELECT count(*) FROM invitations WHERE event_id = :id", id=cast.event_id) == 50


def test_a_cell_is_mended_in_place_in_the_dark(site: Site, phone: Callable[..., Phone]) -> None:
    cast = site.cast("mended-list")
    desk = phone(width=1280, height=800, color_scheme="dark")
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}/import")
    desk.page.locator("#pasted").fill(AWRY)
    desk.page.get_by_role("button", name="Look at the list").click()
    desk.page.get_by_role("button", name="Check the list").click()
    desk.page.get_by_role("link", name="Invalid addresses").click()
    expect(desk.page.get_by_label("E-mail")).to_be_visible()
    assert violations(desk) == []
    desk.page.get_by_label("E-mail").fill("ada@example.org")
    desk.page.get_by_role("button", name="Save the row").click()
    expect(desk.page.get_by_text("Row 2 is saved")).to_be_focused()
    expect(desk.page.get_by_role("link", name="Invalid addresses")).to_have_count(0)
    desk.page.get_by_role("link", name="Rows without a name").click()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download the rows left out").click()
    assert "nobody@example.org" in download.value.path().read_text(encoding="utf-8-sig")
    desk.page.get_by_role("button", name="Import 3 people").click()
    expect(desk.page.get_by_text("2 new households and 3 new people.")).to_be_visible()
    desk.page.get_by_role("button", name="Take the whole import back").click()
    expect(desk.page.get_by_text("Everything is as it was before.")).to_be_visible()
    assert cast.count("SELECT count(*) FROM invitations WHERE event_id = :id", id=cast.event_id) == 2


def follow(phone: Phone, way: Locator) -> None:
    """Press what leads to another page, and be there."""
    with phone.page.expect_navigation():
        way.click()


def test_it_all_works_without_javascript(site: Site, phone: Callable[..., Phone]) -> None:
    cast = site.cast("plain-list")
    desk = phone(javascript=False)
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}/import")
    desk.page.locator("#file").set_input_files(LIST)
    for name in ("Look at the list", "Check the list", "Import 174 people"):
        follow(desk, desk.page.get_by_role("button", name=name))

    def is_in() -> bool:
        if desk.page.get_by_role("heading", name="Your guests are in").count():
            return True
        follow(desk, desk.page.get_by_role("link", name="See how far it is"))
        return False

    wait_for(is_in)
    expect(desk.page.get_by_text("48 new households and 174 new people.")).to_be_visible()
