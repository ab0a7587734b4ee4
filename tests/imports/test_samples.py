"""The three lists that people gave us, end to end; every figure was counted in the files themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.cast import Cast
from tests.imports.world import FILES, Desk, changed_tables


@dataclass(frozen=True)
class Sample:
    """A list and what must be in the database after it."""

    file: str
    households: int
    people: int
    children: int
    plus_ones: int
    addresses: int
    international: int
    national: int
    dietary: int
    notes: int
    warnings: dict[str, int]


SAMPLES = [
    Sample(
        "lantern-night.csv", 61, 211, 91, 5, 87, 53, 26, 146, 0,
        {"Shared addresses": 28, "The same name twice": 3},
    ),
    Sample(
        "gaesteliste-excel.csv", 48, 174, 81, 4, 73, 52, 19, 116, 75,
        {"Shared addresses": 16, "The same name twice": 3, "Blank rows": 5, "Totals": 1, "The same household twice": 1},
    ),
    Sample(
        "guests.xlsx", 40, 148, 72, 4, 53, 33, 22, 103, 81,
        {"Shared addresses": 19, "The same name twice": 6, "Blank rows": 4, "Totals": 1},
    ),
]  # fmt: skip

NEW = "FROM invitation_guests m JOIN guests g ON g.id = m.guest_id WHERE m.invitation_id > 2"
"""The members whom an import made: the cast has invitations 1 and 2."""


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.file)
def sample(request: pytest.FixtureRequest) -> Sample:
    """Each of the lists in turn."""
    found: Sample = request.param
    return found


def test_a_list_is_imported_whole_and_its_warnings_are_named(desk: Desk, cast: Cast, sample: Sample) -> None:
    result = desk.run(FILES / sample.file)
    assert result.exit_code == 0
    assert f"{sample.households} households, {sample.people} people: {sample.people} new, 0 updated" in result.stdout
    assert cast.count("SELECT count(*) FROM invitations WHERE id > 2") == sample.households
    assert cast.count(f"SELECT count(*) {NEW}") == sample.people
    assert cast.count(f"SELECT count(*) {NEW} AND m.is_child") == sample.children
    assert cast.count(f"SELECT count(*) {NEW} AND m.plus_one_of IS NOT NULL AND g.name = ''") == sample.plus_ones
    assert cast.count(f"SELECT count(*) {NEW} AND g.name = '' AND m.plus_one_of IS NULL") == 0
    assert cast.count(f"SELECT count(*) {NEW} AND g.email IS NOT NULL") == sample.addresses
    assert cast.count(f"SELECT count(*) {NEW} AND g.phone LIKE '+%'") == sample.international
    assert cast.count(f"SELECT count(*) {NEW} AND g.phone LIKE '(555)%'") == sample.national
    assert cast.count(f"SELECT count(*) {NEW} AND m.dietary != ''") == sample.dietary
    assert cast.count(f"SELECT count(*) {NEW} AND m.host_note != ''") == sample.notes
    assert cast.count(f"SELECT count(*) {NEW} AND (m.rsvp != 'pending' OR g.name LIKE '%,%')") == 0
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'invitation.created'") == sample.households + 2
    headings = dict(re.findall(r"^(\S.*) \((\d+)\)$", result.stdout, re.MULTILINE))
    assert {heading: int(count) for heading, count in headings.items()} == sample.warnings
    assert f"\n{sum(sample.warnings.values())} warnings.\n" in result.stdout


def test_a_dry_run_prints_every_row_and_writes_nothing(desk: Desk, sample: Sample) -> None:
    before = desk.everything()
    result = desk.run(FILES / sample.file, "--dry-run")
    assert (result.exit_code, changed_tables(before, desk.everything())) == (0, set())
    fates = re.findall(r"^row (\d+) · .* · (new|updated|unchanged|skipped)$", result.stdout, re.MULTILINE)
    left_out = re.findall(r"^row (\d+) · left out$", result.stdout, re.MULTILINE)
    assert Counter(fate for _, fate in fates) == {"new": sample.people}
    last = max(int(row) for row in [*left_out, *(row for row, _ in fates)])
    assert sorted([int(row) for row, _ in fates] + [int(row) for row in left_out]) == list(range(2, last + 1))
    assert "This was a dry run: nothing was written." in result.stdout


def test_all_three_lists_go_into_one_event_and_share_its_addresses(desk: Desk, cast: Cast) -> None:
    for sample in SAMPLES:
        assert desk.run(FILES / sample.file).exit_code == 0
        before = desk.everything()
        again = f"0 new, 0 updated, {sample.people} unchanged, 0 skipped."
        assert again in desk.run(FILES / sample.file).stdout, "the second import changes nothing"
        assert changed_tables(before, desk.everything()) == set()
    addresses = cast.rows("SELECT count(email), count(DISTINCT email_key) FROM guests")[0]
    assert addresses[0] == addresses[1] > 87
