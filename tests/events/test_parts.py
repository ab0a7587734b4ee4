"""The overview and its parts: who may see them, what they cost, and how they travel."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.invitations.models import Rsvp
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, make_cast
from tests.events.evening import address, all_say, sit, tell
from tests.statements import statements

PARTS = ["tallies", "todo", "room", "meals", "feed", "parts"]
STATEMENTS = 13
"""Who, which event, people, invitations, days, room, kitchen, its tables, names, parts, allergies, log, no seat."""


def test_hostile_names_are_only_names(cast: Cast) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    cast.run("UPDATE invitations SET name = :name WHERE id = :id", name=nasty, id=cast.okafor.id)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 0, meal=nasty, dietary=nasty, note=nasty)
    browser = host_of(cast)
    for path in (address(cast), address(cast, "/invitations"), address(cast, "/feed")):
        page = browser.get(path)
        assert nasty in words_of(page.text)
        assert "<img" not in page.text


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_the_same_inside_the_page_and_alone(cast: Cast, name: str) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    browser = host_of(cast)
    alone = browser.part(address(cast, f"/{name}"))
    assert alone.status_code == 200
    assert "<!doctype" not in alone.text
    assert alone.text.strip() in browser.get(address(cast)).text
    assert f'hx-get="{address(cast, f"/{name}")}"' in alone.text
    assert browser.get(address(cast, f"/{name}")).text == alone.text, "one address, one representation"


def test_everything_is_kept_out_of_caches_and_under_the_policy(cast: Cast) -> None:
    browser = host_of(cast)
    paths = ["/host", address(cast), address(cast, "/invitations"), "/host/events/999", "/sign-in?next=/host"]
    anonymous = HostBrowser(cast.app)
    answers = [browser.get(path) for path in [*paths, *(address(cast, f"/{name}") for name in PARTS)]]
    answers += [anonymous.get("/sign-in"), anonymous.get("/host"), anonymous.sign_in("x@example.org", "y")]
    for answer in answers:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_another_organization_sees_nothing(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org", organization="Riverside Hall")
    other = HostBrowser(cast.app)
    other.sign_in("noor@example.org")
    assert "There are no events here yet" in words_of(other.get("/host").text)
    unknown = other.get("/host/events/999").text
    for rest in ["", "/invitations", *(f"/{name}" for name in PARTS)]:
        answer = other.get(address(cast, rest))
        assert answer.status_code == 404
        assert words_of(answer.text) == words_of(unknown)
    assert other.get("/host/events/99999999999999999999").status_code == 404


def test_superusers_see_every_organization(cast: Cast) -> None:
    add_host(cast.app, "root@example.org", superuser=True)
    root = HostBrowser(cast.app)
    root.sign_in("root@example.org")
    assert root.get(address(cast)).status_code == 200
    assert "Lantern Night" in words_of(root.get("/host").text)


@pytest.mark.parametrize("rest", ["", "/invitations", "/feed"])
def test_who_is_signed_out_is_asked_to_sign_in(cast: Cast, rest: str) -> None:
    anonymous = HostBrowser(cast.app)
    answer = anonymous.get(address(cast, rest))
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={address(cast, rest)}")
    refused = anonymous.part(address(cast, rest))
    assert (refused.status_code, refused.text) == (401, "")
    assert refused.headers["HX-Refresh"] == "true", "the page around it opens itself anew"


def test_looking_changes_nothing(cast: Cast) -> None:
    browser = host_of(cast)
    with statements(cast.app) as sent:
        for rest in ["", "/invitations", *(f"/{name}" for name in PARTS)]:
            browser.get(address(cast, rest))
    assert not [statement for statement in sent if not statement.startswith(("SELECT", "BEGIN"))]


def test_the_overview_takes_few_statements_however_many_guests(app: Flask) -> None:
    few = _statements_of_overview(make_cast(app, invitations=2, slug="few"))
    many = _statements_of_overview(make_cast(app, invitations=30, tables=30, slug="many"))
    assert few == many == STATEMENTS


def _statements_of_overview(cast: Cast) -> int:
    for family in cast.families[:5]:
        all_say(cast, family, Rsvp.ACCEPTED)
        tell(cast, family, 0, meal="Fish", dietary="no nuts", note="Hello")
    browser = host_of(cast)
    with statements(cast.app) as sent:
        assert browser.get(address(cast)).status_code == 200
    return sum(statement.startswith("SELECT") for statement in sent)
