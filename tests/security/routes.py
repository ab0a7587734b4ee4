"""Every route that is no guest's, with what a good request to it looks like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from tests.client import Browser


@dataclass(frozen=True)
class Route:
    """A route: ``{event}`` stands for an event."""

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)

    def ask(self, browser: Browser, event: object = "") -> TestResponse:
        """A good request."""
        path = self.path.format(event=event)
        return browser.get(path) if self.method == "GET" else browser.post(path, **self.form)

    def ask_without_token(self, browser: Browser, form: dict[str, Any] | None = None) -> TestResponse:
        """A good request but for the token."""
        return browser.client.open(self.path, method=self.method, data=form or self.form)


PUBLIC = {
    "invitations.front": Route("GET", "/"),
    "invitations.enter_code": Route("POST", "/", {"code": "ZZZZ-ZZZZ-ZZZZ"}),
    "invitations.choose_page_language": Route("POST", "/language", {"language": "es"}),
    "accounts.sign_in": Route("GET", "/sign-in"),
    "accounts.enter": Route("POST", "/sign-in", {"email": "nobody@example.org", "password": "x"}),
    "accounts.sign_out": Route("POST", "/sign-out"),
    "static": Route("GET", "/static/vendor/htmx-4.0.1.min.js"),
}
"""Anybody may ask."""

DESK = {"events.index": Route("GET", "/host")}
"""Whoever is signed in sees their own."""

EVENTS = {
    "events.overview": Route("GET", "/host/events/{event}"),
    "events.tallies": Route("GET", "/host/events/{event}/tallies"),
    "events.todo": Route("GET", "/host/events/{event}/todo"),
    "events.room": Route("GET", "/host/events/{event}/room"),
    "events.meals": Route("GET", "/host/events/{event}/meals"),
    "events.feed": Route("GET", "/host/events/{event}/feed"),
    "events.invitations": Route("GET", "/host/events/{event}/invitations"),
}
"""Only hosts of the event's organization, and superusers."""

EVENT_STREAMS = {"events.stream": Route("GET", "/host/events/{event}/live")}
"""The same, for answers that go on; where nobody listens, as in most tests, they are refused with 503."""
