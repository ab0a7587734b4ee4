"""What a host does with households in tests, through the forms of their pages."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.accounts.hosts import HostBrowser
from tests.cast import Cast, Family
from tests.events.evening import address
from tests.markup import find, forms


def household(cast: Cast, family: Family, rest: str = "") -> str:
    """Where a host sees a household."""
    return address(cast, f"/invitations/{family.id}{rest}")


def person(cast: Cast, family: Family, number: int, rest: str = "") -> str:
    """Where a host sees a member."""
    return household(cast, family, f"/members/{family.members[number]}{rest}")


def fill_in(browser: HostBrowser, path: str, *, sent_to: str = "", **typed: Any) -> TestResponse:
    """Open a page, type into the form that goes to ``sent_to`` (or to the page itself), and send it."""
    page = browser.get(path)
    assert page.status_code == 200, page.text[:400]
    return send(browser, page.text, sent_to or path, **typed)


def send(browser: HostBrowser, html: str, sent_to: str, **typed: Any) -> TestResponse:
    """Send the form of a page as it stands, but for what is typed; ``None`` leaves a field out."""
    form = next(form for form in forms(html) if form.action == sent_to)
    fields = {**form.sent_by(), **{name: value for name, value in typed.items() if value is not None}}
    for name, value in typed.items():
        if value is None:
            fields.pop(name, None)
    return browser.post(sent_to, **fields)


def told(html: str) -> str:
    """What the panel of a refusal says."""
    found = find(html, "conflict")
    return " ".join(found.text.split()) if found else ""


def members(cast: Cast, invitation_id: int) -> list[str]:
    """Who is on an invitation, in order."""
    rows = cast.rows(
        "SELECT g.name FROM invitation_guests m JOIN guests g ON g.id = m.guest_id"
        " WHERE m.invitation_id = :id ORDER BY m.position, m.id",
        id=invitation_id,
    )
    return [row[0] for row in rows]


def log(cast: Cast, verb: str) -> list[Any]:
    """The entries of a verb: actor, subject and detail."""
    found = cast.rows("SELECT actor, subject, detail FROM activity WHERE verb = :verb ORDER BY id", verb=verb)
    return list(found)
