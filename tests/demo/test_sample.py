from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal import create_app
from portal.demo.rules.people import DIETARY
from portal.kit.schema import db
from tests.client import Browser
from tests.conftest import settings_for


def load(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["demo"])


def rows(app: Flask, statement: str) -> list[tuple[object, ...]]:
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def link(result: Result) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/i/\S+)", result.stdout)
    assert found, result.stdout
    return found[1]


def test_it_says_how_to_get_in(app: Flask, plain: Browser) -> None:
    said = load(app)
    assert (said.exit_code, said.stderr) == (0, "")
    assert "As a guest: The Okafor family\n" in said.stdout
    assert "█▀▀▀" in said.stdout or "█ ▄▄▄▄▄ █" in said.stdout
    page = plain.get(link(said))
    assert page.status_code == 200
    assert all(name in page.text for name in ("Ngozi", "Daniel", "Ada", "Tobi"))

    address, email, password = re.findall(r"(?:8000(/host/\S+)|e-mail +(\S+)|password +(.+))", said.stdout)
    assert plain.get(address[0]).status_code == 303
    assert plain.post("/sign-in", email=email[1], password=password[2]).status_code == 303
    overview = plain.get(address[0])
    assert overview.status_code == 200
    assert "92" in overview.text


def test_the_room_is_as_it_was_drawn_and_everybody_went_through_the_actions(app: Flask) -> None:
    load(app)
    answers = rows(app, "SELECT rsvp, count(*) FROM invitation_guests GROUP BY rsvp ORDER BY rsvp")
    assert answers == [("accepted", 92), ("declined", 10), ("pending", 35)]
    claims = "SELECT t.name, count(c.id) FROM tables t LEFT JOIN seat_claims c ON c.table_id = t.id GROUP BY t.name"
    taken = {row[0]: row[1] for row in rows(app, claims)}
    assert taken == {
        "1": 6,
        "2": 8,
        "3": 10,
        "4": 9,
        "5": 7,
        "6": 10,
        "7": 3,
        "8": 10,
        "9": 4,
        "10": 10,
        "11": 5,
        "12": 6,
    }
    verbs = Counter(str(row[0]) for row in rows(app, "SELECT verb FROM activity"))
    assert verbs["invitation.created"] == 60
    assert verbs["invitation.answered"] == 39
    assert verbs["seat.taken"] == 32
    assert rows(app, "SELECT count(*) FROM invitation_guests WHERE plus_one_of IS NOT NULL") == [(4,)]
    assert rows(app, "SELECT count(*) FROM event_sessions") == [(2,)]
    assert rows(app, "SELECT count(*) FROM invitation_guests WHERE dietary <> ''") == [(len(DIETARY),)]
    assert rows(app, "SELECT note FROM invitation_guests m JOIN guests g ON g.id = m.guest_id"
                     " WHERE g.name = 'Akosua Boateng'") == [("Can we bring a highchair?",)]  # fmt: skip


def test_loaded_again_it_loses_nothing(app: Flask, plain: Browser) -> None:
    first = load(app)
    assert plain.post(f"{link(first)}/rsvp", status="accepted").status_code == 303
    before = rows(app, "SELECT id, code FROM invitations ORDER BY id")
    second = load(app)
    assert second.stdout == first.stdout
    assert rows(app, "SELECT id, code FROM invitations ORDER BY id") == before
    assert rows(app, "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted'") == [(96,)]


def test_a_plain_event_of_the_same_slug_does_not_stand_in_its_way(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["demo", "--json", "--slug", "lantern-night"])
    assert "As a guest: The Okafor family\n" in load(app).stdout
    assert rows(app, "SELECT slug FROM events ORDER BY id") == [("lantern-night",), ("lantern-night-sample",)]


def test_an_event_of_its_own_is_never_touched(app: Flask) -> None:
    for slug in ("lantern-night", "lantern-night-sample"):
        app.test_cli_runner().invoke(args=["demo", "--json", "--slug", slug])
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE events SET settings = '{}'"))
    refused = load(app)
    assert refused.exit_code == 1
    assert refused.stderr == (
        "Error: There are other events “lantern-night” and “lantern-night-sample” already. Choose another slug.\n"
    )


def test_an_empty_database_is_migrated_first(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path}/new.sqlite"))
    assert load(app).exit_code == 0
    assert rows(app, "SELECT count(*) FROM events") == [(1,)]


def test_a_database_that_is_behind_is_left_alone(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    try:
        refused = load(app)
    finally:
        newest = max(path.name[:4] for path in Path(app.root_path, "../migrations/versions").glob("0*.py"))
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{newest}'"))
    assert refused.exit_code == 1
    assert refused.stderr == "Error: The database is not up to date. Run this first: .venv/bin/flask db upgrade\n"


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "sqlite:////proc/x.sqlite"])
def test_a_database_that_cannot_be_reached_is_a_sentence(url: str) -> None:
    refused = load(create_app(settings_for(url)))
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: The database cannot be reached; is DATABASE_URL right? It says: ")
    assert refused.stderr.count("\n") == 1
