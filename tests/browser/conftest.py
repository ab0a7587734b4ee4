"""Real servers, a real browser, and phones that complain."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from portal.demo.rules.evening import HOST_PASSWORD
from tests.cast import Cast, make_cast
from tests.migrations.scratch import drop_database, new_database
from tests.races.conftest import open_venue
from tests.races.server import Server

if TYPE_CHECKING:
    from tests.browser.gallery import Gallery

PATIENCE = 60_000
"""Milliseconds after which something has not happened; on a busy machine a page may take its time."""

expect.set_options(timeout=PATIENCE)

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

WATCH_POLICY = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`CSP: ${violatedDirective} ${blockedURI}`));
"""


AT_REST = """
() => document.readyState === "complete" && document.fonts.status === "loaded"
  && !document.querySelector(".htmx-request, .htmx-swapping")
  && document.getAnimations().every((each) => each.playState === "finished")
"""
"""Every style, script and letter is here, nothing is on its way, nothing moves any more."""


@dataclass(frozen=True)
class Site:
    """A server over a database of its own."""

    app: Flask
    server: Server

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.server.port}"

    def cast(self, slug: str, **wishes: Any) -> Cast:
        """Another event beside those of the other tests."""
        return make_cast(self.app, slug=slug, **wishes)


@dataclass
class Phone:
    """A browser of one person, and what it had to complain about."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    bears: str = "responded with a status of 4"
    """What the console may say in red: for most phones, only that an answer was a refusal."""

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(f"{self.site.address}{path}")

    def sign_in(self, email: str, password: str = HOST_PASSWORD) -> None:
        """Open the host's desk."""
        self.open("/sign-in")
        self.page.locator("#email").fill(email)
        self.page.locator("#password").fill(password)
        self.page.locator(".sign-in button").click()
        self.page.wait_for_url("**/host**")

    def rest(self) -> None:
        """Wait until the page that was asked for is all there: a heading can be read before its styles have come.

        Whatever is looked at once — what it measures, what it looks like — is looked at afterwards; and keys are
        pressed afterwards where a script has to be there for them.
        """
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(AT_REST)

    def measure(self, script: str, *what: Any) -> Any:
        """What a script finds on the page at rest."""
        self.rest()
        return self.page.evaluate(script, *what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own browser."""
    path = os.environ.get("PLACECARD_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Callable[[str], Site]]:
    """A server for each engine, started when it is first needed."""
    found: dict[str, Site] = {}

    def site_on(engine: str) -> Site:
        if engine not in found:
            url = new_database(engine, tmp_path_factory.mktemp("site"), f"site_{worker_id}")
            stack.callback(drop_database, url)
            venue = stack.enter_context(open_venue(url, workers=1))
            found[engine] = Site(venue.app, venue.server)
        return found[engine]

    with ExitStack() as stack:
        yield site_on


@pytest.fixture
def site(sites: Callable[[str], Site]) -> Site:
    """The server over SQLite: looks do not depend on the engine."""
    return sites("sqlite")


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Callable[..., Phone]]:
    """Phones as they are needed; at the end none of them may have complained."""
    phones: list[Phone] = []

    def new_phone(
        *,
        width: int = 390,
        height: int = 844,
        javascript: bool = True,
        at: Site | None = None,
        bears: str = "responded with a status of 4",
        **options: Any,
    ) -> Phone:
        wishes: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": width, "height": height}, **options}
        context = chromium.new_context(java_script_enabled=javascript, **wishes)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH_POLICY)
        page = context.new_page()
        made = Phone(at or site, context, page, bears=bears)
        page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: _answer(made, dialog))
        page.on("console", lambda message: _complain(made, message.type, message.text))
        phones.append(made)
        return made

    yield new_phone
    for each in phones:
        each.context.close()
    assert [complaint for each in phones for complaint in each.complaints] == []


def _answer(phone: Phone, dialog: Dialog) -> None:
    phone.complaints.append(f"dialog: {dialog.message}")
    dialog.dismiss()


def _complain(phone: Phone, kind: str, words: str) -> None:
    """What the console says in red, but for what the test is about."""
    if kind == "error" and not re.search(phone.bears, words):
        phone.complaints.append(f"console: {words}")


@pytest.fixture(scope="session")
def gallery(sites: Callable[[str], Site]) -> Gallery:
    """Every state of every page, prepared once."""
    from tests.browser.gallery import Gallery

    return Gallery(sites("sqlite"))
