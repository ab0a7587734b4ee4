"""From planted data to a database at its newest: audit, a stopped upgrade, cleaning, upgrade, and what comes back."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.kit.integrity import Duplicates
from tests import world
from tests.integrity.operator import picture, plant, populate, rows, told
from tests.migrations.scratch import Scratch
from tests.migrations.test_planted_duplicates import CASES

Planted = tuple[str, world.Row]


def before(rule: str) -> str:
    """The revision before the rule is made."""
    return next(case.before for case in CASES if case.rule == rule)


@dataclass(frozen=True)
class Story:
    """Rows that break rules, planted one revision before the first of these is made."""

    rules: list[str]
    planted: list[Planted]
    left: dict[str, list[tuple[object, ...]]]
    """What statements find when all is clean."""


def place(number: int, identity: int, **changes: object) -> Planted:
    fresh = {"id": identity, "reference_code": f"X{identity}", "bidder_number": None, "table_id": None}
    return ("guest_assignments", world.row("guest_assignments", number, **{**fresh, **changes}))


NO_MEMBER = {"member_id": None, "member_rsvp": None}

STORIES = {
    "memberships": Story(
        rules=["uq_memberships_user_organization", "uq_memberships_one_tenant_per_user"],
        planted=[
            ("memberships", world.row("memberships", 6, id=100, role="admin", created_at=world.moment(100))),
            ("memberships", world.row("memberships", 3, id=101, organization_id=5, created_at=world.moment(101))),
        ],
        left={
            "SELECT id, organization_id, role FROM memberships WHERE user_id IN (3, 6) ORDER BY id": [
                (3, 3, "admin"),
                (6, 6, "admin"),
            ],
        },
    ),
    "places": Story(
        rules=[
            "uq_guest_assignments_member_id",
            "uq_guest_assignments_event_id_table_id_guest_id",
            "uq_guest_assignments_organization_id_reference_code",
            "uq_guest_assignments_event_id_bidder_number",
        ],
        planted=[
            place(5, 100, bidder_number=77, dietary="no nuts", created_at=world.moment(100)),
            place(2, 101, table_id=2, **NO_MEMBER, created_at=world.moment(101)),
            place(4, 102, reference_code="G0004", **NO_MEMBER, created_at=world.moment(102)),
            place(7, 103, bidder_number=7, **NO_MEMBER, created_at=world.moment(103)),
        ],
        left={
            "SELECT id, member_id, bidder_number, dietary FROM guest_assignments WHERE guest_id = 5": [
                (5, 5, 5, "no nuts")
            ],
            "SELECT id, table_id, member_id FROM guest_assignments WHERE guest_id = 2": [(2, 2, 2)],
            "SELECT id, reference_code FROM guest_assignments WHERE guest_id = 4 ORDER BY id": [
                (4, "G0004"),
                (102, "G0005"),
            ],
            "SELECT id, bidder_number FROM guest_assignments WHERE guest_id = 7 ORDER BY id": [(7, 7), (103, None)],
        },
    ),
    "profiles and groups": Story(
        rules=[
            "uq_member_profiles_user_id",
            "uq_groups_organization_id_name_key",
            "uq_group_memberships_group_id_user_id",
            "fk_member_profiles_user_id_organization_id",
        ],
        planted=[
            ("member_profiles", world.row("member_profiles", 4, id=100, bio="Ask me.", created_at=world.moment(100))),
            ("member_profiles", world.row("member_profiles", 5, id=101, user_id=777)),
            (
                "member_profiles",
                world.row("member_profiles", 6, id=102, organization_id=7, bio="I sing.", created_at=world.moment(0)),
            ),
            ("groups", world.row("groups", 2, id=100, created_at=world.moment(100))),
            ("group_memberships", world.row("group_memberships", 2, id=100, group_id=100)),
            ("group_memberships", world.row("group_memberships", 3, id=101, created_at=world.moment(100))),
        ],
        left={
            "SELECT id, bio FROM member_profiles WHERE user_id IN (4, 6) OR id > 99 ORDER BY id": [
                (4, "Ask me."),
                (6, "I sing."),
            ],
            "SELECT id FROM groups WHERE organization_id = 2": [(2,)],
            "SELECT id, group_id FROM group_memberships WHERE user_id IN (2, 3) ORDER BY id": [(2, 2), (3, 3)],
        },
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_planted_rows_are_named_stop_the_upgrade_are_cleaned_and_let_it_pass(
    scratch: Scratch, tmp_path: Path, story: Story
) -> None:
    scratch.upgrade(before(story.rules[0]))
    populate(scratch)
    plant(scratch, *story.planted)
    planted = picture(scratch)

    audit = told(scratch, "audit")
    assert audit.code == 1
    assert [rule for rule in story.rules if f"{rule}, in “" not in audit.said] == []
    assert "still to come with `flask db upgrade`" in audit.said

    with pytest.raises(Duplicates, match=story.rules[0]) as stop:
        scratch.upgrade()
    listed = str(stop.value).splitlines()
    assert listed[1] in audit.said, "the migration and the audit ask alike"
    assert "Nothing was changed." in str(stop.value)

    backup = tmp_path / "backup.jsonl"
    tried = told(scratch, "clean", "--to", backup)
    assert (tried.code, picture(scratch), backup.exists()) == (0, planted, False)
    assert "nothing was changed. With --write it is done." in tried.said

    done = told(scratch, "clean", "--write", "--to", backup)
    assert done.code == 0, done.said
    assert done.said.splitlines()[:-2] == tried.said.splitlines()[:-2], "the dry run said what was done"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    for statement, left in story.left.items():
        assert rows(scratch, statement) == left

    clean = told(scratch, "audit")
    assert (clean.code, "violations: 0." in clean.said) == (0, True), clean.said
    scratch.upgrade()
    newest = told(scratch, "audit")
    assert (newest.code, "still to come" in newest.said, "Could not" in newest.said) == (0, False, False), newest.said

    refused = told(scratch, "restore", backup)
    removed = [deed for deed in map(json.loads, backup.read_text().splitlines()) if deed["what"] == "removed"]
    assert (refused.code, refused.said.count("not back ")) == (0, len(removed))
    assert f"Rows that are back: 0, that could not come back: {len(removed)}." in refused.said
    assert told(scratch, "audit").code == 0


def test_what_the_rules_allow_meanwhile_comes_back(scratch: Scratch, tmp_path: Path) -> None:
    story, backup = STORIES["memberships"], tmp_path / "backup.jsonl"
    scratch.upgrade(before(story.rules[0]))
    populate(scratch)
    plant(scratch, *story.planted)
    other = rows(scratch, "SELECT * FROM memberships WHERE id = 101")
    told(scratch, "clean", "--write", "--to", backup)
    scratch.upgrade()
    scratch.run("DELETE FROM memberships WHERE id = 3")
    back = told(scratch, "restore", backup)
    assert "Rows that are back: 1, that could not come back: 1." in back.said
    assert "not back memberships 100: uq_memberships_" in back.said
    assert f": {world.name(6)} is already a member of " in back.said
    assert rows(scratch, "SELECT * FROM memberships WHERE id = 101") == other, "to the microsecond"
    assert rows(scratch, "SELECT organization_id, verb, subject FROM activity") == [
        (5, "membership.restored", "user:3")
    ]
    again = told(scratch, "restore", backup)
    assert "Rows that are back: 0, that could not come back: 2." in again.said
