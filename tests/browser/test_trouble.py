"""What happens to a tap when the network is gone, the server is in trouble, or the finger trembles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Phone, Site
from tests.deeds import entries, everybody_comes, plan, rsvps

Phones = Callable[..., Phone]
BROKEN_LINE = r"net::ERR|status of 50\d|Failed to fetch|htmx:error"
"""What the browser and htmx themselves say about it."""

NOT_SAVED = "Not saved yet. We’ll keep trying."


def fail(page: Page, path: str, how: Callable[[Route], None]) -> None:
    """Every change under this address fails."""
    page.route(f"**{path}", lambda route: how(route) if route.request.method == "POST" else route.continue_())


@pytest.mark.parametrize(
    "how",
    [
        lambda route: route.abort("internetdisconnected"),
        lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>Oops</h1>"),
        lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>Busy</h1>"),
    ],
    ids=["no network", "500", "503"],
)
def test_what_was_not_saved_is_said_and_tried_again(
    site: Site, phone: Phones, how: Callable[[Route], None], request: pytest.FixtureRequest
) -> None:
    cast = site.cast(f"trouble-{request.node.callspec.id.replace(' ', '-')}")
    ngozi = phone(bears=BROKEN_LINE)
    ngozi.open(cast.okafor.path())
    page, bar = ngozi.page, ngozi.page.locator("#unsaved")
    expect(bar).to_be_hidden()
    fail(page, "/rsvp", how)
    page.get_by_role("button", name="All four of us are coming").click()
    expect(bar).to_be_visible()
    expect(bar).to_contain_text(NOT_SAVED)
    expect(page.get_by_role("button", name="All four of us are coming")).to_be_visible()
    expect(page.get_by_text("Oops")).to_have_count(0)
    assert rsvps(cast, cast.okafor) == ["pending"] * 4
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#thanks")).to_be_visible()
    expect(bar).to_be_hidden()
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4


def test_a_network_that_comes_back_is_noticed(site: Site, phone: Phones) -> None:
    cast = site.cast("tunnel")
    ngozi = phone(bears=BROKEN_LINE)
    ngozi.open(cast.okafor.path())
    ngozi.context.set_offline(True)
    ngozi.page.get_by_role("button", name="All four of us are coming").click()
    expect(ngozi.page.locator("#unsaved")).to_be_visible()
    ngozi.context.set_offline(False)
    expect(ngozi.page.locator("#thanks")).to_be_visible()
    expect(ngozi.page.locator("#unsaved")).to_be_hidden()
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_double_tap_is_one_tap(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast(f"trembling-{javascript}".lower())
    ngozi = phone(javascript=javascript)
    ngozi.open(cast.okafor.path())
    ngozi.page.get_by_role("button", name="All four of us are coming").dblclick()
    expect(ngozi.page.locator("#thanks")).to_be_visible()
    assert entries(cast).count("invitation.answered") == 1
    ngozi.open(cast.okafor.path("/seats?table=1"))
    ngozi.page.locator(f"#seat-{cast.seat(1, 4)}").dblclick()
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    assert plan(cast) == {"Ngozi Okafor": "1-4"}
    ngozi.open(cast.okafor.path("/seats"))
    ngozi.page.get_by_role("button", name="Table 2").first.dblclick()
    expect(ngozi.page.get_by_text("you have seats")).to_be_visible()
    assert [verb for verb in entries(cast) if verb.startswith("seat.")] == ["seat.taken", "seat.taken"]


def test_a_page_that_stood_open_too_long_says_so(site: Site, phone: Phones) -> None:
    """The cookie is gone, and with it the token of the form."""
    cast = site.cast("yesterday")
    ngozi = phone()
    ngozi.open(cast.okafor.path())
    ngozi.context.clear_cookies()
    ngozi.page.get_by_role("button", name="All four of us are coming").click()
    expect(ngozi.page.locator("#unsaved")).to_contain_text("This page has been open for a while")
    assert rsvps(cast, cast.okafor) == ["pending"] * 4
    with ngozi.page.expect_navigation():
        ngozi.page.get_by_role("button", name="Try again").click()
    ngozi.page.get_by_role("button", name="All four of us are coming").click()
    expect(ngozi.page.locator("#thanks")).to_be_visible()


def test_the_first_touch_opens_the_invitation_and_not_the_look(site: Site, phone: Phones) -> None:
    cast = site.cast("first-touch")
    ngozi = phone()
    ngozi.open(cast.okafor.path())
    expect(ngozi.page.locator("#opened")).to_be_attached()
    assert entries(cast) == []
    with ngozi.page.expect_response("**/opened"):
        ngozi.page.locator("h1").click()
    assert entries(cast) == ["invitation.opened"]


def test_another_s_seat_shows_itself_without_a_touch(site: Site, phone: Phones) -> None:
    """The map asks again by itself, and whoever looks keeps the place where they are."""
    cast = site.cast("watching")
    everybody_comes(cast)
    ngozi, lena = phone(), phone()
    ngozi.open(cast.okafor.path("/seats?table=1"))
    ngozi.page.locator(f"#seat-{cast.seat(1, 7)}").focus()
    lena.open(cast.brandt.path("/seats?table=1"))
    lena.page.locator(f"#seat-{cast.seat(1, 4)}").click()
    expect(lena.page.locator(".ring .mine")).to_have_count(1)
    expect(ngozi.page.locator("#seat-map")).to_contain_text("Seat 4, taken")
    expect(ngozi.page.locator(f"#seat-{cast.seat(1, 7)}")).to_be_focused()
