"""Making an account: the address first, then who it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.accounts.rules import LINK_LASTS
from portal.kit import clock
from tests.accounts.hosts import HostBrowser, add_host, words_of
from tests.cast import Cast
from tests.mailbox import mailbox

NEW = "ngozi@example.org"
ACCOUNT = {"name": "Ngozi Okafor", "organization": "Harbour Club", "password": "lanterns on the water"}


def link_for(cast: Cast, email: str) -> str:
    with mailbox(cast.app) as box:
        answer = HostBrowser(cast.app).post("/sign-up", email=email)
        assert (answer.status_code, answer.location) == (303, "/sign-up/sent")
        return box.link(email)


def test_from_an_address_to_an_account_with_an_organization(cast: Cast) -> None:
    link = link_for(cast, NEW)
    browser = HostBrowser(cast.app)
    page = browser.get(link)
    assert page.status_code == 200
    assert "Your address ngozi@example.org is confirmed." in words_of(page.text)
    answer = browser.post(link, **ACCOUNT)
    assert (answer.status_code, answer.location) == (303, "/host")
    assert browser.get("/host").status_code == 200
    [row] = cast.rows(
        "SELECT u.name, u.email, o.name AS organization, o.slug, m.role, p.display_name FROM users u"
        " JOIN memberships m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id"
        " JOIN member_profiles p ON p.user_id = u.id WHERE u.email = 'ngozi@example.org'"
    )
    assert tuple(row) == ("Ngozi Okafor", NEW, "Harbour Club", "harbour-club", "admin", "Ngozi Okafor")
    verbs = "SELECT verb FROM activity WHERE event_id IS NULL ORDER BY id DESC LIMIT 2"
    assert [row.verb for row in cast.rows(verbs)] == ["membership.created", "organization.founded"]
    assert HostBrowser(cast.app).sign_in(NEW, ACCOUNT["password"]).status_code == 303


def test_a_form_sent_twice_makes_one_account_and_lets_one_in(cast: Cast) -> None:
    """A browser's own form carries an operation id: the account is made and the session begun under one."""
    link, browser = link_for(cast, NEW), HostBrowser(cast.app)
    form = {**ACCOUNT, "operation_id": "once", "csrf_token": browser.csrf_token()}
    assert browser.client.post(link, data=form).location == "/host"
    assert browser.get("/host").status_code == 200
    other = HostBrowser(cast.app)
    assert other.client.post(link, data={**form, "csrf_token": other.csrf_token()}).location == "/sign-in"
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 1
    kept = cast.rows("SELECT scope FROM operations WHERE operation_id = 'once'")
    assert len(kept) == 1


def test_opening_the_link_changes_nothing_however_often(cast: Cast) -> None:
    link = link_for(cast, NEW)
    for _ in range(3):
        assert HostBrowser(cast.app).get(link).status_code == 200
        assert HostBrowser(cast.app).client.head(link).status_code == 200
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 0


def test_an_organization_of_the_same_name_is_another_one(cast: Cast) -> None:
    """Signing up grants no part in anybody else's."""
    add_host(cast.app, "first@example.org", organization="Harbour Club")
    assert HostBrowser(cast.app).post(link_for(cast, NEW), **ACCOUNT).status_code == 303
    slugs = cast.rows("SELECT slug FROM organizations WHERE name = 'Harbour Club' ORDER BY id")
    assert [row.slug for row in slugs] == ["harbour-club", "harbour-club-2"]
    members = "SELECT count(*) FROM memberships m JOIN organizations o ON o.id = m.organization_id WHERE o.slug = "
    assert cast.count(f"{members}'harbour-club'") == 1


def test_whoever_has_an_account_is_told_by_mail_and_nobody_by_the_page(cast: Cast) -> None:
    with mailbox(cast.app) as box:
        browser = HostBrowser(cast.app)
        known, unknown = (browser.post("/sign-up", email=email) for email in (cast.host_email, NEW))
        assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
        assert box.last(cast.host_email)["Subject"] == "You already have a Placecard account"
        assert box.link(cast.host_email) == "/sign-in"
        assert box.last(NEW)["Subject"] == "Your Placecard account"


