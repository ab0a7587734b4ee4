"""Every column of every table, posted to every form: only what the form declares changes (S19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from sqlalchemy import inspect

from portal.kit import clock
from portal.kit.schema import db
from tests.accounts.hosts import host_of
from tests.cast import Cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import everything
from tests.guest_routes import GUEST_ROUTES
from tests.house.test_bad_input import FIELDS
from tests.invitations.desk import household, send
from tests.security.conftest import World, make_world
from tests.security.routes import DESK, HOST_ROUTES

COLUMNS = sorted({column.name for table in db.metadata.sorted_tables for column in table.columns})
LOGGED = {"activity", "operations"}
"""What every change adds to."""

FORMS: dict[str, tuple[str, dict[str, str], dict[str, set[str]]]] = {
    "people of a household": (
        "/people",
        {"people": "Somebody New", "name": "x"},
        {"guests": set(), "invitation_guests": set()},
    ),
    "its name": ("/name", {"name": "Another"}, {"invitations": {"name"}}),
    "a member": (
        "/members/{member}",
        {"name": "Ada Bell", "email": "", "phone": "", "language": "", "company": "no"},
        {"guests": {"name", "search_key", "language"}, "invitation_guests": {"host_note", "is_child"}},
    ),
    "a member's details": ("/members/{member}/details", {}, {"invitation_guests": {"meal"}}),
    "an answer": (
        "/members/{member}/rsvp",
        {"status": "accepted"},
        {
            "invitation_guests": {"rsvp", "responded_at", "responded_by", "reference_code"},
            "guest_assignments": set(),
            "organizations": {"last_reference"},
        },
    ),
    "an entry of the address book": (
        "/host/guests/{guest}",
        {"name": "Ada Bell", "email": "", "phone": "", "language": ""},
        {"guests": {"name", "search_key", "company"}},
    ),
    "sent": ("/sent", {}, {"invitations": {"sent_at"}}),
    "withdrawn": ("/link/revoke", {}, {"invitations": {"revoked_at"}}),
    "a new link": ("/link/renew", {}, {"invitations": {"code", "code_version", "sent_at"}}),
    "an order": ("/order", {}, {"invitation_guests": {"position"}}),
}
"""Where a form goes, what somebody types, and the columns of rows that may change; a table without any may grow."""


@pytest.mark.parametrize("name", FORMS)
def test_only_declared_columns_change(cast: Cast, name: str) -> None:
    path, typed, declared = FORMS[name]
    browser = host_of(cast)
    path = path.format(member=cast.okafor.members[0], guest=cast.names["guest"])
    address = path if path.startswith("/host") else household(cast, cast.okafor, path)
    every = dict.fromkeys(COLUMNS, "7") | {"meal": "Fish", "down": str(cast.okafor.members[0])} | typed
    shown = browser.get(address if browser.client.get(address).status_code == 200 else household(cast, cast.okafor))
    every |= {"version": "1", "language": ""}
    before = everything(cast.app)
    answer = send(browser, shown.text, address, **every)
    assert answer.status_code == 303, answer.text[-800:]
    changed = differences(cast, before, everything(cast.app))
    assert changed.keys() - LOGGED <= declared.keys(), changed
    for table, columns in changed.items():
        assert columns <= declared.get(table, columns), (table, columns)


DRAWN = {"code", "operation_id", "request_hash", "token_hash", "password_hash"}
"""Columns that are another each time."""


def test_a_form_that_holds_more_than_it_declares_does_what_it_would_have_done(cast: Cast, database: Database) -> None:
    """Two worlds go the same way, one with good forms, and one with everything else in them as well."""
    with time_machine.travel(clock.now(), tick=False):
        good = told(make_world(cast), ())
        database.begin("cast")
        more = told(make_world(cast), COLUMNS)
    assert more == good


def told(world: World, columns: Sequence[str]) -> dict[str, Any]:
    """What every form of the host and then of a guest is answered, and how the world is when all are sent."""
    cast, answers = world.cast, {}
    for name, route in {**HOST_ROUTES, **DESK}.items():
        if route.method == "POST":
            names = cast.names
            form = {**undeclared(name, columns), **route.filled(**names)}
            answers[name] = world.host.post(route.path.format(**names), **form).status_code
    guest = Browser(cast.app, htmx=False)
    for name, step in GUEST_ROUTES.items():
        if step.method == "POST":
            path = step.address(cast.brandt.path(), cast.brandt.members[0])
            form = {**undeclared(name, columns), **step.body(cast.seat(1, 5))}
            answers[name] = guest.post(path, **form).status_code
    return {"answers": answers, **standing(cast)}


def undeclared(endpoint: str, columns: Sequence[str]) -> dict[str, str]:
    """Every column that is no field of this form."""
    return dict.fromkeys(set(columns) - set(FIELDS[endpoint]) - {"operation_id"}, "7")


def standing(cast: Cast) -> dict[str, list[Any]]:
    """Every row, but for what is drawn anew each time and for what was asked."""
    with cast.app.app_context():
        columns = {
            name: [column["name"] for column in inspect(db.engine).get_columns(name)] for name in everything(cast.app)
        }
    return {
        name: [
            tuple(value for column, value in zip(columns[name], row, strict=True) if column not in DRAWN)
            for row in rows
        ]
        for name, rows in everything(cast.app).items()
        if name != "operations"
    }


def differences(cast: Cast, before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, set[str]]:
    """Which columns of rows that were there before are others now; a table with more or fewer rows is named, too."""
    changed: dict[str, set[str]] = {}
    with cast.app.app_context():
        columns = {name: [column["name"] for column in inspect(db.engine).get_columns(name)] for name in after}
    for name, rows in after.items():
        known = {row[columns[name].index("id")]: row for row in before[name]}
        if len(rows) != len(known):
            changed.setdefault(name, set())
        for row in rows:
            old = known.get(row[columns[name].index("id")], row)
            others = {column for column, was, now in zip(columns[name], old, row, strict=True) if was != now}
            if others:
                changed.setdefault(name, set()).update(others)
    return changed
