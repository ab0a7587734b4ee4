"""What a guest's phone has to load, and how often a page asks the database."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from flask import Flask

from portal.invitations.queries import find_invitation, viewer_of
from portal.kit import clock
from portal.seating.actions.together import seat_together
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import accept, everybody_comes, take
from tests.markup import elements
from tests.statements import statements

KB = 1024
PAGE, STYLES, SCRIPTS, FONT, FRAGMENT = 12 * KB, 8 * KB, 22 * KB, 24 * KB, 3 * KB
COLD, WARM = 75 * KB, 10 * KB


def squeezed(text: str) -> int:
    """Bytes of a page as a proxy sends it."""
    return len(gzip.compress(text.encode(), 6))


def kinds_of(browser: Browser, page: str) -> dict[str, int]:
    """Bytes of everything else that a page needs, as it is served, by kind of file."""
    needed = {
        element.attributes.get("src") or element.attributes["href"]
        for element in elements(page)
        if element.tag == "script" or (element.tag == "link" and element.attributes.get("rel") != "canonical")
    }
    found: dict[str, int] = {}
    for path in needed:
        answer = browser.client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"], f"{path} is loaded once"
        kind = path.rpartition(".")[2]
        found[kind] = found.get(kind, 0) + len(answer.data)
        answer.close()
    return found


@pytest.fixture
def room(app: Flask) -> Cast:
    """Thirty families at twelve tables of ten; a third of the room is taken."""
    cast = make_cast(app, invitations=30, tables=12)
    everybody_comes(cast)
    with app.app_context():
        for family in cast.families[10:20]:
            here = viewer_of(find_invitation(family.code), family.code, clock.now())[0]
            seat_together(here, table_slug=None, now=clock.now())
    return cast


def pages(cast: Cast, browser: Browser) -> dict[str, str]:
    """The pages on which a family spends its time."""
    family, pending = cast.okafor, make_cast(cast.app, slug="another-evening").okafor
    paths = {
        "invitation of four": pending.path(),
        "four who come": family.path(),
        "details": family.path(f"/members/{family.members[0]}"),
        "cards of 12 × 10": family.path("/seats"),
        "floor plan": family.path("/seats?view=plan"),
        "passes": family.path("/pass"),
        "one table": family.path("/seats?table=12"),
        "the front": "/",
        "not found": "/nowhere",
    }
    return {name: browser.get(path).text for name, path in paths.items()}


def test_a_page_is_light_and_needs_little_else(room: Cast, plain: Browser) -> None:
    for name, page in pages(room, plain).items():
        kinds, html = kinds_of(plain, page), squeezed(page)
        assert html <= PAGE, (name, html)
        assert html <= WARM, (name, html)
        assert kinds["css"] <= STYLES, (name, kinds)
        assert kinds["js"] <= SCRIPTS, (name, kinds)
        assert kinds["woff2"] <= FONT, (name, kinds)
        assert html + sum(kinds.values()) <= COLD, (name, html, kinds)
        assert "<img" not in page, "no picture is needed"


def test_all_styles_of_a_guest_together_are_light(room: Cast, plain: Browser) -> None:
    sheets = {
        element.attributes["href"]
        for page in pages(room, plain).values()
        for element in elements(page)
        if element.attributes.get("rel") == "stylesheet"
    }
    assert len(sheets) == 4
    together = 0
    for path in sheets:
        with plain.client.get(path, headers={"Accept-Encoding": "br"}) as answer:
            together += len(answer.data)
    assert together <= STYLES, together


def test_a_fragment_is_lighter_still(room: Cast, htmx: Browser) -> None:
    family = make_cast(room.app, slug="another-evening").okafor
    answered = htmx.post(family.path("/rsvp"), status="accepted")
    own = room.okafor
    conflict = take(htmx, own, 0, room.seat(1, 5))
    assert (answered.status_code, conflict.status_code) == (200, 409)
    fragments = {
        "answered": answered.text,
        "conflict": conflict.text,
        "map of one table": htmx.get(own.path("/seats/map?table=12")).text,
        "taken": take(htmx, own, 0, room.seat(12, 8)).text,
        "map of the room": htmx.get(own.path("/seats/map")).text,
    }
    sizes = {name: squeezed(text) for name, text in fragments.items()}
    assert max(sizes.values()) <= FRAGMENT, sizes


def asked(app: Flask, browser: Browser, path: str) -> int:
    """How many statements a page needs."""
    with statements(app) as seen:
        assert browser.get(path).status_code == 200
    return len([statement for statement in seen if statement != "BEGIN"])


UNANSWERED = 2
"""Statements of the page before anybody comes: there is nothing to choose yet."""


def test_whoever_has_not_answered_is_shown_in_two_statements(cast: Cast, plain: Browser) -> None:
    assert asked(cast.app, plain, cast.okafor.path()) == UNANSWERED


def test_many_answer_in_as_many_statements_as_few(app: Flask) -> None:
    """Each of these families answers for the first time, and then takes its answer back and gives it again."""
    families = [make_cast(app, slug=f"party-of-{members}", members=members).okafor for members in (2, 12)]
    counts = []
    for family in families:
        browser = Browser(app, htmx=True)
        browser.csrf_token()
        with statements(app) as seen:
            for status in ("accepted", "declined", "accepted"):
                assert browser.saved(browser.post(family.path("/rsvp"), status=status))
        counts.append(len([statement for statement in seen if statement != "BEGIN"]))
    assert counts[0] == counts[1], counts


NEEDED = {
    "": 5,
    "/members/{member}": 4,
    "/pass": 2,
    "/members/{member}/pass": 2,
    "/calendar.ics": 2,
    "/requests": 3,
    "/seats": 4,
    "/seats/map": 3,
    "/seats?view=plan": 4,
    "/seats?table=1": 4,
}
"""Statements by page: whose link it is, who is on it, and then what the page shows."""


def test_a_page_asks_as_often_for_many_as_for_few(app: Flask, plain: Browser) -> None:
    sizes: list[dict[str, Any]] = [
        {"invitations": 1, "members": 1, "tables": 1, "seats": 4},
        {"invitations": 20, "members": 12, "tables": 30, "seats": 12},
    ]
    for size in sizes:
        cast = make_cast(app, slug=f"party-of-{size['members']}", **size)
        family = cast.okafor
        accept(plain, family)
        counts = {path: asked(app, plain, family.path(path.format(member=family.members[0]))) for path in NEEDED}
        assert counts == NEEDED
