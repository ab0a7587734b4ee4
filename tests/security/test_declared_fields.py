"""Every column of every table, posted to every form about guests: only what the form declares changes (S19)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect

from portal.kit.schema import db
from tests.accounts.hosts import host_of
from tests.cast import Cast
from tests.deeds import everything
from tests.invitations.desk import household, send

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
