"""Nouns about invitations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from portal.events.models import Event, Status
from portal.events.queries import EVENT_COLUMNS
from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, SessionAnswer
from portal.invitations.rules import MemberView, SeatView, Viewer
from portal.kit import tokens
from portal.kit.schema import db
from portal.kit.statements import question
from portal.organizations.models import Organization
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table

PURPOSE = "invitation"
"""What an invitation's token is signed for."""


def token_of(code: str) -> str:
    """The token that stands in an invitation's address."""
    return tokens.sign(code, PURPOSE)


def find_code(token: str) -> str | None:
    """The code in a token, without asking the database; None for a forged one."""
    return tokens.verify(token, PURPOSE)


def find_invitation(code: str) -> Any | None:
    """The row of an invitation to an event that guests may see, revoked or not."""
    return next(iter(_invitations(code=code)), None)


@question
def _invitations() -> Select[Any]:
    return (
        select(
            Invitation.id,
            Invitation.name,
            Invitation.opened_at,
            Invitation.revoked_at,
            *EVENT_COLUMNS,
        )
        .join(Event, Invitation.event_id == Event.id)
        .join(Organization, Event.organization_id == Organization.id)
        .where(Invitation.code == bindparam("code"), Event.deleted_at.is_(None), Event.status != Status.DRAFT)
    )


def viewer_of(row: Any, code: str, now: datetime) -> tuple[Viewer, str | None]:
    """The viewer behind the row of an invitation, and the language the household chose."""
    members, language = members_of(row[0], now)
    viewer = Viewer(
        invitation_id=row[0],
        token=token_of(code),
        code=code,
        name=row[1],
        opened_at=row[2],
        event=EventView(*row[4:]),
        members=members,
    )
    return viewer, language


def get_viewer(token: str, now: datetime) -> Viewer:
    """The viewer behind a token as the world is now, after a change."""
    code = find_code(token)
    row = find_invitation(code) if code else None
    if code is None or row is None:
        raise LookupError("the invitation has gone")
    return viewer_of(row, code, now)[0]


def refreshed(viewer: Viewer, now: datetime) -> Viewer:
    """The same viewer with the members as they are now, after a change of theirs: one statement."""
    return replace(viewer, members=members_of(viewer.invitation_id, now)[0])


def has_seats(event_id: int) -> bool:
    """Whether there is anything to sit on."""
    return bool(_any_seat(event_id=event_id))


@question
def _any_seat() -> Select[Any]:
    return select(Seat.id).where(Seat.event_id == bindparam("event_id")).limit(1)


def members_of(invitation_id: int, now: datetime) -> tuple[tuple[MemberView, ...], str | None]:
    """The members in their order, each with their seat, and the first language any of them set; one statement."""
    rows = _members(invitation_id=invitation_id)
    members = tuple(_member(row, now) for row in rows)
    return members, next((row[26] for row in rows if row[26]), None)


@question
def _members() -> Any:
    taken, held = aliased(SeatClaim), aliased(SeatClaim)
    taken_seat, held_seat = aliased(Seat), aliased(Seat)
    taken_table, held_table = aliased(Table), aliased(Table)
    return (
        select(
            InvitationGuest.id,
            InvitationGuest.guest_id,
            Guest.name,
            InvitationGuest.rsvp,
            InvitationGuest.is_child,
            InvitationGuest.plus_one_of,
            InvitationGuest.meal,
            InvitationGuest.dietary,
            InvitationGuest.note,
            InvitationGuest.seat_category,
            InvitationGuest.reference_code,
            GuestAssignment.id,
            *_seat_columns(taken_seat, taken_table, taken),
            *_seat_columns(held_seat, held_table, held),
            Guest.language,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(taken, (taken.assignment_id == GuestAssignment.id) & (taken.state == ClaimState.TAKEN))
        .outerjoin(taken_seat, taken.seat_id == taken_seat.id)
        .outerjoin(taken_table, taken.table_id == taken_table.id)
        .outerjoin(held, (held.assignment_id == GuestAssignment.id) & (held.state == ClaimState.HELD))
        .outerjoin(held_seat, held.seat_id == held_seat.id)
        .outerjoin(held_table, held.table_id == held_table.id)
        .where(InvitationGuest.invitation_id == bindparam("invitation_id"))
        .order_by(InvitationGuest.position, InvitationGuest.id)
    )


def _member(row: Any, now: datetime) -> MemberView:
    taken = SeatView(*row[12:19]) if row[12] else None
    held = SeatView(*row[19:26]) if row[19] else None
    ran_out = held is not None and held.held_until is not None and held.held_until <= now
    seats = (taken, None, held) if ran_out else (taken, held, None)
    return MemberView(*row[:12], *seats)


def _seat_columns(seat: Any, table: Any, claim: Any) -> list[Any]:
    return [seat.id, seat.label, table.id, table.name, table.slug, claim.state, claim.held_until]


def session_answers(invitation_id: int) -> set[tuple[int, int]]:
    """Which members come to which parts of the event, as (member id, session id)."""
    rows = db.session.execute(
        select(SessionAnswer.member_id, SessionAnswer.session_id)
        .join(InvitationGuest, SessionAnswer.member_id == InvitationGuest.id)
        .where(InvitationGuest.invitation_id == invitation_id)
    )
    return {(row[0], row[1]) for row in rows}
