"""A host with an empty room: laid from a picture, moved with the mouse and the keys, published; the guests see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.accounts.hosts import add_host
from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.deeds import everybody_comes

Phones = Callable[..., Phone]


def where(phone: Phone, name: str) -> str:
    return str(phone.page.locator(name).get_attribute("transform"))


def test_a_room_is_laid_moved_and_published(site: Site, phone: Phones) -> None:
    cast = site.cast("floor-plan", tables=0, invitations=1)
    everybody_comes(cast)
    desk = phone(width=1280, height=900)
    page = desk.page
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}/room-plan")
    page.get_by_role("link", name="Gala with a stage").click()
    expect(page.get_by_role("heading", name="This is how it would stand")).to_be_visible()
    assert violations(desk) == []
    page.get_by_role("button", name="Lay it like this").click()
    table = page.locator("#table--1")
    expect(table).to_have_attribute("transform", "translate(46 46)")
    desk.rest()
    box = table.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 40, steps=4)
    page.mouse.up()
    expect(page.get_by_role("heading", name="Table 1", exact=True)).to_be_visible()
    expect(table).not_to_have_attribute("transform", "translate(46 46)")
    dragged = where(desk, "#table--1")

    other = page.locator("#table--2")
    other.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Table 2", exact=True)).to_be_visible()
    expect(page.get_by_role("spinbutton", name="From the left")).to_have_value("40")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("spinbutton", name="From the top")).to_have_value("185")
    expect(other).to_have_attribute("transform", "translate(40 185)")
    expect(other).to_be_focused()  # it stays where the fingers are
    assert where(desk, "#table--1") == dragged
    assert violations(desk) == []
    page.keyboard.press("Control+z")
    expect(other).to_have_attribute("transform", "translate(40 135)")
    page.get_by_role("button", name="Redo").click()
    expect(other).to_have_attribute("transform", "translate(40 185)")

    page.get_by_role("link", name="As a file").click()
    expect(page.get_by_role("heading", name="The room as a file")).to_be_visible()
    assert violations(desk) == []
    page.get_by_role("link", name="Back to the floor plan").click()
    page.get_by_role("link", name="Publish the room").click()
    expect(page.get_by_role("heading", name="Publish the room")).to_be_visible()
    assert violations(desk) == []
    page.get_by_role("button", name="Publish the room").click()
    expect(page.get_by_text("Guests see this room.")).to_be_visible()
    guest = phone()
    guest.open(cast.okafor.path("/seats?view=plan"))
    expect(guest.page.locator("#floor a.t")).to_have_count(12)
    expect(guest.page.locator("#floor")).to_contain_text("Stage")


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "plain"])
def test_everything_works_on_a_phone_and_with_keys_alone(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast(f"floor-on-a-phone-{'quick' if javascript else 'plain'}", tables=3, invitations=1)
    desk = phone(javascript=javascript)
    page = desk.page
    desk.sign_in(cast.host_email)
    desk.open(f"/host/events/{cast.event_id}/room-plan")
    link = page.get_by_role("link", name=re.compile("^Table 2, round"))
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Table 2", exact=True)).to_be_visible()
    page.get_by_label("Name or number").fill("Head table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Head table", exact=True)).to_be_visible()
    if javascript:
        assert violations(desk) == []
    page.get_by_role("button", name="Down").press("Enter")
    expect(page.get_by_role("spinbutton", name="From the top")).to_have_value("195")
    page.get_by_role("link", name="Move to…").press("Enter")
    page.get_by_role("link", name=re.compile("^Free place")).last.press("Enter")
    expect(page.get_by_role("spinbutton", name="From the top")).not_to_have_value("195")
    version = page.locator("#bar [name=version]").first
    before = version.input_value()
    page.get_by_role("button", name="Save the table").press("Enter")
    expect(version).not_to_have_value(before)
    expect(page.get_by_role("spinbutton", name="From the top")).not_to_have_value("195")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()
    assert desk.measure("document.documentElement.scrollWidth <= innerWidth"), "no sideways scroll"
    page.get_by_role("link", name="Publish the room").press("Enter")
    page.get_by_role("button", name="Publish the room").press("Enter")
    expect(page.get_by_text("Guests see this room.")).to_be_visible()
    published = "SELECT count(*) FROM tables WHERE name = 'Head table' AND event_id = :event"
    assert cast.count(published, event=cast.event_id) == 1


def test_what_is_typed_is_saved_before_a_drag_and_two_hosts_meet(site: Site, phone: Phones) -> None:
    cast = site.cast("floor-of-two-hosts", tables=3, invitations=1)
    one, other = phone(width=1280, height=900), phone(width=1280, height=900)
    add_host(site.app, "mina@example.org", superuser=True)
    one.sign_in(cast.host_email)
    other.sign_in("mina@example.org")
    tables = [row.id for row in cast.rows("SELECT id FROM tables WHERE event_id = :e ORDER BY id", e=cast.event_id)]
    one.open(f"/host/events/{cast.event_id}/room-plan?table={tables[0]}")
    other.open(f"/host/events/{cast.event_id}/room-plan?table={tables[1]}")
    other.page.get_by_label("A note that guests read").fill("beside the stage")
    one.page.get_by_label("A note that guests read").fill("by the window")
    one.page.locator(f"#table-{tables[0]}").focus()
    one.page.keyboard.press("ArrowDown")
    expect(one.page.get_by_text("Guests don’t see these changes yet.")).to_be_visible()
    expect(one.page.get_by_role("spinbutton", name="From the top")).to_have_value("105")
    expect(one.page.get_by_label("A note that guests read")).to_have_value("by the window")

    news = other.page.locator("#draft-news")
    expect(news).to_contain_text(re.compile("moved Table 1. .* changed Table 1."))
    expect(other.page.get_by_label("A note that guests read")).to_have_value("beside the stage")
    other.page.get_by_role("button", name="Save the table").click()
    expect(other.page.get_by_text("The room was changed meanwhile.")).to_be_visible()
    expect(other.page.locator("#refused")).to_be_focused()
    other.page.get_by_role("button", name="Save mine as well").click()
    expect(other.page.locator("#refused")).to_have_count(0)
    expect(other.page.get_by_label("A note that guests read")).to_have_value("beside the stage")
    stored = str(cast.rows("SELECT document FROM room_drafts WHERE event_id = :e", e=cast.event_id)[0].document)
    assert "by the window" in stored
    assert "beside the stage" in stored
