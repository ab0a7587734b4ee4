"""Everybody of an event with what sheets and files say of them."""

from __future__ import annotations

from itertools import chain
from typing import Any

from sqlalchemy import false, func, literal, null, select
from sqlalchemy.orm import aliased

from portal.events.queries import sessions_of
from portal.events.rules import EventView
from portal.exports.models import Kind
from portal.exports.rules.files import Contents
from portal.exports.rules.people import Chair, Person
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp, SessionAnswer
from portal.kit.schema import db
from portal.kit.spreadsheets import in_turn
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table

_host_member = aliased(InvitationGuest)
_host_guest = aliased(Guest)


def contents(event: EventView, kind: Kind) -> Contents:
    """What the rows of a file of this kind are made of: one statement, or two or three."""
    return Contents(
        people(event),
        chairs(event) if kind == Kind.SEATING else [],
        sessions_of(event.id) if kind == Kind.ANSWERS else [],
        attending(event) if kind == Kind.ANSWERS else {},
        event.time_zone,
    )


def people(event: EventView) -> list[Person]:
    """Everybody on an invitation that still counts, in its order, and whoever has a place without one."""
    invited = db.session.execute(
        _invited()
        .where(InvitationGuest.event_id == event.id, Invitation.revoked_at.is_(None))
        .order_by(InvitationGuest.invitation_id, InvitationGuest.position, InvitationGuest.id)
    )
    others = db.session.execute(
        _without_invitation()
        .where(GuestAssignment.event_id == event.id, GuestAssignment.member_id.is_(None))
        .order_by(GuestAssignment.id)
    )
    return [Person(*row) for row in in_turn(chain(invited, others))]


def chairs(event: EventView) -> list[Chair]:
    """Every seat, table by table as they were laid, in the order around it."""
    rows = db.session.execute(
        select(Seat.id, Table.id, Table.name, Seat.label, Seat.category)
        .join(Table, Seat.table_id == Table.id)
        .where(Seat.event_id == event.id)
        .order_by(Table.id, Seat.position, Seat.id)
    )
    return [Chair(*row) for row in rows]


def attending(event: EventView) -> dict[int, set[int]]:
    """To which parts of the event each member comes, by member."""
    found: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(SessionAnswer.member_id, SessionAnswer.session_id)
        .join(InvitationGuest, SessionAnswer.member_id == InvitationGuest.id)
        .where(SessionAnswer.event_id == event.id, InvitationGuest.rsvp == Rsvp.ACCEPTED)
    )
    for member_id, session_id in rows:
        found.setdefault(member_id, set()).add(session_id)
    return found


def _invited() -> Any:
    return (
        select(
            InvitationGuest.id, InvitationGuest.invitation_id, Invitation.name, Guest.name,
            func.coalesce(_host_guest.name, ""), InvitationGuest.rsvp, InvitationGuest.responded_at,
            func.coalesce(InvitationGuest.responded_by, ""), InvitationGuest.is_child,
            InvitationGuest.plus_one_of.is_not(None), func.coalesce(InvitationGuest.meal, ""),
            InvitationGuest.dietary, InvitationGuest.note, InvitationGuest.host_note, *_contact(),
            Invitation.sent_at, Invitation.opened_at, *_place(),
        )
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .outerjoin(_host_member, InvitationGuest.plus_one_of == _host_member.id)
        .outerjoin(_host_guest, _host_member.guest_id == _host_guest.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
        .outerjoin(SeatClaim, (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN))
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
    )  # fmt: skip


def _without_invitation() -> Any:
    """Who has a place comes, invited or not."""
    empty = literal("")
    return (
        select(
            null(), null(), empty, func.coalesce(func.nullif(GuestAssignment.display_name, ""), Guest.name),
            empty, literal(Rsvp.ACCEPTED.value), null(), empty, false(), false(), empty, GuestAssignment.dietary,
            empty, empty, *_contact(), null(), null(), *_place(),
        )
        .join(Guest, GuestAssignment.guest_id == Guest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
        .outerjoin(SeatClaim, (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN))
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
    )  # fmt: skip


def _contact() -> list[Any]:
    return [func.coalesce(column, "") for column in (Guest.email, Guest.phone, Guest.company, Guest.language)]


def _place() -> list[Any]:
    return [
        Table.id, func.coalesce(Table.name, ""), Seat.id, func.coalesce(Seat.label, ""),
        func.coalesce(Seat.position, 0), func.coalesce(GuestAssignment.reference_code, ""),
    ]  # fmt: skip
