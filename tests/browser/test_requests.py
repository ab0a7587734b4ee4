"""Two families on two phones: one asks by name, the other says yes, and both sit beside each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Site
from tests.deeds import everybody_comes, plan

Phones = Callable[..., Phone]


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "plain"])
def test_two_families_agree_to_sit_near_each_other(site: Site, phone: Phones, javascript: bool) -> None:
    cast = site.cast(f"near-{'quick' if javascript else 'plain'}")
    everybody_comes(cast)
    ngozi, lena = phone(javascript=javascript), phone(javascript=javascript)
    ngozi.open(cast.okafor.path())
    ngozi.page.get_by_role("link", name="Sit near another family").click()
    ngozi.page.get_by_label("Who would you like to sit near?").fill("ngozi brandt")
    ngozi.page.get_by_role("button", name="Ask to sit near them").click()
    asked = ngozi.page.locator("#requests")
    expect(asked).to_contain_text("You asked to sit near “ngozi brandt”")
    if javascript:
        expect(ngozi.page.locator("#requests-title")).to_be_focused()

    lena.open(cast.brandt.path())
    expect(lena.page.locator("#requests")).to_contain_text("would like to sit near you")
    lena.page.get_by_role("button", name="Yes, let’s").click()
    expect(lena.page.locator("#requests")).to_contain_text("You now sit here: Table")
    lena.page.get_by_role("link", name="See your seats").click()
    expect(lena.page.locator(".ring .mine")).to_have_count(4)
    ngozi.page.reload()
    expect(asked).to_contain_text("“ngozi brandt”: they agreed")
    places = plan(cast)
    assert len(places) == 8
    assert len({place.split("-")[0] for place in places.values()}) == 1, "all of them at one table"
