"""S9: signing in with an account elsewhere, and every way in which nobody is signed in."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask

from portal.accounts.rules import GO_ON_WITHIN
from portal.kit import clock
from tests.accounts.hosts import HostBrowser, add_host, words_of
from tests.accounts.provider import Provider, running_provider
from tests.cast import Cast
from tests.mailbox import mailbox

NEW = "ngozi@example.org"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        provider.knows("sub-new", email=NEW, email_verified=True, name="Ngozi Okafor")
        provider.knows("sub-unsure", email=NEW, email_verified=False, name="Ngozi Okafor")
        provider.knows("sub-silent")
        yield provider


@pytest.fixture
def app(cast: Cast, provider: Provider) -> Iterator[Flask]:
    kept = cast.app.config["PROVIDERS"]
    cast.app.config.update(provider.settings())
    yield cast.app
    cast.app.config["PROVIDERS"] = kept
    cast.app.extensions.pop("providers", None)


def test_the_way_there_carries_state_nonce_and_a_proof_that_only_this_browser_has(app: Flask) -> None:
    """RFC 7636: the provider is told the hash, and hears the secret from our server alone."""
    browser = HostBrowser(app)
    asked = parse_qs(urlsplit(browser.get("/sign-in/with/openid").location).query)
    with browser.client.session_transaction() as session:
        kept = session[f"_state_openid_{asked['state'][0]}"]["data"]
    challenge = urlsafe_b64encode(sha256(kept["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert (asked["code_challenge_method"], asked["code_challenge"]) == (["S256"], [challenge])
    assert asked["nonce"] == [kept["nonce"]]
    assert asked["redirect_uri"][0].endswith("/sign-in/with/openid/back")


def go(browser: HostBrowser, provider: Provider, subject: str) -> str:
    """Begin here, sign in there; returns where the provider sends the browser back."""
    answer = browser.get("/sign-in/with/openid")
    assert answer.status_code == 302
    return provider.lets_in(answer.location, subject)


def signed_in(cast: Cast) -> int:
    return cast.count("SELECT count(*) FROM user_sessions")


def test_somebody_new_makes_an_account_without_a_password(app: Flask, cast: Cast, provider: Provider) -> None:
    browser = HostBrowser(app)
    assert "Sign in with Harbour ID" in words_of(browser.get("/sign-in").text)
    back = browser.get(go(browser, provider, "sub-new"))
    assert (back.status_code, back.location) == (303, "/sign-in/with/openid/go-on")
    assert signed_in(cast) == 0, "looking signs nobody in"
    page = browser.get(back.location)
    assert "Harbour ID says that you are ngozi@example.org." in words_of(page.text)
    assert 'value="Ngozi Okafor"' in page.text
    assert browser.post(back.location, name="Ngozi Okafor", organization="").status_code == 422
    answer = browser.post(back.location, name="Ngozi Okafor", organization="Harbour Club")
    assert (answer.status_code, answer.location) == (303, "/host")
    [row] = cast.rows(f"SELECT provider, provider_id, password_hash FROM users WHERE email = '{NEW}'")
    assert tuple(row) == (provider.issuer, "sub-new", None)
    again = HostBrowser(app)
    page = again.get(again.get(go(again, provider, "sub-new")).location)
    assert "Go on as Ngozi Okafor" in words_of(page.text)
    assert again.post("/sign-in/with/openid/go-on").location == "/host"
    assert again.get("/host").status_code == 200
    assert cast.count("SELECT count(*) FROM organizations WHERE name = 'Harbour Club'") == 1


def test_a_confirmed_address_finds_its_account_and_its_owner_is_told(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    add_host(app, NEW, organization="Harbour Club")
    browser = HostBrowser(app)
    browser.get(go(browser, provider, "sub-new"))
    with mailbox(app) as box:
        assert browser.post("/sign-in/with/openid/go-on").location == "/host"
        assert box.last(NEW)["Subject"] == "A new way to sign in"
        assert "your account at Harbour ID" in box.words(NEW)
    [row] = cast.rows(f"SELECT provider_id FROM users WHERE email = '{NEW}'")
    assert row.provider_id == "sub-new"
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'provider.linked'") == 1


def test_the_key_is_issuer_and_subject_not_the_address(app: Flask, cast: Cast, provider: Provider) -> None:
    """Somebody who gets an address that another had is not that other."""
    test_somebody_new_makes_an_account_without_a_password(app, cast, provider)
    provider.knows("sub-next", email=NEW, email_verified=True, name="Somebody Else")
    browser = HostBrowser(app)
    browser.get(go(browser, provider, "sub-next"))
    before = signed_in(cast)
    answer = browser.post("/sign-in/with/openid/go-on")
    assert answer.status_code == 409
    assert "Your account here signs in with another account elsewhere." in words_of(answer.text)
    assert (signed_in(cast), browser.get("/host").status_code) == (before, 303)


@pytest.mark.parametrize("subject", ["sub-unsure", "sub-silent"])
def test_an_address_that_is_not_confirmed_links_nothing(
    app: Flask, cast: Cast, provider: Provider, subject: str
) -> None:
    add_host(app, NEW, organization="Harbour Club")
    browser = HostBrowser(app)
    answer = browser.get(go(browser, provider, subject))
    assert answer.status_code == 422
    assert "This address is not confirmed there" in words_of(answer.text)
    assert browser.post("/sign-in/with/openid/go-on").location == "/sign-in"
    assert signed_in(cast) == 0
    assert cast.count("SELECT count(*) FROM users WHERE provider IS NOT NULL") == 0


def test_a_server_that_is_closed_to_new_organizations_knows_whom_it_has(
    app: Flask, cast: Cast, provider: Provider
) -> None:
    app.config["SIGN_UP"] = False
    try:
        browser = HostBrowser(app)
        answer = browser.get(go(browser, provider, "sub-new"))
        assert answer.status_code == 422
        assert "You have no account here yet" in words_of(answer.text)
        add_host(app, NEW, organization="Harbour Club")
        assert browser.get(go(browser, provider, "sub-new")).status_code == 303
        assert browser.post("/sign-in/with/openid/go-on").location == "/host"
    finally:
        app.config["SIGN_UP"] = True
    assert cast.count("SELECT count(*) FROM users WHERE email = 'ngozi@example.org'") == 1


def test_whoever_sits_there_later_does_not_go_on_as_somebody_else(app: Flask, cast: Cast, provider: Provider) -> None:
    browser = HostBrowser(app)
    assert browser.get(go(browser, provider, "sub-new")).status_code == 303
    with time_machine.travel(clock.now() + GO_ON_WITHIN + timedelta(seconds=1)):
        assert browser.get("/sign-in/with/openid/go-on").location == "/sign-in"
        late = browser.post("/sign-in/with/openid/go-on", name="Ngozi Okafor", organization="Harbour Club")
        assert late.location == "/sign-in"
    assert signed_in(cast) == 0


def test_a_stolen_or_repeated_way_back_lets_nobody_in(app: Flask, cast: Cast, provider: Provider) -> None:
    browser, thief = HostBrowser(app), HostBrowser(app)
    path = go(browser, provider, "sub-new")
    refused = thief.get(path)
    assert refused.status_code == 422
    assert "Harbour ID did not tell us who you are." in words_of(refused.text)
    assert browser.get(path).status_code == 303
    assert browser.get(path).status_code == 422, "once"
    other = go(browser, provider, "sub-new")
    assert browser.get(other.replace("state=", "state=x")).status_code == 422
    assert browser.get("/sign-in/with/openid/back").status_code == 422
    assert browser.get("/sign-in/with/openid/back?error=access_denied&state=x").status_code == 422
    assert signed_in(cast) == 0


def wrong_nonce(browser: HostBrowser, _app: Flask) -> None:
    with browser.client.session_transaction() as session:
        (key,) = (name for name in session if name.startswith("_state_openid_"))
        session[key]["data"]["nonce"] = "another"
        session.modified = True


def wrong_audience(_browser: HostBrowser, app: Flask) -> None:
    client: Any = app.extensions["providers"]["openid"]
    parse = client.parse_id_token

    def as_somebody_else(token: Any, **options: Any) -> Any:
        client.client_id = "somebody else"
        return parse(token, **options)

    client.parse_id_token = as_somebody_else


def wrong_issuer(_browser: HostBrowser, app: Flask) -> None:
    app.extensions["providers"]["openid"].server_metadata["issuer"] = "https://evil.example"


@pytest.mark.parametrize("tamper", [wrong_nonce, wrong_audience, wrong_issuer])
def test_what_was_made_for_somebody_else_lets_nobody_in(
    app: Flask, cast: Cast, provider: Provider, tamper: Any
) -> None:
    browser = HostBrowser(app)
    path = go(browser, provider, "sub-new")
    tamper(browser, app)
    assert browser.get(path).status_code == 422
    assert browser.post("/sign-in/with/openid/go-on").location == "/sign-in"
    assert signed_in(cast) == 0


def test_a_provider_that_is_down_or_unknown_leaves_the_password(app: Flask, cast: Cast) -> None:
    app.config["PROVIDERS"] = {
        "openid": {"issuer": "http://127.0.0.1:9", "name": "Gone", "client_id": "x", "client_secret": "y"}
    }
    answer = HostBrowser(app).get("/sign-in/with/openid")
    assert answer.status_code == 422
    assert "Gone did not tell us who you are. Please try again, or sign in with your password." in words_of(answer.text)
    assert HostBrowser(app).get("/sign-in/with/google").status_code == 404
    assert HostBrowser(app).sign_in(cast.host_email).status_code == 303
