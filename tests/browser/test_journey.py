"""A family of four on real phones: with JavaScript, without it, and with nothing but a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Site
from tests.cast import Cast
from tests.deeds import entries, everybody_comes, plan, rsvps

Phones = Callable[..., Phone]


def walk_through(cast: Cast, ngozi: Phone, lena: Phone, *, javascript: bool) -> None:
    """Answer, take it back, answer again, lose a seat to somebody else, move together, eat, and come."""
    page, family = ngozi.page, cast.okafor
    page.route("**/live?*", lambda route: route.fulfill(status=429))  # to be surprised, she may not be told
    ngozi.open(family.path())
    page.get_by_role("button", name="All four of us are coming").click()
    expect(page.get_by_role("heading", name="Lovely. All four of you are coming.")).to_be_visible()
    if javascript:
        expect(page.locator("#thanks")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Who’s coming?")).to_be_visible()
    page.get_by_role("button", name="All four of us are coming").click()
    page.get_by_role("link", name="Choose your seats").click()
    expect(page.get_by_role("heading", name="Choose a table")).to_be_visible()
    page.get_by_role("link", name="Pick · Table 1").click()
    for number, (name, seat) in enumerate((("Ngozi", 3), ("Daniel", 4), ("Ada", 5)), start=1):
        page.get_by_role("button", name=f"Seat {seat}, free. Take it for {name}").click()
        expect(page.locator(".ring .mine")).to_have_count(number)

    lena.open(cast.brandt.path())
    coming = lena.page.get_by_role("button", name="Coming Ngozi Brandt")
    coming.click()
    expect(coming).to_have_attribute("aria-pressed", "true")
    lena.open(cast.brandt.path("/seats?table=1"))
    lena.page.get_by_role("button", name="Seat 6, free. Take it for Ngozi").click()
    expect(lena.page.locator(".ring .mine")).to_have_count(1)

    page.locator(f"#seat-{cast.seat(1, 6)}").click()
    panel = page.locator("#conflict")
    expect(panel).to_contain_text("Someone just took seat 6")
    expect(panel).to_contain_text("Ngozi, Daniel and Ada still have seats 3, 4 and 5.")
    expect(panel).to_be_focused()
    expect(page.locator("#seat-map")).to_contain_text("Seat 6, taken")
    page.get_by_role("button", name="Seat 7, same table").click()
    expect(page.locator(".ring .mine")).to_have_count(4)
    assert plan(cast) == {
        "Ngozi Okafor": "1-3", "Daniel Okafor": "1-4", "Ada Okafor": "1-5", "Tobi Okafor": "1-7", "Ngozi Brandt": "1-6",
    }  # fmt: skip

    page.get_by_role("link", name="Back to all tables").click()
    page.get_by_role("button", name="Move all of us here · Table 2").click()
    expect(page.get_by_role("heading", name="You all have seats")).to_be_visible()
    expect(page.locator(".ring .mine")).to_have_count(4)
    assert sorted(place for name, place in plan(cast).items() if "Okafor" in name) == ["2-3", "2-4", "2-5", "2-6"]

    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Choose meals").click()
    page.get_by_role("radio", name="Fish").check()
    page.get_by_role("checkbox", name="The same for everyone who has not chosen yet").check()
    page.get_by_role("button", name="Save for Ngozi").click()
    expect(page.get_by_text("Everybody has chosen")).to_be_visible()
    page.get_by_role("link", name="Door pass").click()
    expect(page.locator("svg.qr")).to_have_count(5)


@pytest.mark.parametrize(
    ("engine", "javascript"),
    [("sqlite", True), ("postgresql", True), ("sqlite", False)],
    ids=["sqlite", "postgresql", "no javascript"],
)
def test_a_family_of_four_comes(sites: Callable[[str], Site], phone: Phones, engine: str, javascript: bool) -> None:
    site = sites(engine)
    cast = site.cast("with-scripts" if javascript else "without-scripts")
    phones = [phone(at=site, javascript=javascript) for _ in range(2)]
    walk_through(cast, *phones, javascript=javascript)
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    assert cast.rows("SELECT DISTINCT meal FROM invitation_guests WHERE invitation_id = :id", id=cast.okafor.id) == [
        ("Fish",)
    ]
    said = [verb for verb in entries(cast) if verb not in {"invitation.opened", "invitation.answered"}]
    assert said == [*["seat.taken"] * 5, "seat.moved", "member.updated"]


def test_a_keyboard_is_enough(site: Site, phone: Phones) -> None:
    cast = site.cast("by-keyboard")
    ngozi = phone()
    ngozi.open(cast.okafor.path())
    press(ngozi, "All four of us are coming")
    expect(ngozi.page.locator("#thanks")).to_be_focused()
    press(ngozi, "Choose your seats")
    expect(ngozi.page.get_by_role("heading", name="Choose a table")).to_be_visible()
    press(ngozi, "Pick · Table 1")
    expect(ngozi.page.get_by_role("heading", name="Choose seats")).to_be_visible()
    press(ngozi, "Seat 4, free.")
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    expect(ngozi.page.locator(f"#seat-{cast.seat(1, 4)}")).to_be_focused()  # whoever took a seat is still there
    press(ngozi, "Seat 5, free.")
    expect(ngozi.page.locator(".ring .mine")).to_have_count(2)
    press(ngozi, "Undo")
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    assert plan(cast) == {"Ngozi Okafor": "1-4"}


def press(phone: Phone, words: str) -> None:
    """Go on with the tab key to what says ``words``, and press Enter; no trap on the way."""
    phone.rest()
    for _ in range(80):
        phone.page.keyboard.press("Tab")
        told = phone.page.evaluate(
            "[document.activeElement.innerText, document.activeElement.getAttribute('aria-label')].join(' ')"
        )
        if words in " ".join(str(told).split()):
            phone.page.keyboard.press("Enter")
            return
    raise AssertionError(f"the tab key never comes to “{words}”")


def test_the_skip_link_leads_past_the_head(site: Site, phone: Phones) -> None:
    cast = site.cast("skipping")
    everybody_comes(cast)
    ngozi = phone()
    for path, words in (("", "Skip to your reply"), ("/seats", "Skip to the seats")):
        ngozi.open(cast.okafor.path(path))
        ngozi.page.keyboard.press("Tab")
        link = ngozi.page.get_by_role("link", name=words)
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
        ngozi.page.keyboard.press("Enter")
        expect(ngozi.page).to_have_url(re.compile("#(reply|seat-map)$"))


def test_only_what_can_be_pressed_is_a_stop_of_the_tab_key(site: Site, phone: Phones) -> None:
    cast = site.cast("tab-stops")
    everybody_comes(cast)
    ngozi = phone()
    ngozi.open(cast.okafor.path("/seats?table=1"))
    stops = ngozi.page.locator("#seat-map :is(a, button, input, [tabindex]):not([tabindex='-1'])")
    expect(stops).to_have_count(8)
    for number in range(8):
        expect(stops.nth(number)).to_have_accessible_name(f"Seat {number + 3}, free. Take it for Ngozi")
