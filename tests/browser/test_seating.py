"""A host seats people: with a finger, with the keys alone, by dragging, and without any script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.browser.test_looks import TOO_WIDE
from tests.cast import Cast
from tests.deeds import everybody_comes, plan

Phones = Callable[..., Phone]


def at_the_desk(phone: Phone, cast: Cast) -> Phone:
    """The host has signed in and looks at the seating."""
    phone.sign_in(cast.host_email)
    phone.open(f"/host/events/{cast.event_id}/seating")
    return phone


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "plain"])
def test_two_are_chosen_put_at_a_table_swapped_and_put_back(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast(f"seating-{'quick' if javascript else 'plain'}")
    everybody_comes(cast)
    desk = at_the_desk(phone(javascript=javascript), cast)
    page = desk.page
    page.get_by_label("Ngozi Okafor").check()
    page.get_by_label("Ngozi Brandt").check()
    if not javascript:
        page.get_by_role("button", name="Show where they fit").click()
    expect(page.locator("#chosen-title")).to_have_text("Ngozi and Ngozi chosen")
    expect(page.locator("#plan-tables, .plan-table").first).to_contain_text("10 free, Ngozi and Ngozi fit together")
    page.get_by_role("button", name=re.compile("Seat Ngozi and Ngozi here · Table 1")).click()
    expect(page.locator(f"#seat-{cast.seat(1, 3)}")).to_contain_text("Ngozi Okafor")
    assert plan(cast) == {"Ngozi Okafor": "1-3", "Ngozi Brandt": "1-4"}
    expect(page.get_by_label("Ngozi Okafor")).not_to_be_checked()
    page.get_by_label("Ngozi Okafor").check()
    page.locator(f"#seat-{cast.seat(1, 4)}").click()
    expect(page.locator("#conflict")).to_contain_text("Ngozi Brandt sits at Table 1, seat 4.")
    assert desk.measure(TOO_WIDE) == []
    if javascript:
        expect(page.locator("#conflict")).to_be_focused()
        assert violations(desk) == []
    page.get_by_role("button", name=re.compile("Swap them")).click()
    expect(page.locator(f"#seat-{cast.seat(1, 4)}")).to_contain_text("Ngozi Okafor")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"#seat-{cast.seat(1, 3)}")).to_contain_text("Ngozi Okafor")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".chairs .seat.mine")).to_have_count(0)
    assert plan(cast) == {}


@pytest.mark.parametrize(("label", "chosen"), [("Ngozi Okafor", "Ngozi"), ("all", "4 guests")])
def test_whoever_is_ticked_before_the_scripts_have_come_is_chosen(
    site: Site, phone: Phones, label: str, chosen: str
) -> None:
    cast = site.cast(f"seating-early-{label.partition(' ')[0].lower()}")
    everybody_comes(cast)
    desk = phone()
    desk.sign_in(cast.host_email)
    box = desk.page.locator(f"#all-{cast.okafor.id}") if label == "all" else desk.page.get_by_label(label)

    def tick_first(route: Route) -> None:
        box.check()
        route.continue_()

    desk.page.route("**/plan*.js*", tick_first)
    desk.open(f"/host/events/{cast.event_id}/seating")
    expect(desk.page.locator("#chosen-title")).to_have_text(f"{chosen} chosen")


def test_a_household_is_seated_with_the_keys_alone(site: Site, phone: Phones) -> None:
    cast = site.cast("seating-by-keys")
    everybody_comes(cast)
    page = at_the_desk(phone(width=1280, height=800), cast).page
    page.locator(f"#all-{cast.okafor.id}").focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen-title")).to_have_text("4 guests chosen")
    page.locator(f"#seat-{cast.seat(2, 7)}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chairs .seat.mine")).to_have_count(4)
    assert sorted(plan(cast).values()) == ["2-5", "2-6", "2-7", "2-8"]
    page.locator("#undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chairs .seat.mine")).to_have_count(0)


def test_somebody_is_dragged_and_the_other_host_sees_it_at_once_and_keeps_the_chosen(site: Site, phone: Phones) -> None:
    cast = site.cast("seating-by-dragging")
    everybody_comes(cast)
    one, other = (at_the_desk(phone(width=1280, height=800), cast).page for _ in range(2))
    other.get_by_label("Tobi Brandt").check()
    expect(other.locator("#chosen-title")).to_have_text("Tobi chosen")
    person = one.locator("#people [data-person]").filter(has_text="Ada Okafor")
    person.drag_to(one.locator(f"#seat-{cast.seat(1, 6)}"))
    expect(one.locator(f"#seat-{cast.seat(1, 6)}")).to_contain_text("Ada Okafor")
    assert plan(cast) == {"Ada Okafor": "1-6"}
    expect(other.locator(f"#seat-{cast.seat(1, 6)}")).to_contain_text("Ada Okafor")
    expect(other.get_by_label("Tobi Brandt")).to_be_checked()


def test_the_rest_is_looked_through_and_seated(site: Site, phone: Phones) -> None:
    cast = site.cast("seating-the-rest")
    everybody_comes(cast)
    desk = at_the_desk(phone(), cast)
    desk.page.get_by_role("link", name="Seat the rest").click()
    expect(desk.page.get_by_role("heading", name="Seat the rest")).to_be_visible()
    assert violations(desk) == []
    assert desk.measure(TOO_WIDE) == []
    desk.page.get_by_role("button", name="Seat all 8 guests like this").click()
    expect(desk.page.locator(".chairs .seat.mine")).to_have_count(8)
    desk.page.get_by_label("Ngozi Okafor").check()
    desk.page.get_by_role("link", name="Edit the place").click()
    expect(desk.page.get_by_role("heading", name="The whole place")).to_be_visible()
    assert violations(desk) == []
