"""S4: no cell that a program would calculate, and a list that comes back as it went."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.exports.rules.people import Person, told_apart
from portal.imports.rules.columns import recognise
from portal.invitations.models import Guest, InvitationGuest, Rsvp
from portal.kit.schema import db
from portal.kit.spreadsheets import csv_file, defuse, revive, xlsx_file
from tests.cast import Cast, make_cast
from tests.events.evening import all_say
from tests.exports.files import FORMATS, KINDS, cells, download
from tests.exports.test_files import COLUMNS
from tests.imports.books import workbook
from tests.imports.world import FILES, Desk
from tests.security.strings import HOSTILE

FORMULAS = ["=1+1", "+49 151 3836752", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "''-1", "＝1", "=", "-", "'"]
DANGEROUS = re.compile(r"[\s'’]*[=+\-@＝＋－＠]|[\t\r]")
LISTED = (
    "SELECT i.name AS household, g.name, g.email, g.phone, m.is_child, m.plus_one_of IS NOT NULL AS plus_one,"
    " m.dietary, m.host_note FROM invitation_guests m JOIN invitations i ON i.id = m.invitation_id"
    " JOIN guests g ON g.id = m.guest_id WHERE m.event_id = :event ORDER BY i.id, m.position"
)


@pytest.mark.parametrize("form", FORMATS)
def test_a_formula_is_text_in_every_file(form: str) -> None:
    rows = [[text, "x"] for text in [*FORMULAS, *HOSTILE]]
    file = csv_file(rows) if form == "csv" else xlsx_file(rows, title="guests")
    for (text, _), (cell, _) in zip(rows, cells(file, form), strict=True):
        assert not DANGEROUS.match(cell) or cell.startswith("'"), text
        if form == "csv":
            assert revive(cell) == text.replace("\0", "")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_was_defused_comes_back(text: str) -> None:
    assert not re.match(r"\s*[=+\-@\t\r]", defuse(text))
    assert revive(defuse(text)) == text or DANGEROUS.match(text) is None
    assert DANGEROUS.match(text) is not None or defuse(text) == re.sub("[\ufffe\uffff]", "", text)


def test_a_list_of_guests_is_one_that_can_be_imported() -> None:
    read = {field.value: COLUMNS["guests"][index] for field, index in recognise(COLUMNS["guests"]).items()}
    assert read == {
        "household": "Household", "name": "Name", "email": "Email", "phone": "Phone", "child": "Child",
        "plus one": "Plus one", "dietary": "Dietary", "notes": "Notes",
    }  # fmt: skip


def hostile_list() -> bytes:
    """Households of hostile names: a first person, a child, a plus-one with a name and one without."""
    header = ["Household", "Name", "Email", "Phone", "Child", "Plus one", "Dietary", "Notes"]
    rows = []
    for number, words in enumerate([*HOSTILE, "=1+1", "+1 and more", "-2+3", "@SUM(A1)"]):
        house = f"{words} {number}"[:200]
        rows += [
            [house, words, f"a{number}@example.org", "+491513836752", "", "", words, words],
            ["", f"{words} x", "", "(555) 0132-3239", "yes", "", "", ""],
            ["", f"{words} y", "", "", "", "yes", "", ""],
            ["", "", "", "", "", "yes", "no nuts", ""],
        ]
    return workbook([header, *(["'" + cell if cell[:1] in "=+-@" and cell else cell for cell in row] for row in rows)])


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("hostile", "csv"),
        ("hostile", "xlsx"),
        ("gaesteliste-excel.csv", "csv"),
        ("guests.xlsx", "xlsx"),
        ("lantern-night.csv", "csv"),
    ],
)
def test_a_list_comes_back_as_it_went(cast: Cast, tmp_path: Path, source: str, form: str) -> None:
    """Into an event of another organization everything comes anew; into its own, nothing changes."""
    desk = Desk(cast.app, tmp_path)
    here, there = (make_cast(cast.app, invitations=0, slug=slug) for slug in ("here", "there"))
    content = hostile_list() if source == "hostile" else (FILES / source).read_bytes()
    (tmp_path / "list").write_bytes(content)
    assert desk.run(tmp_path / "list", event="here").exit_code == 0
    exported = tmp_path / f"exported.{form}"
    exported.write_bytes(download(here, "guests", form))
    result = desk.run(exported, event="there")
    assert result.exit_code == 0, result.stderr
    before, after = (each.rows(LISTED, event=each.event_id) for each in (here, there))
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert len(after) > 50
    again = desk.run(exported, event="here")
    assert f"{len(after)} people: 0 new, 0 updated, {len(after)} unchanged, 0 skipped." in again.stdout


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_in_their_cells(app: Flask, kind: str, form: str) -> None:
    """Each member has a string of their own in every column."""
    everything = [*HOSTILE, *FORMULAS]
    cast = make_cast(app, invitations=1, members=len(everything), tables=1)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    for member, words in zip(cast.okafor.members, everything, strict=True):
        write(cast, member, words)
    header, *rows = cells(download(cast, kind, form), form)
    assert header == COLUMNS[kind]
    assert {len(row) for row in rows} == {len(header)}
    assert not [cell for row in rows for cell in row if DANGEROUS.match(cell) and not cell.startswith("'")]
    named = {revive(row[header.index("Name")]) for row in rows}
    assert {words for words in HOSTILE if "\r" not in words} <= named


def write(cast: Cast, member: int, words: str) -> None:
    """A member's every column says this."""
    guest = select(InvitationGuest.guest_id).where(InvitationGuest.id == member).scalar_subquery()
    fields = {"dietary": words, "note": words, "host_note": words, "meal": words[:80]}
    with cast.app.app_context(), db.engine.begin() as connection:
        connection.execute(update(Guest).where(Guest.id == guest).values(name=words, company=words))
        connection.execute(update(InvitationGuest).where(InvitationGuest.id == member).values(**fields))


def person(household: int, name: str) -> Person:
    empty = dict.fromkeys(Person.__dataclass_fields__, "")
    return replace(Person(**empty), invitation_id=household, household=name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("Smith Smith Park", [1, 3, 2]),
        ("Smith SMITH Park Costa", [1, 3, 2, 4]),
        ("Park Smith Costa Smith", [1, 2, 3, 4]),
        ("Smith Smith", [1, 2]),
        ("", []),
    ],
)
def test_two_households_of_one_name_are_kept_apart(names: str, order: list[int]) -> None:
    people = [person(number, name) for number, name in enumerate(names.split(), start=1)]
    assert [each.invitation_id for each in told_apart(people)] == order
