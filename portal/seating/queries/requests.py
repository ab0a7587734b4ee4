"""What households ask of each other, as each of them may see it; and whom a typed name means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.invitations.rules import SeatView, Viewer
from portal.kit import language
from portal.kit.conflicts import Conflict
from portal.kit.presentation import seats_at
from portal.kit.schema import db
from portal.kit.statements import question
from portal.kit.text import search_key
from portal.seating.models import (
    ClaimState,
    GuestAssignment,
    HouseholdRequest,
    RequestKind,
    RequestState,
    Seat,
    SeatClaim,
    Table,
)
from portal.seating.rules.picking import why_not_pick
from portal.seating.rules.requests import Asked, household_key, is_shown, seat_ids


class RequestNotFound(LookupError):
    """No request of this household, or to it, has that id."""


@dataclass(frozen=True)
class RequestsPage:
    """What a household has asked and been asked, and what was just refused to it."""

    viewer: Viewer
    requests: tuple[Asked, ...]
    refused: str = ""
    wrong: str = ""
    typed: str = ""
    is_answer: bool = False

    @property
    def mine(self) -> tuple[SeatView, ...]:
        """The seats this household has."""
        return tuple(member.taken for member in self.viewer.accepted if member.taken)

    @property
    def my_seats(self) -> str:
        """The seats this household has, in words."""
        return seats_in_words(self.mine)

    @property
    def table(self) -> str | None:
        """The address of the table that the household shares."""
        tables = {seat.table_slug for seat in self.mine}
        return tables.pop() if len(tables) == 1 else None

    def their_seats(self, request: Asked) -> str:
        """The seats of the household that asks for a swap, in words."""
        return seats_in_words(request.theirs)

    def shown(self, request: Asked) -> str:
        """The seats on both sides of a swap, for the answer to say what it is about."""
        return seat_ids([*self.mine, *request.theirs])


def requests_page(
    viewer: Viewer,
    now: datetime,
    *,
    conflict: Conflict | None = None,
    wrong: str = "",
    typed: str = "",
    is_answer: bool = False,
) -> RequestsPage:
    """The requests of a household as they are now, with what was refused or what was wrong with a name."""
    refused = conflict.sentence(language.current()) if conflict else ""
    return RequestsPage(viewer, tuple(requests_of(viewer, now)), refused, wrong, typed, is_answer)


def seats_in_words(seats: Sequence[SeatView]) -> str:
    """“Table 7, seats 1 to 4”, for each table where there are some."""
    by_table: dict[str, list[str]] = {}
    for seat in sorted(seats, key=lambda seat: (seat.table_id, len(seat.label), seat.label)):
        by_table.setdefault(seat.table, []).append(seat.label)
    return "; ".join(seats_at(table, labels) for table, labels in by_table.items())


def find_requests_page(viewer: Viewer, now: datetime) -> RequestsPage | None:
    """The same for a page that is about something else: None for a household that cannot ask anything now."""
    if not viewer.accepted or may_not_ask(viewer, now):
        return None
    return requests_page(viewer, now)


def may_not_ask(viewer: Viewer, now: datetime) -> bool:
    """Whether seats cannot be picked any more; a time that has not begun yet is no reason not to ask."""
    opens = viewer.event.seats_open_at
    return why_not_pick(viewer.event, max(now, opens) if opens else now) is not None


def requests_of(viewer: Viewer, now: datetime) -> list[Asked]:
    """What a household asked and was asked, open or answered lately, oldest first; one statement, two with swaps.

    A household whose link was revoked is gone: what it asked is not shown, nor
    that it answered. What was asked of it looks like any other open request.
    """
    asked = _requests(invitation_id=viewer.invitation_id)
    rows = [row for row in asked if is_shown(row.state, row.answered_at, now)]
    swaps = [row.from_id for row in rows if row.kind == RequestKind.SWAP and row.from_id != viewer.invitation_id]
    seats = seats_of(swaps) if swaps else {}
    return [
        Asked(
            id=row.id,
            kind=row.kind,
            state=row.state,
            wanted=row.wanted,
            household="" if row.from_id == viewer.invitation_id else row.household,
            is_mine=row.from_id == viewer.invitation_id,
            theirs=tuple(seats.get(row.from_id, ())),
        )
        for row in rows
    ]


def seats_of(invitation_ids: Collection[int]) -> dict[int, list[SeatView]]:
    """The seats that households have, by invitation, in the order they stand; one statement."""
    rows = db.session.execute(
        select(InvitationGuest.invitation_id, *_SEAT)
        .join(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .join(SeatClaim, SeatClaim.assignment_id == GuestAssignment.id)
        .join(Seat, SeatClaim.seat_id == Seat.id)
        .join(Table, SeatClaim.table_id == Table.id)
        .where(InvitationGuest.invitation_id.in_(invitation_ids), SeatClaim.state == ClaimState.TAKEN)
        .order_by(Table.id, Seat.position)
    )
    seats: dict[int, list[SeatView]] = {}
    for row in rows:
        seats.setdefault(row[0], []).append(SeatView(*row[1:]))
    return seats


def find_household(viewer: Viewer, typed: str) -> int | None:
    """The one other household of the event that a typed name means; None if it means nobody or several.

    Found by its own name or by the full name of an adult on it; never by a
    child's. A revoked invitation is not found.
    """
    others = (
        Invitation.event_id == viewer.event.id,
        Invitation.id != viewer.invitation_id,
        Invitation.revoked_at.is_(None),
    )
    wanted = household_key(typed)
    named = {
        row.id
        for row in db.session.execute(select(Invitation.id, Invitation.name).where(*others))
        if household_key(row.name) == wanted
    }
    people = db.session.scalars(
        select(InvitationGuest.invitation_id)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            Guest.organization_id == viewer.event.organization_id,
            Guest.search_key == search_key(typed),
            InvitationGuest.is_child.is_(False),
            *others,
        )
    )
    found = named | set(people)
    return found.pop() if len(found) == 1 else None


_SEAT = (Seat.id, Seat.label, Table.id, Table.name, Table.slug, SeatClaim.state, SeatClaim.held_until)


@question
def _requests() -> Any:
    asking, asked = aliased(Invitation), aliased(Invitation)
    household: Any = bindparam("invitation_id")
    own = HouseholdRequest.from_invitation_id == household
    return (
        select(
            HouseholdRequest.id,
            HouseholdRequest.kind,
            HouseholdRequest.state,
            HouseholdRequest.wanted,
            HouseholdRequest.answered_at,
            HouseholdRequest.from_invitation_id.label("from_id"),
            asking.name.label("household"),
        )
        .join(asking, HouseholdRequest.from_invitation_id == asking.id)
        .outerjoin(asked, HouseholdRequest.to_invitation_id == asked.id)
        .where(
            or_(own, HouseholdRequest.to_invitation_id == household),
            HouseholdRequest.state != RequestState.WITHDRAWN,
            asking.revoked_at.is_(None),
            or_(HouseholdRequest.state == RequestState.ASKED, asked.revoked_at.is_(None)),
        )
        .order_by(HouseholdRequest.id)
    )
