"""What becomes of rows that break a rule: which stays, what it takes over, and what needs a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]

DOUBLES = (
    "uq_memberships_user_organization",
    "uq_memberships_one_tenant_per_user",
    "uq_member_profiles_user_id",
    "uq_groups_organization_id_name_key",
    "uq_group_memberships_group_id_user_id",
    "uq_organization_invitations_open",
    "uq_participants_event_id_user_id",
    "uq_guest_assignments_member_id",
    "uq_guest_assignments_event_id_table_id_guest_id",
    "uq_seat_claims_seat_id",
    "uq_seat_claims_assignment_id_state",
    "uq_session_answers_member_id_session_id",
    "uq_waiting_list_event_id_invitation_id",
    "uq_household_requests_open",
    "uq_seat_notices_member_id",
)
"""Rules whose doubles are one thing written twice: the oldest stays, the others are folded into it.

Two rows that break another rule are two things: accounts, events, guests, links. Which of them is right, a person says.
"""

RENEWED = "uq_guest_assignments_organization_id_reference_code"
CLEARED = "uq_guest_assignments_event_id_bidder_number"
MENDED = (*DOUBLES, RENEWED, CLEARED)
"""Two places under one number are two people's: nobody loses a place for it, the younger one gets another number."""

FILLED = {
    "memberships": ("role",),
    "member_profiles": ("display_name", "bio"),
    "guest_assignments": ("table_id", "member_id", "member_rsvp", "tier", "bidder_number", "display_name", "dietary"),
}
"""What the row that stays takes over from a double where it has nothing itself, by table."""

NOUNS = {
    "memberships": "membership",
    "member_profiles": "profile",
    "groups": "group",
    "group_memberships": "group_membership",
    "organization_invitations": "colleague",
    "participants": "participant",
    "guest_assignments": "place",
    "seat_claims": "seat",
    "session_answers": "session_answer",
    "waiting_list": "waiting",
    "household_requests": "request",
    "seat_notices": "notice",
}
"""How the log calls a row of each table that has its own word."""

TRIGGERS = frozenset({
    *(f"count_who_comes_{verb}" for verb in ("insert", "delete", "update", "anew")),
    *(f"event_keeps_an_organizer_{verb}" for verb in ("update", "delete")),
    *(f"organization_keeps_an_admin_{verb}" for verb in ("update", "delete", "user")),
    *(f"part_has_room_{verb}" for verb in ("answer", "move", "capacity", "return")),
})  # fmt: skip
LOG_TRIGGERS = {
    "postgresql": {"activity_is_only_added_to"},
    "sqlite": {"activity_is_only_added_to_update", "activity_is_only_added_to_delete"},
}
"""The triggers that the migrations make, by engine where they differ."""


@dataclass(frozen=True)
class Deed:
    """What was done with one row.

    Attributes:
        what: ``removed`` or ``mended``.
        rule: the rule that it broke.
        table: whose row it is.
        row: as it was.
        became: of a mended one, what is different now.
        kept: the row that stays in the place of a removed one, if one does.
    """

    what: str
    rule: str
    table: str
    row: Row
    became: Mapping[str, Any]
    kept: int | None

    def line(self) -> str:
        """A line of the back-up file."""
        return json.dumps(vars(self), default=datetime.isoformat, ensure_ascii=False)

    def sentence(self) -> str:
        """What an operator reads."""
        told = f"{self.table} {self.row['id']} ({described(self.row)})"
        if self.what == "removed":
            stays = f"; {self.kept} stays" if self.kept is not None else ""
            return f"removed  {told}: {self.rule}{stays}"
        return f"mended   {told}: {self.rule}; now {described(self.became)}"


class NotABackup(ValueError):
    """A line that no back-up file has."""


def read_line(line: str) -> Deed:
    """A deed of a back-up file; moments are still text.

    Raises:
        NotABackup: it is none.
    """
    try:
        deed = Deed(**json.loads(line))
        int(deed.row["id"])
    except (ValueError, TypeError, KeyError) as error:
        raise NotABackup from error
    return deed


def described(row: Mapping[str, Any]) -> str:
    """A row in short: whom and what it joins, and what it is called; never a secret."""
    telling = ("role", "state", "name", "display_name", "bio", "reference_code", "bidder_number")
    shown = {name: value for name, value in row.items() if name.endswith("_id") or name in telling}
    return ", ".join(f"{name}={value}" for name, value in shown.items() if value not in (None, "") or len(row) == 1)


def oldest_first(rows: Iterable[Row]) -> list[Row]:
    """The order in which rows have a right to stay; of claims, a seat that is taken comes before one that is held."""
    return sorted(rows, key=lambda row: (row.get("state") == "held", row["created_at"], row["id"]))


def taken_over(table: str, kept: Row, double: Row) -> Row:
    """What ``double`` knows and the row that stays does not; of what both know, that of the older stands.

    Whoever was an admin of the same organization in one of the rows remains one; another organization's role is not
    carried over.
    """
    if table == "memberships":
        promoted = kept["organization_id"] == double["organization_id"] and double["role"] == "admin" != kept["role"]
        return {"role": "admin"} if promoted else {}
    names = [name for name in FILLED.get(table, ()) if name in kept]
    return {name: double[name] for name in names if kept[name] in (None, "") and double[name] not in (None, "")}
