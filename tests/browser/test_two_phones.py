"""Two phones at one table: what one does the other sees, by the stream, and also without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Phone, Site
from tests.cast import Family
from tests.deeds import everybody_comes, plan

Phones = Callable[..., Phone]
WITHIN = 1_000
"""Milliseconds in which a seat must turn."""


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
    phone.page.on("request", note)
    return asked


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_seat_turns_on_the_other_phone(sites: Callable[[str], Site], phone: Phones, engine: str) -> None:
    site = sites(engine)
    cast = site.cast("two-phones")
    everybody_comes(cast)
    ngozi, lena = phone(at=site), phone(at=site)
    at_table(ngozi, cast.okafor)
    asked = at_table(lena, cast.brandt)
    seat = lena.page.locator(f"#seat-{cast.seat(1, 5)}")
    expect(seat).to_have_class("seat free")
    seat.focus()
    ngozi.page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(seat).to_have_class("seat taken", timeout=WITHIN)
    expect(lena.page.locator("#free-seats-1, [id^=free-seats]").first).to_have_text("7 seats free")
    assert lena.focused() == f"seat-{cast.seat(1, 5)}", "whoever was about to take it is still there"
    expect(lena.page.locator("#live")).to_have_text("1 seat changed at Table 1")
    assert asked == [], "by the stream, not by asking"
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    assert plan(cast) == {"Ngozi Okafor": "1-5"}
