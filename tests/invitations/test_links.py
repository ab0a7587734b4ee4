"""The link itself: forged, withdrawn, of an event that is not there, and what every answer under it carries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.events.models import Status
from portal.invitations.queries import token_of
from portal.kit import tokens
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, everything, families_ask, refused
from tests.guest_routes import GUEST_ROUTES, MUTATIONS, PAGES
from tests.statements import statements

CODE_FORM = 'name="code"'


def forgeries(app: Flask, token: str, code: str) -> list[str]:
    """Links that are none: cut, lengthened, altered at the end, signed by or for somebody else."""
    with app.app_context():
        for_the_door = tokens.sign(code, "pass")
        app.config["SECRET_KEY"], kept = "another key, of another server", app.config["SECRET_KEY"]
        foreign = token_of(code)
        app.config["SECRET_KEY"] = kept
    signature = token.partition(".")[2]
    altered = [token[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    return [
        *(token[:length] for length in (1, 12, 13, 20, len(token) - 1)),
        *(letters for letters in altered if letters != token),
        f"{token}A", f"{token}=", f"{token}.", f" {token}", f"{token}%00", f"{token}%0A", f"A{token}",
        code, f"{code}.", f".{signature}", f"{code}.{signature}.{signature}", f"{'A' * 12}.{signature}",
        token.swapcase(), token[::-1], for_the_door, foreign, "%E2%82%AC", "x" * 3000, "..%2F..%2Fetc",
        "%FF%FE", "0", "null",
    ]  # fmt: skip


def test_a_forged_link_is_refused_without_a_question_to_the_database(cast: Cast, plain: Browser) -> None:
    for token in forgeries(cast.app, cast.okafor.token, cast.okafor.code):
        with statements(cast.app) as seen:
            answer = plain.get(f"/i/{token}")
        assert answer.status_code == 404, token
        assert CODE_FORM in answer.text
        assert seen == [], token


def test_no_route_opens_to_a_forged_link(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    before = everything(cast.app)
    for name, route in GUEST_ROUTES.items():
        browser.csrf_token()
        with statements(cast.app) as seen:
            answer = route.ask(browser, cast, cast.okafor, link=f"/i/{cast.okafor.token[:-1]}")
        assert (answer.status_code, seen) == (404, []), name
        assert CODE_FORM in answer.text
    assert everything(cast.app) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("status", Status.DRAFT), ("deleted_at", datetime(2026, 11, 1, tzinfo=UTC))],
    ids=["draft", "deleted"],
)
def test_an_event_that_guests_may_not_see_is_not_there(
    cast: Cast, browser: Browser, column: str, value: object
) -> None:
    accept(browser, cast.okafor)
    alter_event(cast, **{column: value})
    before = everything(cast.app)
    for name, route in GUEST_ROUTES.items():
        answer = route.ask(browser, cast, cast.okafor)
        assert answer.status_code == 404, name
        assert CODE_FORM in answer.text
        assert "Lantern Night" not in answer.text
    assert everything(cast.app) == before


def test_a_withdrawn_link_says_whom_to_ask(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.okafor.id)
    alter_event(cast, settings={"contact": "Sam (020 7946 0000)"})
    before = everything(cast.app)
    for name, route in GUEST_ROUTES.items():
        answer = route.ask(browser, cast, cast.okafor)
        text = refused(browser, answer, 410, root="notice") if name in MUTATIONS else answer.text
        assert answer.status_code == 410, name
        assert "This link is not in use any more" in text
        assert "Please ask Sam (020 7946 0000) for a new one." in text
        assert "Okafor" not in text
    assert everything(cast.app) == before
    assert browser.get(cast.brandt.path()).status_code == 200


def test_a_withdrawn_link_of_hosts_without_a_contact_still_says_whom_to_ask(cast: Cast, plain: Browser) -> None:
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.okafor.id)
    alter_event(cast, settings={})
    assert "Please ask the hosts for a new one." in plain.get(cast.okafor.path()).text


def test_a_member_of_somebody_else_is_not_there(cast: Cast, browser: Browser) -> None:
    elsewhere = make_cast(cast.app, slug="another-evening")
    for family in (cast.okafor, cast.brandt, elsewhere.okafor):
        accept(browser, family)
    before = everything(cast.app)
    strangers = (cast.brandt.members[0], elsewhere.okafor.members[0], 0, 999_999, 10**20, -1, "x", "%00")
    for name, route in GUEST_ROUTES.items():
        for stranger in strangers if "{member}" in route.path else ():
            answer = route.ask(browser, cast, cast.okafor, member=stranger)
            assert answer.status_code == 404, (name, stranger)
            assert CODE_FORM in answer.text
    assert everything(cast.app) == before


def test_nothing_changes_without_the_token_of_the_form(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    before = everything(cast.app)
    for route in MUTATIONS.values():
        for token in (None, "", "forged"):
            fields = route.body(cast.seat(1, 5)) | ({} if token is None else {"csrf_token": token})
            path = route.address(cast.okafor.path(), cast.okafor.members[0])
            answer = browser.client.post(path, data=fields, headers=browser.headers)
            assert "Nothing was changed." in refused(browser, answer, 400, root="notice")
    assert everything(cast.app) == before


def test_a_change_answers_htmx_and_forms_and_tells_caches_so(cast: Cast, browser: Browser) -> None:
    families_ask(cast)
    accept(browser, cast.brandt)
    for name, route in MUTATIONS.items():
        accept(browser, cast.okafor)
        answer = route.ask(browser, cast, cast.okafor)
        assert browser.saved(answer), name
        assert "HX-Request" in answer.headers["Vary"]
        assert "Cookie" in answer.headers["Vary"] or answer.status_code == 303, "added to, not replaced"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_change_with_the_token_in_the_header_is_as_good(cast: Cast, plain: Browser) -> None:
    families_ask(cast)
    accept(plain, cast.brandt)
    for name, route in MUTATIONS.items():
        accept(plain, cast.okafor)
        answer = plain.client.post(
            route.address(cast.okafor.path(), cast.okafor.members[0]),
            data=route.body(cast.seat(1, 5)),
            headers={"X-CSRFToken": plain.csrf_token()},
        )
        assert answer.status_code == 303, name


def test_an_address_that_is_read_answers_the_same_whoever_asks(cast: Cast, plain: Browser) -> None:
    """A page that the browser restores asks with the headers of htmx, too."""
    accept(plain, cast.okafor)
    for name, route in PAGES.items():
        path = route.address(cast.okafor.path(), cast.okafor.members[0])
        quick = {"HX-Request": "true", "HX-Target": "seating", "HX-Current-URL": "http://localhost/"}
        page, asked_by_htmx = plain.get(path), plain.get(path, headers=quick)
        head = plain.client.head(path)
        assert (page.status_code, asked_by_htmx.status_code, head.status_code) == (200, 200, 200)
        is_page = "<!doctype html>" in page.text[:200].lower()
        assert is_page is (name not in {"seating.seat_map", "invitations.calendar_file"}), name
        assert ("<!doctype html>" in asked_by_htmx.text[:200].lower()) is is_page
        assert head.data == b""
        assert head.headers["Content-Type"] == page.headers["Content-Type"]
        assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("rest", ["x", "/seats?table=1", "/members/999999", "/members/{member}/pass"])
def test_a_page_that_cannot_be_shown_is_still_a_page_to_a_browser_that_restores_it(cast: Cast, rest: str) -> None:
    cast.run("UPDATE invitations SET revoked_at = '2026-01-01 00:00:00+00' WHERE id = :id", id=cast.brandt.id)
    quick = {"HX-Request": "true"}
    for family in (cast.okafor, cast.brandt):
        path = family.path(rest.format(member=family.members[0]))
        page = Browser(cast.app, htmx=True).get(path, headers=quick)
        assert "<!doctype html>" in page.text[:200].lower(), (page.status_code, path)


def test_the_map_of_a_withdrawn_link_is_still_a_part(cast: Cast) -> None:
    cast.run("UPDATE invitations SET revoked_at = '2026-01-01 00:00:00+00' WHERE id = :id", id=cast.okafor.id)
    answer = Browser(cast.app, htmx=True).get(cast.okafor.path("/seats/map"), headers={"HX-Request": "true"})
    assert answer.status_code == 410
    assert "<!doctype html>" not in answer.text[:200].lower()
