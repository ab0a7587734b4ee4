"""The first host of a server."""

from __future__ import annotations

from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal.kit.schema import db
from tests.accounts.hosts import HostBrowser

PASSWORD = "a long evening by the river"


def make(app: Flask, email: str = "noor@example.org", *, password: str = PASSWORD, organization: str = "") -> Result:
    told = ["--name", "Noor Haddad", "--organization", organization or "Riverside Hall", "--password", password]
    return app.test_cli_runner().invoke(args=["organizations", "admin", email, *told])


def counts(app: Flask) -> list[int]:
    with app.app_context(), db.engine.connect() as connection:
        tables = ("users", "organizations", "memberships", "activity")
        return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]


def test_the_first_host_signs_in_and_finds_an_empty_desk(app: Flask) -> None:
    made = make(app)
    assert (made.exit_code, made.stdout) == (
        0, "Noor Haddad may now sign in and host the events of “Riverside Hall”.\n",
    )  # fmt: skip
    browser = HostBrowser(app)
    assert browser.sign_in("noor@example.org", PASSWORD).status_code == 303
    assert "There are no events here yet" in browser.get("/host").text
    assert counts(app) == [1, 1, 1, 2]


def test_the_next_one_joins_the_organization_of_that_name(app: Flask) -> None:
    make(app)
    assert make(app, "ana@example.org", organization="riverside  hall").exit_code == 0
    assert counts(app) == [2, 1, 2, 3]


def test_an_organization_that_is_only_written_alike_in_addresses_is_another(app: Flask) -> None:
    make(app)
    for number, name in enumerate(["Riverside-Hall", "Riverside: Hall!"], start=2):
        for email in (f"a{number}@example.org", f"b{number}@example.org"):
            assert make(app, email, organization=name).exit_code == 0
        assert counts(app)[1] == number
    with app.app_context(), db.engine.connect() as connection:
        slugs = connection.scalars(text("SELECT slug FROM organizations ORDER BY id")).all()
    assert slugs == ["riverside-hall", "riverside-hall-2", "riverside-hall-3"]


def test_what_cannot_be_is_a_sentence_and_changes_nothing(app: Flask) -> None:
    make(app)
    again = make(app, "Noor@Example.org", organization="Another Hall")
    assert (again.exit_code, again.stderr) == (
        1, "Error: There is already an account with this e-mail address. Sign in, or use another address.\n",
    )  # fmt: skip
    assert make(app, "nobody").stderr == "Error: “nobody” is no e-mail address.\n"
    short = make(app, "ana@example.org", password="short")
    assert short.stderr == "Error: Please choose a password of 12 letters or more.\n"
    assert counts(app) == [1, 1, 1, 2]
