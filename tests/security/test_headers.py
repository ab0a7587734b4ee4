"""What every answer to a guest carries, refusals included."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from portal import config, create_app
from portal.kit.schema import db
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database, settings_for
from tests.deeds import accept
from tests.guest_routes import GUEST_ROUTES
from tests.markup import elements

DIRECTIVES = {
    "default-src", "script-src", "style-src", "img-src", "font-src", "connect-src", "form-action", "base-uri",
    "frame-ancestors",
}  # fmt: skip


def check(answer: TestResponse) -> None:
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert set(policy) == DIRECTIVES
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy) and "*" not in str(policy) and "http" not in str(policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]
    for element in elements(answer.text) if answer.mimetype == "text/html" else []:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith(("on", "hx-on"))]
        assert "js:" not in element.attributes.get("hx-vals", "")
        assert "[" not in element.attributes.get("hx-trigger", ""), "a filter would need eval"


def test_every_answer_to_a_guest_is_protected(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    member, seen = cast.okafor.members[0], []
    for route in GUEST_ROUTES.values():
        for wrong in ({}, {"link": "/i/forged"}, {"member": 999_999}, {"seat": 999_999}):
            seen.append(route.ask(browser, cast, cast.okafor, **wrong))
        path = route.address(cast.okafor.path(), member)
        seen.append(browser.client.open(path, method=route.method, headers=browser.headers))
    for change in ("UPDATE events SET status = 'canceled'", "UPDATE invitations SET revoked_at = created_at"):
        cast.run(change)
        seen += [route.ask(browser, cast, cast.okafor) for route in GUEST_ROUTES.values()]
    assert {answer.status_code for answer in seen} >= {200, 400, 404, 409, 410}
    for answer in seen:
        check(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 200), ("POST", "/", 422), ("DELETE", "/", 405), ("GET", "/nowhere", 404), ("POST", "/language", 422)],
)
def test_pages_that_belong_to_nobody_are_protected(browser: Browser, method: str, path: str, status: int) -> None:
    answer = browser.post(path) if method == "POST" else browser.client.open(path, method=method)
    assert answer.status_code == status
    check(answer)


def test_over_https_every_cookie_is_secure(database: Database) -> None:
    environment = {"PUBLIC_URL": "https://party.example", "DATABASE_URL": database.url, "SECRET_KEY": "k" * 32}
    app = create_app({**settings_for(database.url), **config.from_environment(environment)})
    cast = make_cast(app)
    phone = app.test_client()
    page = phone.get(cast.okafor.path(), base_url="https://party.example")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    origin = {"Referer": "https://party.example/"}
    answers = [page]
    for path, fields in {
        cast.okafor.path("/rsvp"): {"status": "accepted"},
        "/language": {"language": "es"},
        cast.okafor.path("/undo"): {},
    }.items():
        sent = {"csrf_token": token, **fields}
        answers.append(phone.post(path, data=sent, base_url="https://party.example", headers=origin))
    assert [answer.status_code for answer in answers] == [200, 303, 303, 303]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-placecard", "language"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert all(answer.headers["Strict-Transport-Security"].startswith("max-age=31536000") for answer in answers)
    with app.app_context():
        db.engine.dispose()


def test_links_and_codes_carry_the_public_address(database: Database) -> None:
    environment = {"PUBLIC_URL": "https://party.example", "DATABASE_URL": database.url, "SECRET_KEY": "k" * 32}
    app = create_app({**settings_for(database.url), **config.from_environment(environment)})
    cast = make_cast(app)
    phone = app.test_client()
    page = phone.get(cast.okafor.path(), base_url="https://party.example").text
    assert "localhost" not in page and "127.0.0.1" not in page
    with app.app_context():
        db.engine.dispose()
