"""Somebody with an account, and the browser in which they sign in."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.actions import add_user
from portal.demo.rules.evening import HOST_PASSWORD
from portal.kit import clock
from portal.kit.passwords import hash_password
from portal.organizations.actions import add_membership, found_organization
from portal.organizations.models import Role
from tests.cast import Cast
from tests.client import Browser


class HostBrowser(Browser):
    """A browser on a host's desk."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, htmx=False)

    def sign_in(self, email: str, password: str = HOST_PASSWORD, **fields: Any) -> TestResponse:
        """Send the sign-in form as it is filled in."""
        return self.post("/sign-in", email=email, password=password, **fields)

    def part(self, path: str) -> TestResponse:
        """Ask for a part of a page, as htmx does."""
        return self.client.get(path, headers={"HX-Request": "true"})


def host_of(cast: Cast) -> HostBrowser:
    """The host of the cast's event, signed in."""
    browser = HostBrowser(cast.app)
    assert browser.sign_in(cast.host_email).status_code == 303
    return browser


def add_host(
    app: Flask,
    email: str,
    *,
    organization: str | None = None,
    password: str | None = HOST_PASSWORD,
    superuser: bool = False,
) -> int:
    """An account, with an organization of its own if that has a name; returns the user's id."""
    with app.app_context():
        password_hash = hash_password(password) if password else None
        user_id = add_user(email=email, name="Noor Haddad", password_hash=password_hash, is_superuser=superuser)
        if organization is not None:
            organization_id = found_organization(name=organization, actor="system", now=clock.now())
            add_membership(
                user_id=user_id, organization_id=organization_id, role=Role.ADMIN, actor="system", now=clock.now()
            )
    return user_id


def words_of(html: str) -> str:
    """What a page says, without its markup, blanks made one."""
    shown = re.sub(r"<(script|style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", shown)
    for entity, letter in (("&amp;", "&"), ("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(entity, letter)
    return " ".join(text.split())