def test_the_second_who_uses_a_link_is_shown_the_way_in_and_loses_nothing(cast: Cast) -> None:
    link = link_for(cast, NEW)
    assert HostBrowser(cast.app).post(link, **ACCOUNT).status_code == 303
    answer = HostBrowser(cast.app).post(link, **{**ACCOUNT, "organization": "Depot"})
    assert answer.status_code == 409
    assert "There is already an account with this e-mail address." in words_of(answer.text)
    assert 'value="Depot"' in answer.text
    assert "/sign-in" in answer.text
    assert cast.count("SELECT count(*) FROM organizations WHERE name = 'Depot'") == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "too short"}, "Please choose a password of 12 letters or more."),
        ({"name": " "}, "Please give your name."),
        ({"organization": ""}, "Please say what your organization is called."),
        ({"name": "x" * 300}, "That is a little long."),
        ({"password": "x" * 2000}, "Please choose a password of 12 letters or more."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(cast: Cast, changed: dict[str, str], sentence: str) -> None:
    link = link_for(cast, NEW)
    answer = HostBrowser(cast.app).post(link, **{**ACCOUNT, **changed})
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    kept = [value for name, value in ACCOUNT.items() if name not in {*changed, "password"}]
    assert all(f'value="{value}"' in answer.text for value in kept)
    assert ACCOUNT["password"] not in answer.text
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 0


def test_a_link_that_ran_out_or_was_altered_offers_a_new_one(cast: Cast) -> None:
    link = link_for(cast, NEW)
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), link.replace("/sign-up/", "/forgotten/")):
        assert HostBrowser(cast.app).get(wrong).status_code == 410
    with time_machine.travel(clock.now() + LINK_LASTS + timedelta(seconds=1)):
        page = HostBrowser(cast.app).get(link)
        assert page.status_code == 410
        assert "This link is no longer good" in words_of(page.text)
        assert HostBrowser(cast.app).post(link, **ACCOUNT).status_code == 410
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 0


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a@example.org\r\nBcc: b@example.org", "a" * 400 + "@example.org"]
)
def test_what_is_no_address_is_asked_for_again(cast: Cast, email: str) -> None:
    with mailbox(cast.app) as box:
        answer = HostBrowser(cast.app).post("/sign-up", email=email)
        assert answer.status_code == 422
        assert "That does not look like an e-mail address." in words_of(answer.text)
        assert box.mails == []


def test_without_a_mail_server_the_page_says_where_the_link_is(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    browser = HostBrowser(cast.app)
    assert browser.post("/sign-up", email=NEW).status_code == 303
    assert "This server sends no mail yet" in words_of(browser.get("/sign-up/sent").text)
    assert "/sign-up/" in capsys.readouterr().err
    with mailbox(cast.app):
        assert "This server sends no mail yet" not in words_of(browser.get("/sign-up/sent").text)


def test_five_mails_an_hour_are_enough_for_one_mailbox(strict: Flask) -> None:
    asked = [HostBrowser(strict).post("/sign-up", email=email) for email in [NEW] * 6 + ["other@example.org"]]
    assert [answer.status_code for answer in asked] == [303] * 5 + [429, 303]
    assert "Wait a minute and try again." in words_of(asked[5].text)


def test_a_server_may_be_closed_to_new_organizations(cast: Cast) -> None:
    link = link_for(cast, NEW)
    cast.app.config["SIGN_UP"] = False
    try:
        browser = HostBrowser(cast.app)
        assert "Make an account" not in browser.get("/sign-in").text
        assert [browser.get(path).status_code for path in ("/sign-up", link)] == [404, 404]
        assert browser.post(link, **ACCOUNT).status_code == 404
        assert browser.post("/sign-up", email=NEW).status_code == 404
        assert browser.sign_in(cast.host_email).status_code == 303
    finally:
        cast.app.config["SIGN_UP"] = True
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 0
