"""A uniqueness rule over rows that break it: the migration names them, stops, and has changed nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from portal.config import ROOT
from portal.kit.integrity import Duplicates
from portal.organizations.models import Role
from portal.seating.models import ClaimState
from tests import world
from tests.migrations.scratch import Scratch

PLANTED = 100
"""The number of every planted row."""

WITHOUT_MEMBER = {"member_id": None, "member_rsvp": None}


@dataclass(frozen=True)
class Case:
    """Rows that break a rule one revision before it is made, and what is said about them."""

    before: str
    rule: str
    table: str
    row: world.Row
    told: str
    beside: list[tuple[str, world.Row]] = field(default_factory=list)


def place(number: int, **changes: object) -> world.Row:
    fresh = {"id": PLANTED, "reference_code": "G9999", "bidder_number": None, "table_id": None}
    return world.row("guest_assignments", number, **{**fresh, **changes})


CASES = [
    Case(
        "0001",
        "uq_memberships_user_organization",
        "memberships",
        world.row("memberships", 4, id=PLANTED, role=Role.ADMIN),
        "user_id=4, organization_id=4 → rows 4, 100",
    ),
    Case(
        "0001",
        "uq_memberships_one_tenant_per_user",
        "memberships",
        world.row("memberships", 3, id=PLANTED, organization_id=5),
        "user_id=3 → rows 3, 100",
    ),
    Case(
        "0005",
        "uq_guest_assignments_member_id",
        "guest_assignments",
        place(4),
        "member_id=4 → rows 4, 100",
    ),
    Case(
        "0005",
        "uq_guest_assignments_event_id_table_id_guest_id",
        "guest_assignments",
        place(4, table_id=4, **WITHOUT_MEMBER),
        "event_id=4, table_id=4, guest_id=4 → rows 4, 100",
    ),
    Case(
        "0005",
        "uq_guest_assignments_organization_id_reference_code",
        "guest_assignments",
        place(4, reference_code="G0004", **WITHOUT_MEMBER),
        "organization_id=4, reference_code=G0004 → rows 4, 100",
    ),
    Case(
        "0005",
        "uq_guest_assignments_event_id_bidder_number",
        "guest_assignments",
        place(5, bidder_number=5, **WITHOUT_MEMBER),
        "event_id=5, bidder_number=5 → rows 5, 100",
    ),
    Case(
        "0007",
        "uq_seat_claims_seat_id",
        "seat_claims",
        world.row(
            "seat_claims",
            4,
            id=PLANTED,
            state=ClaimState.HELD,
            held_until=world.moment(4),
            taken_table_id=None,
        ),
        "seat_id=4 → rows 4, 100",
    ),
    Case(
        "0007",
        "uq_seat_claims_assignment_id_state",
        "seat_claims",
        world.row("seat_claims", 4, id=PLANTED, seat_id=PLANTED),
        "assignment_id=4, state=taken → rows 4, 100",
        beside=[("seats", world.row("seats", 4, id=PLANTED, label="100"))],
    ),
    Case(
        "0019",
        "uq_room_drafts_event_id",
        "room_drafts",
        world.row("room_drafts", 4, id=PLANTED),
        "event_id=4 → rows 4, 100",
    ),
    Case(
        "0019",
        "uq_room_steps_draft_id_number",
        "room_steps",
        world.row("room_steps", 4, id=PLANTED),
        "draft_id=4, number=1 → rows 4, 100",
    ),
    Case(
        "0012",
        "uq_waiting_list_event_id_invitation_id",
        "waiting_list",
        world.row("waiting_list", 4, id=PLANTED),
        "event_id=4, invitation_id=4 → rows 4, 100",
    ),
    Case(
        "0014",
        "uq_household_requests_open",
        "household_requests",
        world.row("household_requests", 4, id=PLANTED, to_invitation_id=PLANTED, slot=2),
        "from_invitation_id=4, to_invitation_id=100, kind=near → rows 100, 101",
        beside=[
            ("invitations", world.row("invitations", 4, id=PLANTED, code="planted")),
            ("household_requests", world.row("household_requests", 4, id=101, to_invitation_id=PLANTED, slot=3)),
        ],
    ),
    Case(
        "0014",
        "uq_household_requests_slot",
        "household_requests",
        world.row("household_requests", 4, id=PLANTED),
        "from_invitation_id=4, slot=5 → rows 4, 100",
    ),
    Case(
        "0016",
        "uq_participants_event_id_user_id",
        "participants",
        world.row("participants", 5, id=PLANTED),
        "event_id=5, user_id=5 → rows 5, 100",
    ),
    Case(
        "0021",
        "uq_seat_notices_member_id",
        "seat_notices",
        world.row("seat_notices", 4, id=PLANTED),
        "member_id=4 → rows 4, 100",
    ),
    Case(
        "0023",
        "uq_import_rows_number",
        "import_rows",
        world.row("import_rows", 4, id=PLANTED),
        "import_id=4, event_id=4, number=4 → rows 4, 100",
    ),
    Case(
        "0023",
        "uq_import_households_place",
        "import_households",
        world.row("import_households", 4, id=PLANTED),
        "import_id=4, event_id=4, place=0 → rows 4, 100",
    ),
    Case(
        "0025",
        "uq_export_feeds_code",
        "export_feeds",
        world.row("export_feeds", 4, id=PLANTED),
        "code=000000000004 → rows 4, 100",
    ),
    Case(
        "0033",
        "uq_member_profiles_user_id",
        "member_profiles",
        world.row("member_profiles", 4, id=PLANTED),
        "user_id=4 → rows 4, 100",
    ),
    Case(
        "0033",
        "uq_groups_organization_id_name_key",
        "groups",
        world.row("groups", 4, id=PLANTED),
        "organization_id=4, name_key=kitchen 4 → rows 4, 100",
    ),
    Case(
        "0033",
        "uq_group_memberships_group_id_user_id",
        "group_memberships",
        world.row("group_memberships", 4, id=PLANTED),
        "group_id=4, user_id=4 → rows 4, 100",
    ),
    Case(
        "0033",
        "uq_organization_invitations_token_hash",
        "organization_invitations",
        world.row("organization_invitations", 4, id=PLANTED, email_key="other@example.org"),
        f"token_hash={4:064x} → rows 4, 100",
    ),
    Case(
        "0033",
        "uq_organization_invitations_open",
        "organization_invitations",
        world.row("organization_invitations", 4, id=PLANTED, token_hash="planted"),
        "organization_id=4, email_key=colleague+4@example.org → rows 4, 100",
    ),
]


def plant(scratch: Scratch, case: Case) -> None:
    with scratch.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, range(1, 9))
        for table, row in [*case.beside, (case.table, case.row)]:
            world.add(connection, table, [row])


def picture(scratch: Scratch) -> tuple[set[str], dict[str, str], str]:
    with scratch.engine.connect() as connection:
        rows = world.digests(connection)
    return scratch.schema(), rows, scratch.revision()


@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_planted_duplicates_stop_the_upgrade_and_nothing_has_changed(scratch: Scratch, case: Case) -> None:
    scratch.upgrade(case.before)
    plant(scratch, case)
    before = picture(scratch)
    with pytest.raises(Duplicates) as stop:
        scratch.upgrade()
    told = str(stop.value)
    assert told.startswith(f"{case.rule} cannot be added: 1 group(s) of rows in “{case.table}” share ")
    assert f"  {case.told}\n" in told
    assert "Nothing was changed." in told
    assert picture(scratch) == before
    scratch.run(f"DELETE FROM {case.table} WHERE id = {PLANTED}")
    scratch.upgrade()
    assert scratch.revision() == scratch.revisions[-1]
    assert any(case.rule in line for line in scratch.schema())


def test_after_the_stop_keys_are_kept_again(scratch: Scratch) -> None:
    """The migration of SQLite goes without foreign keys; a migration that stops gives them back."""
    case = next(case for case in CASES if case.rule == "uq_household_requests_slot")
    scratch.upgrade(case.before)
    plant(scratch, case)
    with pytest.raises(Duplicates):
        scratch.upgrade()
    with pytest.raises(Exception, match=r"(?i)foreign.key"):
        scratch.run(
            "INSERT INTO user_sessions SELECT 9, created_at, 999, 'x', '', '', last_seen_at, expires_at"
            " FROM user_sessions WHERE id = 1"
        )


def test_the_operator_reads_the_list_and_the_command_fails(scratch: Scratch) -> None:
    case = CASES[-2]
    scratch.upgrade(case.before)
    plant(scratch, case)
    before = picture(scratch)
    url = scratch.app.config["SQLALCHEMY_DATABASE_URI"]
    told = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "PLACECARD_ENV": "test", "SECRET_KEY": "s" * 32, "FLASK_APP": "app"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert told.returncode == 1, told
    assert case.told in told.stderr
    assert "Traceback" not in told.stderr
    assert picture(scratch) == before
