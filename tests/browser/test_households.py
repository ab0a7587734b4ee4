"""A host with a phone: a household is made, its link shared, answered for, withdrawn; a keyboard is enough."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.browser.test_journey import press
from tests.browser.test_looks import TOO_SMALL, TOO_WIDE
from tests.deeds import plan
from tests.events.evening import address

Phones = Callable[..., Phone]


def check(phone: Phone) -> None:
    """Nothing leaves anybody out, scrolls sideways, or is too small for a finger."""
    assert violations(phone) == []
    assert phone.measure(TOO_WIDE) == []
    small = [each for each in phone.measure(TOO_SMALL, 44) if "share-words" not in each]
    assert small == []


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_made_shared_answered_for_and_withdrawn(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast("households" if javascript else "households-plainly")
    desk = phone(javascript=javascript)
    page = desk.page
    desk.sign_in(cast.host_email)
    desk.open(address(cast, "/invitations"))
    if javascript:
        check(desk)
    page.get_by_role("link", name="Invite a household").click()
    page.get_by_label("Name of the household").fill("Rivera family")
    page.get_by_label("Who is invited?").fill("Lena Rivera, lena@example.org\nMateo Rivera\n+")
    if javascript:
        check(desk)
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("heading", name="Rivera family")).to_be_visible()
    expect(page.locator(".members li")).to_have_count(3)
    if javascript:
        check(desk)

    expect(page.locator("svg.qr")).to_be_visible()
    link = page.get_by_label("Link for the Rivera family").input_value()
    whatsapp = page.get_by_role("link", name="WhatsApp").get_attribute("href") or ""
    assert whatsapp.startswith("https://wa.me/?text=Hello%20Lena%20and%20Mateo")
    page.get_by_role("button", name="I have sent it").click()
    expect(page.get_by_text("Sent on")).to_be_visible()

    page.get_by_role("button", name="Coming Lena Rivera").click()
    expect(page.get_by_role("button", name="Coming Lena Rivera")).to_have_attribute("aria-pressed", "true")
    if javascript:
        expect(page.get_by_role("button", name="Coming Lena Rivera")).to_be_focused()  # who answered is still there
        expect(page.get_by_role("button", name="Copy").first).to_be_visible()

    guest = phone()
    guest.open(re.sub(r"^https?://[^/]+", "", link))
    expect(guest.page.get_by_role("button", name="Coming Lena Rivera")).to_have_attribute("aria-pressed", "true")
    guest.open(re.sub(r"^https?://[^/]+", "", link) + "/seats?table=1")
    guest.page.get_by_role("button", name="Seat 4, free. Take it for Lena").click()
    expect(guest.page.locator(".ring .mine")).to_have_count(1)

    page.get_by_text("It got into the wrong hands?").click()
    page.get_by_role("button", name="Withdraw the link").click()
    expect(page.get_by_role("heading", name="Their link is withdrawn")).to_be_visible()
    expect(guest.page.get_by_text("This link is not in use any more")).to_be_visible()
    assert plan(cast) == {}
    if javascript:
        check(desk)
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_role("heading", name="Their link", exact=True)).to_be_visible()
    assert plan(cast) == {"Lena Rivera": "1-4"}


def test_a_keyboard_is_enough(site: Site, phone: Phones) -> None:
    cast = site.cast("households-by-keyboard")
    desk = phone(width=1280, height=800)
    desk.sign_in(cast.host_email)
    desk.open(address(cast, f"/invitations/{cast.okafor.id}"))
    press(desk, "Coming All of them")
    expect(desk.page.locator(".members .accepted")).to_have_count(4)
    press(desk, "Further down: Ngozi Okafor")
    expect(desk.page.locator(".members b").first).to_have_text("Daniel Okafor")
    desk.page.get_by_role("link", name="Change the name").focus()
    desk.page.keyboard.press("Enter")
    desk.page.get_by_label("Name of the household").focus()
    desk.page.keyboard.press("End")
    desk.page.keyboard.type(" of Hackney")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Okafor family of Hackney")).to_be_visible()


def test_the_address_book_and_its_forms_leave_nobody_out(site: Site, phone: Phones) -> None:
    cast = site.cast("address-book", invitations=3)
    cast.run("UPDATE guests SET name = 'Ngozi Okafor', search_key = 'ngozi okafor' WHERE id IN (:one, :other)",
             one=cast.names["guest"], other=cast.names["other"])  # fmt: skip
    desk = phone()
    desk.sign_in(cast.host_email)
    one, other = cast.names["guest"], cast.names["other"]
    member = f"/invitations/{cast.okafor.id}/members/{cast.okafor.members[0]}"
    pages = [
        "/host/guests", "/host/guests/doubles", f"/host/guests/{one}", f"/host/guests/{one}/merge/{other}",
        *(address(cast, f"{member}{rest}") for rest in ("", "/details", "/remove", "/move?q=brandt")),
    ]  # fmt: skip
    for path in pages:
        desk.open(path)
        check(desk)
    dark = phone(color_scheme="dark", locale="es-MX", width=320)
    dark.sign_in(cast.host_email)
    for path in (address(cast, f"/invitations/{cast.okafor.id}"), f"/host/guests/{one}"):
        dark.open(path)
        check(dark)
