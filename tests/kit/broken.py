"""One way to break each rule of the schema, and that rule alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, insert, update
from sqlalchemy.sql.dml import UpdateBase

from portal.invitations.models import Rsvp
from portal.kit.conflicts import FOREIGN_KEY, NamedRule
from portal.kit.database import action
from portal.kit.schema import db
from portal.seating.models import ClaimState
from tests import world

STANDING = 10
"""How many rows of each table stand before anything is broken."""
FRESH = 11
"""The number of the row that is added: a member, not a superuser, who holds and does not take."""
NOBODY = 777
"""A number that nothing has."""
WITHOUT_MEMBER = {"member_id": None, "member_rsvp": None}
HOLD = {"state": ClaimState.HELD, "held_until": world.moment(1), "taken_table_id": None}


@dataclass(frozen=True)
class Break:
    """A row that is refused: row ``like`` of ``table`` with ``changes``, after ``first``."""

    table: str
    changes: dict[str, Any]
    like: int = FRESH
    first: tuple[UpdateBase, ...] = ()


def _add(table: str, number: int, **changes: Any) -> UpdateBase:
    return insert(world.table(table)).values(world.row(table, number, **changes))


def _place(**changes: Any) -> dict[str, Any]:
    return {"table_id": None, "bidder_number": None, "reference_code": "G9999", **changes}


def _loosen(assignment: int) -> UpdateBase:
    """Take a place off its table."""
    places = world.table("guest_assignments")
    return update(places).where(places.c.id == assignment).values(table_id=None)


def _neighbor(event: int) -> UpdateBase:
    """Invite a second household to an event."""
    return _add("invitations", event, id=NOBODY, code=f"{NOBODY:012d}")


UNIQUE: dict[str, Break] = {
    "uq_organizations_slug": Break("organizations", {"slug": "organization-4"}),
    "uq_users_email_key": Break("users", {"email_key": "host+4@example.org"}),
    "uq_users_provider_provider_id": Break("users", {"provider_id": "subject-4"}),
    "uq_memberships_user_organization": Break("memberships", {}, like=4),
    "uq_memberships_one_tenant_per_user": Break("memberships", {"organization_id": 5}, like=3),
    "uq_user_sessions_token_hash": Break("user_sessions", {"token_hash": f"{4:064x}"}),
    "uq_events_organization_id_slug": Break("events", {}, like=4),
    "uq_guests_organization_id_email_key": Break("guests", {}, like=4),
    "uq_invitations_code": Break("invitations", {"code": f"{4:012d}"}),
    "uq_invitation_guests_event_id_guest_id": Break("invitation_guests", {}, like=4),
    "uq_session_answers_member_id_session_id": Break("session_answers", {}, like=4),
    "uq_tables_event_id_name": Break("tables", {"slug": "another"}, like=4),
    "uq_tables_event_id_slug": Break("tables", {"name": "Another"}, like=4),
    "uq_seats_event_id_table_id_label": Break("seats", {}, like=4),
    "uq_guest_assignments_member_id": Break("guest_assignments", _place(), like=4),
    "uq_guest_assignments_event_id_table_id_guest_id": Break(
        "guest_assignments", _place(table_id=4, **WITHOUT_MEMBER), like=4
    ),
    "uq_guest_assignments_organization_id_reference_code": Break(
        "guest_assignments", _place(reference_code="G0004", **WITHOUT_MEMBER), like=4
    ),
    "uq_guest_assignments_event_id_bidder_number": Break(
        "guest_assignments", _place(bidder_number=5, **WITHOUT_MEMBER), like=5
    ),
    "uq_seat_claims_seat_id": Break("seat_claims", HOLD, like=4),
    "uq_seat_claims_assignment_id_state": Break(
        "seat_claims", {"seat_id": NOBODY}, like=4, first=(_add("seats", 4, id=NOBODY, label="beside"),)
    ),
    "uq_waiting_list_event_id_invitation_id": Break("waiting_list", {}, like=4),
    "uq_household_requests_slot": Break("household_requests", {}, like=4),
    "uq_household_requests_open": Break(
        "household_requests",
        {"to_invitation_id": NOBODY, "slot": 2},
        like=4,
        first=(_neighbor(4), _add("household_requests", 4, id=NOBODY, to_invitation_id=NOBODY, slot=1)),
    ),
    "uq_seat_notices_member_id": Break("seat_notices", {}, like=4),
    "uq_room_drafts_event_id": Break("room_drafts", {}, like=4),
    "uq_room_steps_draft_id_number": Break("room_steps", {}, like=4),
    "uq_participants_event_id_user_id": Break("participants", {}, like=5),
    "uq_import_rows_number": Break("import_rows", {}, like=4),
    "uq_import_households_place": Break("import_households", {}, like=4),
    "uq_member_profiles_user_id": Break("member_profiles", {"user_id": 4, "organization_id": 4}),
    "uq_groups_organization_id_name_key": Break("groups", {}, like=4),
    "uq_group_memberships_group_id_user_id": Break("group_memberships", {}, like=4),
    "uq_organization_invitations_token_hash": Break("organization_invitations", {"token_hash": f"{4:064x}"}),
    "uq_organization_invitations_open": Break("organization_invitations", {"token_hash": f"{NOBODY:064x}"}, like=4),
    "uq_export_feeds_code": Break("export_feeds", {"code": f"{4:012d}"}),
    "uq_operations_scope_operation_id": Break("operations", {}, like=4),
    "uq_rate_counters_key": Break("rate_counters", {}, like=4),
}

IMPLIED = {
    "uq_users_id_is_superuser",
    "uq_groups_id_organization_id",
    "uq_events_id_organization_id",
    "uq_event_sessions_id_event_id",
    "uq_guests_id_organization_id",
    "uq_invitations_id_event_id",
    "uq_invitation_guests_id_rsvp",
    "uq_invitation_guests_id_event_id_guest_id",
    "uq_invitation_guests_id_invitation_id",
    "uq_tables_id_event_id",
    "uq_imports_id_event_id",
    "uq_seats_id_table_id_event_id",
    "uq_guest_assignments_id_event_id",
    "uq_guest_assignments_id_table_id",
}
"""Targets of composite keys: they hold the primary key, so nothing breaks them that does not break it first."""

CHECK: dict[str, Break] = {
    "ck_memberships_role": Break("memberships", {"role": "owner"}),
    "ck_organization_invitations_role": Break("organization_invitations", {"role": "owner"}),
    "ck_events_status": Break("events", {"status": "postponed"}),
    "ck_events_ends_after_start": Break("events", {"ends_at": world.moment(FRESH)}),
    "ck_events_hold_seconds": Break("events", {"hold_seconds": -1}),
    "ck_events_capacity": Break("events", {"capacity": 1, "coming": 2}),
    "ck_events_offer_seconds": Break("events", {"offer_seconds": 0}),
    "ck_waiting_list_wants": Break("waiting_list", {"wants": 0}),
    "ck_waiting_list_offer": Break("waiting_list", {"offered_until": None}),
    "ck_household_requests_kind": Break("household_requests", {"kind": "apart"}),
    "ck_household_requests_state": Break(
        "household_requests",
        {"state": "lost", "answered_at": world.moment(1), "to_invitation_id": NOBODY},
        first=(_neighbor(FRESH),),
    ),
    "ck_household_requests_two": Break("household_requests", {"to_invitation_id": FRESH}),
    "ck_household_requests_slot": Break("household_requests", {"slot": 6}),
    "ck_household_requests_answered_at": Break("household_requests", {"answered_at": world.moment(1)}),
    "ck_household_requests_answered_by": Break(
        "household_requests", {"state": "declined", "answered_at": world.moment(1)}
    ),
    "ck_event_sessions_ends_after_start": Break("event_sessions", {"ends_at": world.moment(FRESH)}),
    "ck_room_drafts_version": Break("room_drafts", {"version": 0}),
    "ck_participants_role": Break("participants", {"role": "owner"}),
    "ck_imports_state": Break("imports", {"state": "lost", "content": None}),
    "ck_imports_content": Break("imports", {"content": None}),
    "ck_imports_done": Break("imports", {"done": -1}),
    "ck_import_rows_fate": Break("import_rows", {"fate": "lost"}),
    "ck_export_feeds_kind": Break("export_feeds", {"kind": "secrets"}),
    "ck_invitation_guests_rsvp": Break("invitation_guests", {"rsvp": "maybe"}),
    "ck_invitation_guests_seat_category": Break("invitation_guests", {"seat_category": "balcony"}),
    "ck_tables_shape": Break("tables", {"shape": "star"}),
    "ck_tables_kind": Break("tables", {"kind": "secret"}),
    "ck_tables_capacity": Break("tables", {"capacity": 0}),
    "ck_seats_category": Break("seats", {"category": "balcony"}),
    "ck_guest_assignments_member_accepted": Break("guest_assignments", {"member_rsvp": Rsvp.PENDING}),
    "ck_seat_claims_state": Break("seat_claims", {"state": "sold", "held_until": None, "taken_table_id": None}),
    "ck_seat_claims_held_until": Break("seat_claims", {"held_until": None}),
    "ck_seat_claims_taken_table": Break("seat_claims", {"taken_table_id": FRESH}),
}

FOREIGN: dict[str, Break] = {
    "fk_memberships_user_id_is_superuser": Break("memberships", {"is_superuser": True}),
    "fk_memberships_organization_id": Break("memberships", {"organization_id": NOBODY}),
    "fk_member_profiles_user_id_organization_id": Break("member_profiles", {"organization_id": NOBODY}),
    "fk_groups_organization_id": Break("groups", {"organization_id": NOBODY}),
    "fk_group_memberships_group_id_organization_id": Break("group_memberships", {"group_id": NOBODY}),
    "fk_group_memberships_user_id_organization_id": Break("group_memberships", {"user_id": NOBODY}),
    "fk_organization_invitations_organization_id": Break("organization_invitations", {"organization_id": NOBODY}),
    "fk_organization_invitations_invited_by": Break("organization_invitations", {"invited_by": NOBODY}),
    "fk_user_sessions_user_id": Break("user_sessions", {"user_id": NOBODY}),
    "fk_events_organization_id": Break("events", {"organization_id": NOBODY}),
    "fk_event_sessions_event_id": Break("event_sessions", {"event_id": NOBODY}),
    "fk_guests_organization_id": Break("guests", {"organization_id": NOBODY}),
    "fk_guests_user_id": Break("guests", {"user_id": NOBODY}),
    "fk_invitations_event_id": Break("invitations", {"event_id": NOBODY}),
    "fk_invitation_guests_event_id_organization_id": Break("invitation_guests", {"organization_id": 4, "guest_id": 4}),
    "fk_invitation_guests_guest_id_organization_id": Break("invitation_guests", {"guest_id": 4}),
    "fk_invitation_guests_invitation_id_event_id": Break("invitation_guests", {"invitation_id": 4}),
    "fk_invitation_guests_plus_one_of_invitation_id": Break("invitation_guests", {"plus_one_of": 4}),
    "fk_session_answers_member_id_event_id_guest_id": Break("session_answers", {"guest_id": 4}),
    "fk_session_answers_session_id_event_id": Break("session_answers", {"session_id": 4}),
    "fk_tables_event_id": Break("tables", {"event_id": NOBODY, "captain_id": None}),
    "fk_tables_event_id_captain_id": Break("tables", {"captain_id": 4}),
    "fk_seats_table_id_event_id": Break("seats", {"table_id": 4}),
    "fk_guest_assignments_event_id_organization_id": Break(
        "guest_assignments", _place(organization_id=4, guest_id=4, **WITHOUT_MEMBER)
    ),
    "fk_guest_assignments_guest_id_organization_id": Break("guest_assignments", _place(guest_id=4, **WITHOUT_MEMBER)),
    "fk_guest_assignments_table_id_event_id": Break("guest_assignments", {"table_id": 4}),
    "fk_guest_assignments_member": Break("guest_assignments", _place(guest_id=4, organization_id=4, event_id=4)),
    "fk_guest_assignments_member_id_member_rsvp": Break(
        "guest_assignments",
        {},
        first=(
            update(world.table("invitation_guests"))
            .values(rsvp=Rsvp.PENDING)
            .where(world.table("invitation_guests").c.id == FRESH),
        ),
    ),
    "fk_seat_claims_seat_id_table_id_event_id": Break("seat_claims", {"seat_id": NOBODY}),
    "fk_seat_claims_assignment_id_event_id": Break("seat_claims", {"assignment_id": NOBODY}),
    "fk_seat_claims_assignment_id_taken_table_id": Break(
        "seat_claims",
        {"state": ClaimState.TAKEN, "held_until": None, "taken_table_id": FRESH},
        first=(_loosen(FRESH),),
    ),
    "fk_waiting_list_invitation_id_event_id": Break("waiting_list", {"invitation_id": NOBODY}),
    "fk_household_requests_from_invitation_id_event_id": Break("household_requests", {"from_invitation_id": NOBODY}),
    "fk_household_requests_to_invitation_id_event_id": Break("household_requests", {"to_invitation_id": NOBODY}),
    "fk_seating_steps_event_id": Break("seating_steps", {"event_id": NOBODY}),
    "fk_seat_notices_invitation_id_event_id": Break("seat_notices", {"event_id": 4}),
    "fk_seat_notices_member_id_invitation_id": Break("seat_notices", {"member_id": NOBODY}),
    "fk_seat_notices_seat_id": Break("seat_notices", {"seat_id": NOBODY}),
    "fk_room_drafts_event_id": Break("room_drafts", {"event_id": NOBODY}),
    "fk_room_steps_draft_id": Break("room_steps", {"draft_id": NOBODY}),
    "fk_participants_event_id_organization_id": Break("participants", {"organization_id": 4}),
    "fk_participants_user_id": Break("participants", {"user_id": NOBODY}),
    "fk_imports_event_id_organization_id": Break("imports", {"organization_id": 4}),
    "fk_imports_user_id": Break("imports", {"user_id": NOBODY}),
    "fk_import_rows_import_id_event_id": Break("import_rows", {"import_id": NOBODY}),
    "fk_import_households_import_id_event_id": Break("import_households", {"import_id": NOBODY}),
    "fk_import_households_invitation_id": Break("import_households", {"invitation_id": NOBODY}),
    "fk_export_feeds_event_id_organization_id": Break("export_feeds", {"organization_id": 4}),
    "fk_export_feeds_created_by": Break("export_feeds", {"created_by": NOBODY}),
    "fk_activity_event_id_organization_id": Break("activity", {"organization_id": 4}),
    "fk_activity_organization_id": Break("activity", {"organization_id": NOBODY, "event_id": None}),
}

BREAKS = {**UNIQUE, **CHECK, **FOREIGN}


def kind_of(rule: NamedRule) -> str:
    """Which of the three tables above a rule belongs to."""
    if isinstance(rule, ForeignKeyConstraint):
        return FOREIGN_KEY
    return "check" if isinstance(rule, CheckConstraint) else "unique"


def is_implied(rule: UniqueConstraint | Index) -> bool:
    """Whether the primary key alone makes this unique."""
    return "id" in {column.name for column in rule.columns}


def prepare(table_name: str) -> None:
    """Write the standing rows, and the parents of the row that will be refused."""
    parents = world.ancestors(table_name)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, range(1, STANDING + 1))
        for table in db.metadata.sorted_tables:
            if table.name in parents:
                world.add(connection, table.name, [world.row(table.name, FRESH)])


@action
def write(wanted: Sequence[UpdateBase]) -> None:
    """Nothing but these statements, in one action."""
    for statement in wanted:
        db.session.execute(statement)


def statements(broken: Break) -> list[UpdateBase]:
    """What breaks the rule, all in one action."""
    changed = world.row(broken.table, broken.like, **{"id": FRESH, **broken.changes})
    return [*broken.first, insert(world.table(broken.table)).values(changed)]
