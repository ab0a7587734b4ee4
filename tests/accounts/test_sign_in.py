"""Signing in: right, wrong, unknown, too often, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from portal import create_app
from portal.accounts.models import User
from portal.accounts.rules import SESSION_LASTS, TRIES_PER_ACCOUNT, safe_path
from portal.kit import clock
from portal.kit.schema import db
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, make_cast
from tests.conftest import Database, settings_for
from tests.events.evening import alter

WRONG = "This e-mail and password do not go together. Check both and try again."
TRIES = int(TRIES_PER_ACCOUNT.partition("/")[0])

HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    " //evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/ok\r\nLocation: https://evil.example/",
    "/..//evil.example/",
    "https:///evil.example",
    "/\u2215/evil.example",
    "/" + "a" * 3000,
]
"""Ways to talk a browser into another host, and an address that is too long to be one of ours."""


def test_whoever_waits_for_a_password_to_be_checked_holds_no_connection(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, verify = [], PasswordHasher.verify

    def watched(*args: Any) -> bool:
        pool: Any = db.engine.pool
        held.append(pool.checkedout())
        return verify(*args)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 303
    assert held == [0], "or a dozen who sign in at once keep everybody waiting"


def test_the_form_lets_a_host_in_and_shows_their_events(cast: Cast) -> None:
    browser = HostBrowser(cast.app)
    assert browser.get("/host").location == "/sign-in?next=/host"
    answer = browser.sign_in(cast.host_email)
    assert (answer.status_code, answer.location) == (303, "/host")
    page = browser.get("/host")
    assert page.status_code == 200
    assert "Signed in as Sam Host" in words_of(page.text)
    sessions = cast.rows("SELECT token_hash, address, user_id FROM user_sessions")
    assert len(sessions) == 1
    with browser.client.session_transaction() as session:
        assert session["_user_id"] not in sessions[0].token_hash, "the database holds a hash, the cookie the token"


def test_the_address_is_the_same_in_capitals_and_with_blanks(cast: Cast) -> None:
    assert HostBrowser(cast.app).sign_in(f"  {cast.host_email.upper()} ").status_code == 303


def test_wrong_and_unknown_get_the_same_words(cast: Cast) -> None:
    answers = []
    for email, password in [(cast.host_email, "wrong"), ("nobody@example.org", "wrong")]:
        answer = HostBrowser(cast.app).sign_in(email, password)
        assert answer.status_code == 422
        assert WRONG in words_of(answer.text)
        assert f'value="{email}"' in answer.text, "the e-mail is kept"
        assert 'wrong"' not in answer.text.replace('id="wrong"', "").replace('by="wrong"', ""), "the password is not"
        answers.append(words_of(answer.text))
    assert answers[0] == answers[1]
    assert cast.count("SELECT count(*) FROM user_sessions") == 0


def test_an_unknown_address_costs_as_much_as_a_wrong_password(cast: Cast) -> None:
    cast.app.extensions.pop("password_decoys", None)
    HostBrowser(cast.app).sign_in("nobody@example.org", "wrong")
    assert cast.app.extensions["password_decoys"], "a hash was verified although nobody has one"


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("host", ""), ("", "x"), ("\x00", "x"), ("a\x00@example.org", "x"), ("a" * 400, "x"), ("x", "b" * 5000)],
)
def test_what_cannot_be_right_gets_the_same_answer(cast: Cast, email: str, password: str) -> None:
    answer = HostBrowser(cast.app).sign_in(email, password)
    assert answer.status_code == 422
    assert WRONG in words_of(answer.text)


def test_an_account_without_password_or_gone_lets_nobody_in(cast: Cast) -> None:
    add_host(cast.app, "google@example.org", organization="Riverside Hall", password=None)
    assert HostBrowser(cast.app).sign_in("google@example.org", "").status_code == 422
    assert HostBrowser(cast.app).sign_in("google@example.org", "nobody has this password").status_code == 422
    _delete_host(cast)
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 422


def test_without_a_csrf_token_nobody_is_signed_in_or_out(cast: Cast) -> None:
    browser = host_of(cast)
    assert browser.client.post("/sign-out").status_code == 400
    assert browser.get("/host").status_code == 200
    fields = {"email": cast.host_email, "password": cast.host_password}
    assert cast.app.test_client().post("/sign-in", data=fields).status_code == 400


def test_signing_in_begins_a_session_of_its_own(cast: Cast) -> None:
    browser = HostBrowser(cast.app)
    planted = browser.csrf_token()
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    browser.post("/sign-in", email=cast.host_email, password=cast.host_password, csrf_token=planted)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
    assert browser.client.post("/sign-out", data={"csrf_token": planted}).status_code == 400


def test_after_sign_out_the_old_cookie_is_worth_nothing(cast: Cast) -> None:
    browser = host_of(cast)
    stolen = browser.client.get_cookie("placecard")
    assert stolen is not None
    thief = cast.app.test_client()
    thief.set_cookie("placecard", stolen.value)
    assert thief.get("/host").status_code == 200
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert cast.count("SELECT count(*) FROM user_sessions") == 0
    assert thief.get("/host").status_code == 303
    assert browser.get("/host").status_code == 303
    assert browser.post("/sign-out").status_code == 303, "signing out twice is fine"


def test_signing_in_again_ends_the_session_before(cast: Cast) -> None:
    browser = host_of(cast)
    assert browser.sign_in(cast.host_email).status_code == 303
    assert cast.count("SELECT count(*) FROM user_sessions") == 1
    assert browser.get("/sign-in?next=/host/events/1").location == "/host/events/1"


def test_a_session_ends_with_its_user_and_with_its_time(cast: Cast) -> None:
    browser = host_of(cast)
    with time_machine.travel(clock.now() + SESSION_LASTS, tick=False):
        assert browser.get("/host").status_code == 303
    browser = host_of(cast)
    _delete_host(cast)
    assert browser.get("/host").status_code == 303


def test_the_last_use_is_noted_every_five_minutes_and_only_while_reading(cast: Cast) -> None:
    browser = host_of(cast)
    seen = "SELECT last_seen_at FROM user_sessions"
    first = cast.rows(seen)
    browser.get("/host")
    assert cast.rows(seen) == first
    token = browser.csrf_token()
    with time_machine.travel(clock.now().timestamp() + 301):
        assert browser.client.post("/host", data={"csrf_token": token}).status_code == 405
        assert cast.rows(seen) == first, "a change notes nothing: its operation id is its own"
        browser.get("/host")
        assert cast.rows(seen) != first


@pytest.mark.parametrize("path", ["/host/events/1", "/host/events/1/invitations?show=notes&q=Jos%C3%A9"])
def test_one_comes_back_to_where_one_was_going(cast: Cast, path: str) -> None:
    browser = HostBrowser(cast.app)
    form = browser.get(browser.get(path).location)
    assert form.status_code == 200
    assert f'name="next" value="{path.replace("&", "&amp;")}"' in form.text
    assert browser.sign_in(cast.host_email, next=path).location == path


@pytest.mark.parametrize("wished", HOSTILE)
def test_nobody_is_sent_to_another_host(cast: Cast, wished: str) -> None:
    browser = HostBrowser(cast.app)
    form = browser.get("/sign-in", query_string={"next": wished})
    assert 'name="next" value=""' in form.text
    wrong = browser.sign_in(cast.host_email, "wrong", next=wished)
    assert 'name="next" value=""' in wrong.text
    answer = browser.sign_in(cast.host_email, next=wished)
    assert answer.location == "/host"
    assert browser.get("/sign-in", query_string={"next": wished}).location == "/host", "signed in already"


@pytest.mark.parametrize("path", ["/", "/host", "/host/events/1?show=all&q=a//b", "/i/abc.def_-~!"])
def test_a_path_of_this_host_is_kept(path: str) -> None:
    assert safe_path(path, otherwise="/host") == path
    assert urlsplit(urljoin("https://placecard.example/sign-in", path)).netloc == "placecard.example"


@pytest.fixture
def limited(database: Database) -> Iterator[Flask]:
    """The application with its limits on."""
    app = create_app({**settings_for(database.url), "RATELIMIT_ENABLED": True})
    yield app
    with app.app_context():
        db.engine.dispose()


def test_an_account_can_be_tried_only_so_often(limited: Flask) -> None:
    cast = make_cast(limited)
    add_host(limited, "noor@example.org", organization="Riverside Hall")
    for number in range(TRIES):
        answer = _try(limited, cast.host_email, f"guess {number}", address=f"192.0.2.{number + 1}")
        assert answer == 422
    assert _try(limited, cast.host_email, cast.host_password, address="192.0.2.99") == 429
    assert _try(limited, cast.host_email.upper(), cast.host_password, address="192.0.2.99") == 429
    assert _try(limited, "noor@example.org", cast.host_password, address="192.0.2.99") == 303, "others are let in"


def test_an_address_can_try_only_so_often(limited: Flask) -> None:
    cast = make_cast(limited)
    statuses = [_try(limited, f"guess{number}@example.org", "x", address="192.0.2.7") for number in range(31)]
    assert statuses == [422] * 30 + [429]
    assert _try(limited, cast.host_email, cast.host_password, address="192.0.2.7") == 429
    assert _try(limited, cast.host_email, cast.host_password, address="192.0.2.8") == 303


def test_signing_in_does_not_count(limited: Flask) -> None:
    cast = make_cast(limited)
    statuses = {_try(limited, cast.host_email, cast.host_password, address="192.0.2.7") for _ in range(TRIES + 2)}
    assert statuses == {303}
    kept = cast.rows("SELECT key FROM rate_counters")
    assert not [row for row in kept if "@" in row.key], "no address stands in the counters"


def _delete_host(cast: Cast) -> None:
    alter(
        cast,
        User,
        cast.count("SELECT id FROM users WHERE email = :email", email=cast.host_email),
        deleted_at=clock.now(),
    )


def _try(app: Flask, email: str, password: str, *, address: str) -> int:
    browser = HostBrowser(app)
    fields = {"csrf_token": browser.csrf_token(), "email": email, "password": password}
    return browser.client.post("/sign-in", data=fields, environ_base={"REMOTE_ADDR": address}).status_code


def test_the_host_switches_the_language_and_stays_on_the_page(cast: Cast) -> None:
    host = host_of(cast)
    answer = host.post("/language", language="es", next=f"/host/events/{cast.event_id}")
    assert (answer.status_code, answer.location) == (303, f"/host/events/{cast.event_id}")
    assert "Cerrar sesión" in host.get(answer.location).text
    assert host.post("/language", language="es", next="//elsewhere.example").location == "/"
