"""A seat that is held: it counts down, warns, runs out, and is taken back with one tap."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from portal.kit import clock
from portal.kit.schema import db
from portal.seating.models import ClaimState, SeatClaim
from tests.browser.conftest import Phone, Site
from tests.cast import Cast
from tests.deeds import everybody_comes, plan

Phones = Callable[..., Phone]
MINUTES_LEFT = re.compile(r"Yours for [2-4]:\d\d")


def let_run_out(cast: Cast, moment: datetime) -> None:
    """Everything that is held ends at this moment."""
    with cast.app.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        held = update(SeatClaim).where(SeatClaim.event_id == cast.event_id, SeatClaim.state == ClaimState.HELD)
        connection.execute(held.values(held_until=moment))


def test_a_hold_counts_down_warns_runs_out_and_is_taken_back(site: Site, phone: Phones) -> None:
    cast = site.cast("counting-down", hold=300)
    everybody_comes(cast)
    ngozi = phone()
    page = ngozi.page
    ngozi.open(cast.okafor.path("/seats?table=1"))
    page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(page.get_by_role("heading", name="Seat 5 is held for Ngozi")).to_be_visible()
    expect(page.locator("#time-left")).to_contain_text(MINUTES_LEFT)
    expect(page.locator(".timer.soon")).to_have_count(0)

    let_run_out(cast, clock.now() + timedelta(seconds=58))
    ngozi.open(cast.okafor.path("/seats?table=1"))
    expect(page.locator(".timer.soon")).to_be_visible()
    expect(page.locator("#time-left")).to_contain_text(re.compile(r"Only 0:\d\d"))
    expect(page.locator("#live")).to_have_text("One more minute for seat 5. Confirm it, or keep it longer.")
    page.get_by_role("button", name="Keep longer").click()
    expect(page.locator("#time-left")).to_contain_text(MINUTES_LEFT)

    let_run_out(cast, clock.now() + timedelta(seconds=3))
    ngozi.open(cast.okafor.path("/seats?table=1"))
    expect(page.get_by_role("heading", name="We let seat 5 go")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Seat 5 is held for Ngozi")).to_be_visible()
    page.get_by_role("button", name="Also hold seat").click()
    expect(page.get_by_role("heading", name="are held for Ngozi and Daniel")).to_be_visible()
    page.get_by_role("button", name="Confirm seats").click()
    expect(page.locator(".ring .mine")).to_have_count(2)
    assert sorted(plan(cast)) == ["Daniel Okafor", "Ngozi Okafor"]


def test_a_phone_whose_clock_is_wrong_counts_what_the_server_counts(site: Site, phone: Phones) -> None:
    cast = site.cast("wrong-clock", hold=300)
    everybody_comes(cast)
    ngozi = phone()
    ngozi.context.add_init_script("const now = Date.now; Date.now = () => now() + 3600000;")
    ngozi.open(cast.okafor.path("/seats?table=1"))
    ngozi.page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(ngozi.page.locator("#time-left")).to_contain_text(MINUTES_LEFT)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_two_of_a_family_swap_with_one_tap(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast(f"swapping-{javascript}".lower())
    everybody_comes(cast)
    ngozi = phone(javascript=javascript)
    page = ngozi.page
    ngozi.open(cast.okafor.path("/seats?table=1"))
    for number, label in enumerate((5, 6), start=1):
        page.locator(f"#seat-{cast.seat(1, label)}").click()
        expect(page.locator(".ring .mine")).to_have_count(number)
    page.locator(f"#for-{cast.okafor.members[0]}").click()
    page.get_by_role("button", name="Seat 6, yours: Daniel Okafor. Swap with Ngozi").click()
    expect(page.get_by_role("button", name="Seat 6, yours: Ngozi Okafor")).to_be_visible()
    assert plan(cast) == {"Ngozi Okafor": "1-6", "Daniel Okafor": "1-5"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Seat 5, yours: Ngozi Okafor")).to_be_visible()


def test_a_page_without_scripts_says_until_when_and_what_was_let_go(site: Site, phone: Phones) -> None:
    cast = site.cast("without-a-clock", hold=300)
    everybody_comes(cast)
    ngozi = phone(javascript=False)
    page = ngozi.page
    ngozi.open(cast.okafor.path("/seats?table=1"))
    page.locator(f"#seat-{cast.seat(1, 5)}").click()
    expect(page.locator("#time-left")).to_contain_text("Yours until")
    let_run_out(cast, clock.now())
    page.reload()
    expect(page.get_by_role("heading", name="We let seat 5 go")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Seat 5 is held for Ngozi")).to_be_visible()
