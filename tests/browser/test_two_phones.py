"""Two phones at one table: what one does the other sees, by the stream, and also without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Request, expect

from portal.kit import clock
from tests.accounts.hosts import host_of
from tests.browser.conftest import Phone, Site
from tests.browser.test_holding import let_run_out
from tests.cast import Family
from tests.client import Browser
from tests.deeds import everybody_comes, plan, seated

Phones = Callable[..., Phone]
NOTICE = """
document.addEventListener("htmx:sse:after:connection", () => document.documentElement.setAttribute("data-flows", ""));
"""


def at_table(phone: Phone, family: Family, query: str = "?table=1") -> list[str]:
    """Open the seats of a family and wait until the stream flows; returns what the phone asks for from then on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.removeprefix(phone.site.address).partition("?")[0].removeprefix(family.path()))

    phone.page.add_init_script(NOTICE)
    phone.open(family.path(f"/seats{query}"))
    phone.page.wait_for_selector("html[data-flows]", state="attached")
    phone.rest()
    phone.page.on("request", note)
    return asked


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_seat_turns_on_the_other_phone(sites: Callable[[str], Site], phone: Phones, engine: str) -> None:
    site = sites(engine)
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        cast = site.cast("two-phones")
        everybody_comes(cast)
    ngozi, lena = phone(at=site), phone(at=site)
    at_table(ngozi, cast.okafor)
    asked = at_table(lena, cast.brandt)
    seat = lena.page.locator(f"#seat-{cast.seat(1, 5)}")
    expect(seat).to_have_class("seat free")
    seat.focus()
    ngozi.page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(seat).to_have_class("seat taken")
    expect(lena.page.locator("#free-seats-1, [id^=free-seats]").first).to_have_text("7 seats free")
    expect(seat).to_be_focused()  # whoever was about to take it is still there
    expect(lena.page.locator("#live")).to_have_text("1 seat changed at Table 1")
    assert asked == [], "by the stream, not by asking"
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    assert plan(cast) == {"Ngozi Okafor": "1-5"}


def test_a_phone_that_slept_catches_up_and_one_without_scripts_sees_it_on_its_next_page(
    site: Site, phone: Phones
) -> None:
    cast = site.cast("asleep")
    everybody_comes(cast)
    ngozi, lena, plain = phone(), phone(bears=r"net::ERR|status of 4|network error"), phone(javascript=False)
    at_table(lena, cast.brandt)
    plain.open(cast.brandt.path("/seats?table=1"))
    at_table(ngozi, cast.okafor)
    seat = f"#seat-{cast.seat(1, 5)}"
    sleep(lena, asleep=True)
    ngozi.page.locator(seat).click()
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    expect(lena.page.locator(seat)).to_have_class("seat free")
    sleep(lena, asleep=False)
    expect(lena.page.locator(seat)).to_have_class("seat taken")
    expect(plain.page.locator(seat)).to_have_class("seat free")
    plain.page.reload()
    expect(plain.page.locator(seat)).to_have_class("seat taken")


def sleep(phone: Phone, *, asleep: bool) -> None:
    """The phone goes dark or lights up again, as its browser tells the page."""
    phone.page.evaluate(
        """asleep => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => asleep });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        asleep,
    )


def test_a_hold_that_runs_out_turns_free_on_the_other_phone(site: Site, phone: Phones) -> None:
    cast = site.cast("running-out", hold=300)
    everybody_comes(cast)
    ngozi, lena = phone(), phone()
    at_table(lena, cast.brandt)
    at_table(ngozi, cast.okafor)
    seat = f"#seat-{cast.seat(1, 5)}"
    ngozi.page.locator(seat).click()
    expect(lena.page.locator(seat)).to_have_class("seat held")
    let_run_out(cast, clock.now() + timedelta(seconds=2))
    seated(Browser(site.app, htmx=True), cast.brandt, 1, cast.seat(1, 8))  # the server looks at the room again
    expect(lena.page.locator(f"#seat-{cast.seat(1, 8)}")).to_have_class(re.compile("mine|taken"))
    expect(lena.page.locator(seat)).to_have_class("seat free")


def test_the_host_sees_who_sits_down(site: Site, phone: Phones) -> None:
    cast = site.cast("at-the-desk")
    everybody_comes(cast)
    host, ngozi = phone(width=1280, height=800), phone()
    host.page.add_init_script(NOTICE)
    host.open(f"/sign-in?next=/host/events/{cast.event_id}")
    host.page.locator("[name=email]").fill(cast.host_email)
    host.page.locator("[name=password]").fill(cast.host_password)
    host.page.locator("main button[type=submit], main form button").first.click()
    host.page.wait_for_selector("html[data-flows]", state="attached")
    at_table(ngozi, cast.okafor)
    ngozi.page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(host.page.locator("#feed")).to_contain_text("seat 5")


def test_an_open_invitation_shows_what_others_do(site: Site, phone: Phones) -> None:
    cast = site.cast("open-invitation")
    everybody_comes(cast)
    reader, sitter = phone(bears=r"status of 410"), phone()
    reader.page.add_init_script(NOTICE)
    reader.open(cast.okafor.path())
    reader.page.wait_for_selector("html[data-flows]", state="attached")
    at_table(sitter, cast.okafor)
    sitter.page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(reader.page.locator("#invitation")).to_contain_text("seat 5")
    host = host_of(cast)
    assert host.post(f"/host/events/{cast.event_id}/invitations/{cast.okafor.id}/link/revoke").status_code == 303
    expect(reader.page.locator("main")).to_contain_text("This link is not in use any more")


def test_an_open_map_of_a_withdrawn_link_says_so(site: Site, phone: Phones) -> None:
    cast = site.cast("withdrawn-map")
    everybody_comes(cast)
    reader = phone(bears=r"status of 410")
    at_table(reader, cast.okafor)
    host = host_of(cast)
    assert host.post(f"/host/events/{cast.event_id}/invitations/{cast.okafor.id}/link/revoke").status_code == 303
    expect(reader.page.locator("main")).to_contain_text("This link is not in use any more")
