"""Every refusal is spoken once: as a fragment, as a page, as problem+json."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.kit import tokens
from portal.kit.schema import db
from tests.client import Browser
from tests.conftest import Database
from tests.kit.lab import laboratory

REFUSAL = "Ada cannot come on Mondays."


@pytest.fixture
def quick(lab: Flask) -> Browser:
    """A browser with JavaScript in the laboratory."""
    return Browser(lab, htmx=True)


def is_page(answer: TestResponse) -> bool:
    return "<!doctype html>" in answer.text[:200].lower()


def test_a_rule_is_spoken_as_a_page_to_a_form_and_as_a_fragment_to_htmx(phone: Browser, quick: Browser) -> None:
    for browser in (phone, quick):
        answer = browser.post("/lab/rule")
        assert answer.status_code == 409
        assert REFUSAL in answer.text
        assert is_page(answer) is not browser.htmx
        assert "HX-Request" in answer.headers["Vary"]


def test_a_rule_is_spoken_as_problem_json_to_a_program(phone: Browser) -> None:
    for accept in ("application/problem+json", "application/json"):
        answer = phone.client.post("/lab/rule", data={"csrf_token": phone.csrf_token()}, headers={"Accept": accept})
        assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
        assert answer.json == {
            "type": "about:blank",
            "title": REFUSAL,
            "detail": REFUSAL,
            "status": 409,
            "constraint": "not_on_mondays",
        }


def test_a_constraint_is_spoken_in_the_language_of_the_browser(phone: Browser) -> None:
    fields = {"csrf_token": phone.csrf_token(), "slug": "wharf-road"}
    spoken = {
        language: [phone.client.post("/lab/found", data=fields, headers={"Accept-Language": language}) for _ in "12"][1]
        for language in ("en", "es")
    }
    assert "That address is already used by another organization. Choose another one." in spoken["en"].text
    assert "Esa dirección ya la usa otra organización. Elige otra." in spoken["es"].text


def test_a_constraint_without_a_sentence_is_a_bug_on_our_side(
    capsys: pytest.CaptureFixture[str], phone: Browser
) -> None:
    answer = phone.post("/lab/unspoken")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "nobody_spoke_of_this" not in answer.text
    logged = capsys.readouterr().err
    assert '"constraint": "nobody_spoke_of_this"' in logged
    assert '"level": "error"' in logged


def test_a_bug_says_nothing_of_itself(phone: Browser) -> None:
    answer = phone.post("/lab/bug")
    assert answer.status_code == 500
    assert is_page(answer)
    assert "What you entered before is safe." in answer.text
    assert "secret words" not in answer.text
    assert "Traceback" not in answer.text


def test_a_busy_database_asks_to_come_back(phone: Browser, quick: Browser) -> None:
    for browser in (phone, quick):
        answer = browser.post("/lab/busy")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "nothing was changed" in answer.text


@pytest.mark.parametrize("path", ["/i/{token}", "/i/{token}/seats", "/host"])
def test_a_database_that_is_gone_is_busy_and_no_bug(bare: Flask, path: str) -> None:
    """Nobody listens on port 1; the same answer stands while PostgreSQL is started again."""
    app = laboratory("postgresql://postgres@127.0.0.1:1/placecard")
    client = app.test_client()
    with app.app_context():
        token = tokens.sign("7K2MQX4P9RTA", "invitation")
    with client.session_transaction() as session:
        session["_user_id"] = "somebody who was signed in"
    answer = client.get(path.format(token=token))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Please try again." in answer.text
    assert "127.0.0.1:1" not in answer.text


def test_a_database_that_goes_while_a_refusal_is_told_is_busy_and_no_bug() -> None:
    browser = Browser(laboratory("postgresql://postgres@127.0.0.1:1/placecard"), htmx=False)
    answer = browser.post("/lab/quarrel")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_what_is_gone_when_a_refusal_is_told_is_not_found_and_no_bug(phone: Browser) -> None:
    answer = phone.post("/lab/gone")
    assert answer.status_code == 404
    assert is_page(answer)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_goes_after_the_last_question_changes_no_answer(phone: Browser) -> None:
    for _ in range(2):
        answer = phone.client.get("/lab/cut-off")
        assert (answer.status_code, answer.text) == (200, "answered")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_change_whose_connection_was_lost_is_asked_for_again_and_not_called_undone(phone: Browser) -> None:
    answer = phone.post("/lab/lost")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "cannot tell whether that was saved" in answer.text
    assert "nothing was changed" not in answer.text


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_when_every_connection_is_in_use_the_next_one_is_asked_to_come_back(database: Database) -> None:
    options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.05}
    app = laboratory(database.url, SQLALCHEMY_ENGINE_OPTIONS=options)
    with app.app_context():
        engine, token = db.engine, tokens.sign("7K2MQX4P9RTA", "invitation")
    with engine.connect():
        answer = app.test_client().get(f"/i/{token}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert app.test_client().get(f"/i/{token}").status_code == 404, "and there it is again"
    engine.dispose()


def test_what_else_the_database_says_is_a_bug(phone: Browser) -> None:
    answer = phone.post("/lab/no-such-table")
    assert answer.status_code == 500
    assert "no_such_table" not in answer.text


def test_a_form_without_its_token_changes_nothing(phone: Browser) -> None:
    for token in ("", "forged", None):
        fields = {"slug": "wharf-road"} | ({} if token is None else {"csrf_token": token})
        answer = phone.client.post("/lab/found", data=fields)
        assert answer.status_code == 400
        assert "This page has been open for a while" in answer.text
    assert phone.post("/lab/found", slug="wharf-road").status_code == 200, "nothing had been made"


def test_what_is_not_there_offers_the_code_form(phone: Browser) -> None:
    answer = phone.get("/nowhere")
    assert answer.status_code == 404
    assert "We can’t find that page" in answer.text
    assert 'name="code"' in answer.text


def test_a_page_that_is_only_read_says_which_methods_it_knows(phone: Browser) -> None:
    answer = phone.post("/lab/status/404")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("status", [400, 401, 404, 410, 413, 418, 422, 429, 500, 503])
def test_every_status_has_a_page_with_a_title_and_a_way_on(phone: Browser, status: int) -> None:
    answer = phone.get(f"/lab/status/{status}")
    assert answer.status_code == status
    assert is_page(answer)
