"""The code on the card: typed in every way, wrong, and tried too often."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from portal.kit.tokens import spaced
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import everything

WRONG = "That code does not open anything"
CODE = "0123456789AB"
IN_ANOTHER_PROCESS = """
import sys
from portal import create_app
from tests.client import Browser
from tests.conftest import settings_for
phone = Browser(create_app({**settings_for(sys.argv[1]), "RATELIMIT_ENABLED": True}), htmx=False)
print([phone.post("/", code="WRONG-WRONG").status_code for _ in range(int(sys.argv[2]))])
"""


TYPED = [
    CODE, "0123-4567-89AB", "0123 4567 89ab", "o123-4567-89AB", "OI23-4567-89ab", "Ol23456789AB", " 0123-4567-89AB\n",
    "0123–4567–89AB", "0.1.2.3.4.5.6.7.8.9.A.B",
]  # fmt: skip
MISTYPED = [
    "", "x", "0123456789A", "0123456789ABC", "ZZZZ-ZZZZ-ZZZZ", "0123-4567-89A!", "' OR 1=1 --", "\x00" * 12,
    "１２３４５６７８９０１２", "A" * 500,
]  # fmt: skip


def test_the_code_is_read_in_every_way_it_can_be_typed(cast: Cast, browser: Browser) -> None:
    cast.run("UPDATE invitations SET code = :code WHERE id = :id", code=CODE, id=cast.okafor.id)
    for typed in TYPED:
        answer = browser.post("/", code=typed)
        assert answer.status_code == 303, typed
        assert "Okafor family" in browser.get(answer.location).text


def test_every_wrong_code_gets_one_answer(cast: Cast, plain: Browser) -> None:
    for typed in MISTYPED:
        answer = plain.post("/", code=typed)
        assert answer.status_code == 422, typed
        assert WRONG in answer.text
        assert answer.text.count("autofocus") == 1, "the notice takes the focus"


def test_a_code_that_is_none_and_one_that_nobody_has_look_alike(cast: Cast, plain: Browser) -> None:
    token = plain.csrf_token()
    texts = []
    for typed in ("ZZZZ-ZZZZ-ZZZZ", "ZZZZ-ZZZZ-ZZZ!"):
        answer = plain.client.post("/", data={"csrf_token": token, "code": typed})
        texts.append(answer.text.replace(typed.replace("!", "Z"), "…").replace(typed, "…"))
    assert texts[0].replace(token, "") == texts[1].replace(token, "")


def test_the_code_of_an_event_that_guests_may_not_see_is_wrong(cast: Cast, plain: Browser) -> None:
    assert plain.post("/", code=spaced(cast.okafor.code)).status_code == 303
    cast.run("UPDATE events SET status = 'draft'")
    assert plain.post("/", code=spaced(cast.okafor.code)).status_code == 422


def test_ten_wrong_codes_a_minute_are_enough(strict: Flask) -> None:
    phone = Browser(strict, htmx=False)
    assert [phone.post("/", code="WRONG").status_code for _ in range(10)] == [422] * 10
    refused = phone.post("/", code="WRONG")
    assert refused.status_code == 429
    assert "There were many tries in a short time." in refused.text


def test_right_codes_do_not_count_and_cannot_be_tried_behind_a_full_limit(strict: Flask) -> None:
    family = make_cast(strict).okafor
    phone = Browser(strict, htmx=False)
    assert [phone.post("/", code=family.code).status_code for _ in range(15)] == [303] * 15
    assert [phone.post("/", code="WRONG").status_code for _ in range(10)] == [422] * 10
    assert phone.post("/", code=family.code).status_code == 429, "or the limit would only hide which code was right"
    assert phone.get(family.path()).status_code == 200, "whoever has the link is not locked out"


def test_two_processes_count_as_one(strict: Flask, database: Database) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, database.url, "7"],
        cwd=Path(__file__).parents[2], env=os.environ, capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip
    assert tried.stdout.strip() == str([422] * 7)
    phone = Browser(strict, htmx=False)
    assert [phone.post("/", code="WRONG").status_code for _ in range(4)] == [422] * 3 + [429]


def test_a_wrong_code_leaves_nothing_but_the_count(strict: Flask) -> None:
    cast = make_cast(strict)
    before = everything(strict)
    Browser(strict, htmx=False).post("/", code="WRONG")
    after = everything(strict)
    assert len(after.pop("rate_counters")) == 3, "the minute and the hour of this address, the hour of everybody"
    before.pop("rate_counters")
    assert after == before
    assert cast.okafor.code
