"""One effect for a form that was sent twice; only what succeeded is remembered."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import FileStorage

from portal.kit import operations
from portal.kit.operations import new_id
from portal.kit.schema import db
from tests.client import Browser
from tests.kit.lab import slugs


def remembered(app: Flask) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM operations")) or 0)


def standing(app: Flask) -> list[str]:
    with app.app_context():
        return slugs()


def test_the_same_form_again_changes_nothing_and_says_so(lab: Flask, phone: Browser) -> None:
    first = phone.post("/lab/found", slug="wharf-road", operation_id="once")
    second = phone.post("/lab/found", slug="wharf-road", operation_id="once")
    assert (first.status_code, first.text) == (200, "made")
    assert second.status_code == 200
    assert "That was done already." in second.text
    assert (standing(lab), remembered(lab)) == (["wharf-road"], 1)


def test_without_an_operation_id_the_constraint_answers(lab: Flask, phone: Browser) -> None:
    assert phone.post("/lab/found", slug="wharf-road").status_code == 200
    assert phone.post("/lab/found", slug="wharf-road").status_code == 409
    assert (standing(lab), remembered(lab)) == (["wharf-road"], 0)


def test_what_failed_is_not_remembered_and_may_be_tried_again(lab: Flask, phone: Browser) -> None:
    phone.post("/lab/found", slug="wharf-road")
    refused = phone.post("/lab/found-two", first="mill-lane", second="wharf-road", operation_id="again")
    assert (refused.status_code, remembered(lab)) == (409, 0)
    with lab.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM organizations"))
    tried = phone.post("/lab/found-two", first="mill-lane", second="wharf-road", operation_id="again")
    assert (tried.status_code, remembered(lab)) == (200, 1)
    assert standing(lab) == ["mill-lane", "wharf-road"]


@pytest.mark.parametrize(
    ("path", "slug"), [("/lab/found", "mill-lane"), ("/lab/elsewhere", "mill-lane")], ids=["other words", "other form"]
)
def test_another_wish_under_the_same_id_is_another_wish(lab: Flask, phone: Browser, path: str, slug: str) -> None:
    phone.post("/lab/found", slug="wharf-road", operation_id="once")
    assert phone.post(path, slug=slug, operation_id="once").text == "made"
    assert standing(lab) == ["wharf-road", slug]


def test_a_file_is_read_before_anybody_waits_for_it(
    lab: Flask, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest, writing = operations._digest, []

    def watched(file: FileStorage) -> str:
        writing.append(db.session.registry().in_transaction())
        return digest(file)

    monkeypatch.setattr(operations, "_digest", watched)
    for content, answer in ((b"one", 200), (b"one", 200), (b"two", 409)):
        sent = phone.post("/lab/found", slug="wharf-road", operation_id="once", file=(BytesIO(content), "list.csv"))
        assert sent.status_code == answer
    assert writing == [False] * 3


def test_two_phones_that_send_the_same_form_have_different_csrf_tokens_and_one_wish(lab: Flask) -> None:
    phones = [Browser(lab, htmx=False) for _ in range(2)]
    answers = [phone.post("/lab/found", slug="wharf-road", operation_id="once") for phone in phones]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "That was done already." in answers[1].text
    assert standing(lab) == ["wharf-road"]


def test_sent_eight_times_at_once_it_is_done_once(lab: Flask) -> None:
    """Without the key, seven of them would be told that the address is taken already."""
    phones = [Browser(lab, htmx=False) for _ in range(8)]
    tokens = [phone.csrf_token() for phone in phones]
    line = threading.Barrier(len(phones), timeout=20)
    answers: list[tuple[int, bool]] = []

    def send(phone: Browser, token: str) -> None:
        line.wait()
        fields = {"csrf_token": token, "slug": "wharf-road", "operation_id": "once"}
        answer = phone.client.post("/lab/found", data=fields)
        answers.append((answer.status_code, answer.text == "made"))

    threads = [threading.Thread(target=send, args=pair) for pair in zip(phones, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers) == [(200, False)] * 7 + [(200, True)]
    assert (standing(lab), remembered(lab)) == (["wharf-road"], 1)


def test_ids_are_never_the_same() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
