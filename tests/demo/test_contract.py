from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal.kit.schema import db
from tests.client import Browser


def ask(app: Flask, *arguments: str) -> dict[str, Any]:
    result = run(app, "--json", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *arguments])


def count(app: Flask, statement: str) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def test_the_answer_has_exactly_what_was_agreed(app: Flask) -> None:
    answer = ask(app, "--invitations", "2", "--members", "3", "--tables", "2", "--seats", "10", "--hold", "90")
    assert list(answer) == ["event", "host", "invitations", "seats"]
    assert answer["event"] == {"id": answer["event"]["id"], "slug": "demo-2x3-2x10-90"}
    assert list(answer["host"]) == ["email", "password", "url"]
    assert answer["host"]["url"] == f"http://127.0.0.1:8000/host/events/{answer['event']['id']}"
    first = answer["invitations"][0]
    assert list(first) == ["token", "code", "url", "members"]
    assert first["url"] == f"http://127.0.0.1:8000/i/{first['token']}"
    assert [member["name"] for member in first["members"]] == ["Ngozi Okafor", "Daniel Okafor", "Ada Okafor"]
    assert [len(invitation["members"]) for invitation in answer["invitations"]] == [3, 3]
    assert [(seat["table"], seat["label"]) for seat in answer["seats"]] == [
        (table, str(seat)) for table in ("1", "2") for seat in range(1, 11)
    ]
    assert set(answer["seats"][0]) == {"id", "label", "table", "category"}
    assert count(app, "SELECT hold_seconds FROM events") == 90


def test_equal_arguments_answer_with_the_event_as_it_stands(app: Flask, plain: Browser) -> None:
    before = ask(app, "--invitations", "2")
    token, member = before["invitations"][0]["token"], before["invitations"][0]["members"][0]["id"]
    assert plain.post(f"/i/{token}/members/{member}/rsvp", status="accepted").status_code == 303
    assert ask(app, "--invitations", "2") == before
    assert count(app, "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted'") == 1
    assert count(app, "SELECT count(*) FROM events") == 1


@pytest.mark.parametrize(
    ("arguments", "slug"),
    [
        (["--invitations", "3"], "demo-3x4-6x10-0"),
        (["--hold", "1"], "demo-10x4-6x10-1"),
        (["--slug", "mine"], "mine"),
    ],
)
def test_other_arguments_make_another_event(app: Flask, arguments: list[str], slug: str) -> None:
    first, second = ask(app), ask(app, *arguments)
    assert second["event"]["slug"] == slug
    assert first["event"]["id"] != second["event"]["id"]
    assert not {i["code"] for i in first["invitations"]} & {i["code"] for i in second["invitations"]}
    assert first["host"]["email"] != second["host"]["email"]


def test_one_slug_with_other_numbers_is_another_event(app: Flask) -> None:
    first = ask(app, "--slug", "mine", "--members", "1")
    second = ask(app, "--slug", "mine", "--members", "2")
    assert (first["event"]["slug"], second["event"]["slug"]) == ("mine", "mine-10x2-6x10-0")
    assert ask(app, "--slug", "mine", "--members", "1") == first
    assert ask(app, "--slug", "mine", "--members", "2") == second


@pytest.mark.parametrize("seats", [1, 2, 5, 9, 10, 11, 100])
def test_four_of_five_seats_are_for_everybody(app: Flask, seats: int) -> None:
    answer = ask(app, "--tables", "2", "--seats", str(seats), "--invitations", "1")
    categories = Counter(seat["category"] for seat in answer["seats"])
    assert categories.total() == 2 * seats
    assert categories["regular"] >= 0.8 * categories.total()


def test_nobody_has_answered_and_every_seat_is_free_and_may_be_taken(app: Flask, plain: Browser) -> None:
    answer = ask(app, "--invitations", "1", "--members", "1")
    assert count(app, "SELECT count(*) FROM invitation_guests WHERE rsvp <> 'pending'") == 0
    assert count(app, "SELECT count(*) FROM seat_claims") == 0
    family = answer["invitations"][0]
    member = f"/i/{family['token']}/members/{family['members'][0]['id']}"
    seat = next(seat for seat in answer["seats"] if seat["category"] == "regular")
    assert plain.post(f"{member}/rsvp", status="accepted").status_code == 303
    assert plain.post(f"{member}/seat", seat_id=str(seat["id"])).status_code == 303
    assert count(app, f"SELECT count(*) FROM seat_claims WHERE seat_id = {seat['id']} AND state = 'taken'") == 1


def test_the_host_is_an_ordinary_organizer_and_sees_the_overview_at_once(app: Flask, plain: Browser) -> None:
    host = ask(app)["host"]
    assert plain.post("/sign-in", email=host["email"], password=host["password"]).status_code == 303
    overview = plain.get(host["url"].removeprefix("http://127.0.0.1:8000"))
    assert overview.status_code == 200
    assert "Lantern Night" in overview.text
    assert count(app, "SELECT count(*) FROM users WHERE is_superuser") == 0
    assert count(app, "SELECT count(*) FROM memberships WHERE role = 'organizer'") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--json", "--members", "0"], "Invalid value for '--members': 0 is not in the range 1<=x<=50."),
        (["--json", "--seats", "ten"], "Invalid value for '--seats': 'ten' is not a valid integer range."),
        (["--json", "--hold", "-1"], "Invalid value for '--hold': -1 is not in the range 0<=x<=86400."),
        (["--json", "--slug", "a b"], "Invalid value for '--slug': up to 56 letters, digits and dashes."),
        (["--tables", "3"], "--tables goes with --json; the sample event is as it is."),
    ],
)
def test_strange_arguments_are_refused(app: Flask, arguments: list[str], sentence: str) -> None:
    refused = run(app, *arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.endswith(f"Error: {sentence}\n")
    assert count(app, "SELECT count(*) FROM events") == 0
