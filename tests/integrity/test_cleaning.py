"""What cleaning does with a database at its newest: what stays, what is carried over, and what it leaves to people."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal import config
from portal.audit.queries import Entry
from portal.integrity.rules import oldest_first, taken_over
from portal.seating.models import ClaimState
from tests import world
from tests.integrity.operator import Told, picture, plant, populate, rows, told, unguarded
from tests.migrations.scratch import Scratch

LATER = world.moment(100)


@pytest.fixture
def newest(scratch: Scratch) -> Scratch:
    """A world at the newest revision."""
    scratch.upgrade()
    populate(scratch)
    return scratch


def cleaned(scratch: Scratch, folder: Path) -> Told:
    done = told(scratch, "clean", "--write", "--to", folder / "backup.jsonl")
    assert done.code == 0, done.said
    return done


def log(scratch: Scratch) -> list[tuple[object, ...]]:
    return rows(
        scratch, "SELECT organization_id, event_id, verb, subject FROM activity WHERE actor = 'system' ORDER BY id"
    )


def test_who_was_in_two_organizations_stays_in_the_first_and_takes_the_profile_along(
    newest: Scratch, tmp_path: Path
) -> None:
    newest.run("DROP INDEX uq_memberships_one_tenant_per_user", "DELETE FROM member_profiles WHERE user_id = 3")
    plant(
        newest,
        ("memberships", world.row("memberships", 3, id=100, organization_id=5, created_at=LATER)),
        ("member_profiles", world.row("member_profiles", 3, id=100, organization_id=5, bio="I sing.")),
        ("group_memberships", world.row("group_memberships", 3, id=100, group_id=5, organization_id=5)),
    )
    said = cleaned(newest, tmp_path).said
    assert "removed  memberships 100 (user_id=3, organization_id=5, role=admin): " in said
    assert "uq_memberships_one_tenant_per_user; 3 stays\n" in said
    assert rows(newest, "SELECT id FROM memberships WHERE user_id = 3") == [(3,)]
    assert rows(newest, "SELECT organization_id, bio FROM member_profiles WHERE user_id = 3") == [(3, "I sing.")]
    assert rows(newest, "SELECT group_id FROM group_memberships WHERE user_id = 3") == [(3,)]
    assert log(newest) == [
        (5, None, "group_membership.removed", "group_membership:100"),
        (5, None, "profile.mended", "profile:100"),
        (5, None, "membership.removed", "user:3"),
    ]
    audit = told(newest, "audit")
    assert (audit.code, "violations: 0." in audit.said) == (1, True), "the index is still to be made again"
    newest.run(*[line.split(" — ")[1] for line in audit.said.splitlines() if " — " in line])
    assert told(newest, "audit").code == 0


def test_whom_an_organization_cannot_spare_is_left_as_they_are(newest: Scratch, tmp_path: Path) -> None:
    newest.run("DROP INDEX uq_memberships_one_tenant_per_user", "DELETE FROM member_profiles WHERE user_id = 3")
    plant(
        newest,
        ("memberships", world.row("memberships", 3, id=100, organization_id=5, created_at=LATER)),
        ("memberships", world.row("memberships", 4, id=101, organization_id=5)),
        ("member_profiles", world.row("member_profiles", 3, id=100, organization_id=5)),
    )
    before = picture(newest)
    said = cleaned(newest, tmp_path).said
    assert said.startswith("left     organization_keeps_an_admin: ")
    assert "Rows removed: 0, mended: 0." in said
    assert picture(newest) == before, "nor is the profile taken along"


def test_what_hung_on_a_membership_that_is_gone_goes_and_its_log_says_so(newest: Scratch, tmp_path: Path) -> None:
    plant(
        newest,
        ("member_profiles", world.row("member_profiles", 3, id=100, user_id=777)),
        ("group_memberships", world.row("group_memberships", 3, id=100, user_id=777)),
        ("guests", world.row("guests", 3, id=100, user_id=777, email=None, email_key=None)),
        ("user_sessions", world.row("user_sessions", 3, id=100, user_id=777, token_hash="planted")),
    )
    assert told(newest, "audit").code == 1
    said = cleaned(newest, tmp_path).said
    assert "Rows removed: 3, mended: 1." in said
    assert told(newest, "audit").code == 0
    assert rows(newest, "SELECT user_id, name FROM guests WHERE id = 100") == [(None, world.name(3))]
    assert "planted" not in said, "nothing secret is shown"
    assert {entry[2] for entry in log(newest)} == {"profile.removed", "group_membership.removed", "guests.mended"}
    assert told(newest, "restore", tmp_path / "backup.jsonl").said.count("what it belongs to is not there") == 3
    newest.run(
        "INSERT INTO users (id, created_at, email, email_key, name, is_superuser)"
        " SELECT 777, created_at, 'a@example.org', 'a@example.org', 'Ada', is_superuser FROM users WHERE id = 3"
    )
    assert (
        "Rows that are back: 1, that could not come back: 2." in told(newest, "restore", tmp_path / "backup.jsonl").said
    )
    newest.run(
        "INSERT INTO memberships (id, created_at, user_id, organization_id, role, is_superuser)"
        " SELECT 777, created_at, 777, 3, role, is_superuser FROM memberships WHERE id = 3"
    )
    assert (
        "Rows that are back: 2, that could not come back: 1." in told(newest, "restore", tmp_path / "backup.jsonl").said
    )
    assert rows(newest, "SELECT bio FROM member_profiles WHERE id = 100") == [("Ask me about the lights.",)]
    assert told(newest, "audit").code == 0


def test_the_seat_of_a_place_that_was_there_twice_goes_along_where_it_fits(newest: Scratch, tmp_path: Path) -> None:
    newest.run("DROP INDEX uq_guest_assignments_member_id")
    taken = {"state": ClaimState.TAKEN, "held_until": None, "created_at": LATER}
    fresh = {"bidder_number": None, "created_at": LATER}
    plant(
        newest,
        ("seats", world.row("seats", 5, id=100, label="100")),
        ("guest_assignments", world.row("guest_assignments", 5, **fresh, id=100, reference_code="X1", table_id=5)),
        ("seat_claims", world.row("seat_claims", 5, id=100, **taken, assignment_id=100, seat_id=100, taken_table_id=5)),
        ("tables", world.row("tables", 2, id=100, name="Far", slug="far")),
        ("seats", world.row("seats", 2, id=101, table_id=100)),
        ("guest_assignments", world.row("guest_assignments", 2, **fresh, id=101, reference_code="X2", table_id=100)),
        (
            "seat_claims",
            world.row(
                "seat_claims", 2, id=101, **taken, assignment_id=101, table_id=100, seat_id=101, taken_table_id=100
            ),
        ),
    )
    cleaned(newest, tmp_path)
    assert rows(newest, "SELECT id, table_id FROM guest_assignments WHERE guest_id IN (2, 5) ORDER BY id") == [
        (2, 2),
        (5, 5),
    ]
    assert rows(newest, "SELECT id, assignment_id, state FROM seat_claims WHERE event_id IN (2, 5) ORDER BY id") == [
        (2, 2, "taken"),
        (5, 5, "held"),
        (100, 5, "taken"),
    ]
    assert (5, 5, "seat.mended", "seat:100") in log(newest)
    assert (2, 2, "place.removed", "place:101") in log(newest)
    assert "violations: 0." in told(newest, "audit").said


def test_of_two_under_one_code_the_younger_has_a_new_one_to_come_back_with(newest: Scratch, tmp_path: Path) -> None:
    newest.run("DROP INDEX uq_guest_assignments_organization_id_reference_code")
    code = {"reference_code": "G0004", "created_at": LATER}
    plant(
        newest,
        ("guests", world.row("guests", 4, id=100, email=None, email_key=None)),
        ("invitation_guests", world.row("invitation_guests", 4, **code, id=100, guest_id=100)),
        ("guest_assignments", world.row("guest_assignments", 4, **code, id=100, guest_id=100, member_id=100)),
    )
    newest.run("UPDATE organizations SET last_reference = 3 WHERE id = 4")
    assert "; now reference_code=G0005\n" in cleaned(newest, tmp_path).said
    for table in ("guest_assignments", "invitation_guests"):
        assert rows(newest, f"SELECT reference_code FROM {table} WHERE id = 100") == [("G0005",)]
    assert "violations: 0." in told(newest, "audit").said


def test_of_two_on_one_seat_whoever_took_it_stays_before_whoever_held_it(newest: Scratch, tmp_path: Path) -> None:
    newest.run("DROP INDEX uq_seat_claims_seat_id")
    held = {"state": ClaimState.HELD, "held_until": LATER, "taken_table_id": None, "created_at": world.moment(1)}
    plant(newest, ("seat_claims", world.row("seat_claims", 4, id=100, **held)))
    cleaned(newest, tmp_path)
    assert rows(newest, "SELECT id FROM seat_claims WHERE seat_id = 4") == [(4,)]


def test_what_a_person_must_decide_is_left_and_named(newest: Scratch, tmp_path: Path) -> None:
    newest.run("DROP INDEX uq_users_email_key", "DROP INDEX uq_participants_event_id_user_id")
    plant(
        newest,
        ("users", world.row("users", 3, id=100, provider_id="another")),
        ("participants", world.row("participants", 2, id=100, role="organizer")),
    )
    before = picture(newest)
    said = cleaned(newest, tmp_path).said
    assert "left     event_keeps_an_organizer: " in said
    assert "Left for a person to decide:\nuq_users_email_key, in “users” (1):\n" in said
    assert "  email_key=host+3@example.org → rows 3, 100\n" in said
    assert (picture(newest), (tmp_path / "backup.jsonl").exists()) == (before, False)


def test_a_back_up_is_never_written_over_and_without_one_nothing_is_done(newest: Scratch, tmp_path: Path) -> None:
    plant(newest, ("member_profiles", world.row("member_profiles", 3, id=100, user_id=777)))
    before = picture(newest)
    standing = tmp_path / "notes.txt"
    standing.write_text("mine")
    for file in (standing, standing / "backup.jsonl"):
        refused = told(newest, "clean", "--write", "--to", file)
        assert (refused.code, "nothing was changed" in refused.said) == (1, True), refused.said
    assert (picture(newest), standing.read_text()) == (before, "mine")
    assert told(newest, "restore", standing).said == f"Error: {standing} is no back-up of `flask integrity clean`.\n"


def test_the_back_up_lies_beside_the_database_unless_told(
    newest: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "VAR", tmp_path / "var")
    plant(newest, ("member_profiles", world.row("member_profiles", 3, id=100, user_id=777)))
    said = told(newest, "clean", "--write").said
    (backup,) = (tmp_path / "var").iterdir()
    assert f"What was there is in {backup};" in said
    (deed,) = map(json.loads, backup.read_text().splitlines())
    assert (deed["what"], deed["table"], deed["row"]["id"]) == ("removed", "member_profiles", 100)


def test_nothing_is_done_where_the_engine_cannot(newest: Scratch, tmp_path: Path) -> None:
    """A change that fails in the middle takes the back-up along."""
    plant(newest, ("member_profiles", world.row("member_profiles", 3, id=100, user_id=777)))
    with unguarded(newest) as connection:
        connection.exec_driver_sql("ALTER TABLE activity RENAME COLUMN detail TO details")
    before = picture(newest)
    done = told(newest, "clean", "--write", "--to", tmp_path / "backup.jsonl")
    assert (done.code, "It could not be done, and nothing was changed." in done.said) == (1, True)
    assert (picture(newest), list(tmp_path.glob("*.jsonl"))) == (before, [])


@pytest.mark.parametrize("what", ["removed", "mended", "restored"])
def test_the_log_says_it_in_words(newest: Scratch, what: str) -> None:
    entry = Entry(1, f"place.{what}", "system", "place:1", {"name": "Ada", "rule": "uq"}, datetime.now(UTC))
    with newest.app.test_request_context():
        said = newest.app.jinja_env.get_template("events/log.html").make_module({}).said  # type: ignore[attr-defined]
        assert "data" in str(said(entry))


def test_which_of_two_stays_and_what_it_takes_over() -> None:
    first, second = world.row("member_profiles", 2, id=9), world.row("member_profiles", 4, id=1)
    assert [row["id"] for row in oldest_first([second, first])] == [9, 1], "by age, not by number"
    assert taken_over("member_profiles", {**first, "bio": ""}, {**second, "bio": "I sing."}) == {"bio": "I sing."}
    assert taken_over("member_profiles", {**first, "bio": "Mine."}, {**second, "bio": "A longer one."}) == {}
    organizer, admin = world.row("memberships", 2), world.row("memberships", 3)
    assert taken_over("memberships", organizer, {**admin, "organization_id": 2}) == {"role": "admin"}
    assert taken_over("memberships", organizer, admin) == {}, "what somebody may do elsewhere is not carried over"
