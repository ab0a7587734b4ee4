"""A phone: it keeps cookies, knows the CSRF token, and looks twice at every page it gets."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.pages import check_page


class Browser:
    """The test client as a person's browser, with or without htmx."""

    def __init__(self, app: Flask, *, htmx: bool) -> None:
        self.app = app
        self.htmx = htmx
        self.client = app.test_client()
        self._token: tuple[str, str] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends along with a change."""
        return {"HX-Request": "true"} if self.htmx else {}

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page; every whole page is checked for what must hold of all pages."""
        response = self.client.get(path, **options)
        if response.mimetype == "text/html" and b"<!doctype html>" in response.data[:200].lower():
            check_page(response.text)
        return response

    def post(self, path: str, /, **fields: Any) -> TestResponse:
        """Send a form with a good CSRF token."""
        response = self.client.post(path, data={"csrf_token": self.csrf_token(), **fields}, headers=self.headers)
        if response.mimetype == "text/html" and b"<!doctype html>" in response.data[:200].lower():
            check_page(response.text)
        return response

    def saved(self, response: TestResponse) -> bool:
        """Whether a change succeeded, in this browser's way."""
        return response.status_code == (200 if self.htmx else 303)

    def csrf_token(self) -> str:
        """The token of this browser's session, as the code form shows it; it is asked for once a session."""
        if self._token is None or self._token[0] != self._session():
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/").text)
            assert found, "the front page has a form"
            self._token = (self._session(), found[1])
        return self._token[1]

    def _session(self) -> str:
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""
