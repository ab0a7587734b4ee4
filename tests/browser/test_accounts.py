"""From nothing to an account on a phone, and what one sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.kit import clock, tokens
from tests.accounts.provider import running_provider
from tests.browser.conftest import Phone, Site
from tests.browser.test_households import check
from tests.races.conftest import open_venue

Phones = Callable[..., Phone]


def link_of_the_mail(site: Site, email: str) -> str:
    """What the mail to this address holds; that it arrives is proven in ``tests/accounts``."""
    with site.app.app_context():
        return "/sign-up/" + tokens.seal({"email": email}, "sign-up", until=clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_from_an_address_to_an_account_and_out_again(site: Site, phone: Phones, javascript: bool) -> None:
    email, here = f"accounts-{javascript}@example.org", phone(width=320 if javascript else 390, javascript=javascript)
    page = here.page
    looked_at = check if javascript else lambda _phone: None
    here.open("/sign-in")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail").fill(email)
    looked_at(here)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    looked_at(here)

    here.open(link_of_the_mail(site, email))
    page.get_by_label("Your name").fill("Ngozi Okafor")
    page.get_by_label("Organization").fill(f"Harbour Club {javascript}")
    page.get_by_label("New password").fill("lanterns on the water")
    looked_at(here)
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/host")
    page.get_by_role("link", name="Your account").first.click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    looked_at(here)

    panel = page.locator("section", has=page.get_by_role("heading", name="Password", exact=True))
    panel.get_by_label("Present password").fill("not this one, I think")
    panel.get_by_label("New password").fill("boats under the moon")
    panel.get_by_role("button", name="Change my password").click()
    expect(page.get_by_text("That is not your present password.")).to_be_visible()
    looked_at(here)
    panel.get_by_label("Present password").fill("lanterns on the water")
    panel.get_by_label("New password").fill("boats under the moon")
    panel.get_by_role("button", name="Change my password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/sign-in")
    here.sign_in(email, "boats under the moon")


def test_the_account_speaks_spanish_in_the_dark(site: Site, phone: Phones) -> None:
    cast, here = site.cast("accounts-spanish"), phone(color_scheme="dark", locale="es-MX")
    for path in ("/sign-up", "/forgotten", "/sign-up/sent"):
        here.open(path)
        check(here)
    here.sign_in(cast.host_email)
    here.open("/host/account")
    expect(here.page.get_by_role("heading", name="Dónde tienes la sesión abierta")).to_be_visible()
    check(here)


def test_a_real_browser_goes_to_the_provider_and_comes_back(phone: Phones, tmp_path: Path) -> None:
    """The policy of our pages has a say in where a browser may be sent, which no client of a test hears."""
    with running_provider() as provider:
        provider.knows("ngozi", email="ngozi@example.org", email_verified=True, name="Ngozi Okafor")
        known = provider.settings()["PROVIDERS"]["openid"]
        settings = {f"OIDC_{name.upper()}": value for name, value in known.items()}
        address = {"PUBLIC_URL": "http://127.0.0.1:{port}"}
        with open_venue(f"sqlite:///{tmp_path}/site.sqlite", workers=1, **settings, **address) as venue:
            here = phone(at=Site(venue.app, venue.server), bears="net::ERR_FAILED")
            here.context.route(
                lambda url: "127.0.0.1" not in url, lambda route: route.abort()
            )  # its page is dressed up
            page = here.page
            here.open("/sign-in")
            check(here)
            page.get_by_role("link", name="Sign in with Harbour ID").click()
            page.locator("input[name=sub]").fill("ngozi")
            page.locator("button").first.click()
            expect(page.get_by_text("Harbour ID says that you are ngozi@example.org.")).to_be_visible()
            check(here)
            page.get_by_label("Organization").fill("Harbour Club")
            page.get_by_role("button", name="Make my account").click()
            page.wait_for_url("**/host")
