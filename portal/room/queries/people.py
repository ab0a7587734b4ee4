"""Who sits in the room, and who could be a table's captain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select

from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.room.rules.publishing import Sitter
from portal.seating.models import Category, ClaimState, GuestAssignment, Seat, SeatClaim


def sitters(event_id: int, now: datetime, *, table_ids: Collection[int] | None = None) -> list[Sitter]:
    """Everybody who has a seat, is choosing one, or has a place at a table; one statement.

    Whoever belongs to a table and is choosing a seat is there twice: for the table, and for the seat.

    Args:
        event_id: whose room.
        now: holds that have run out by then are nobody's.
        table_ids: the only tables that are wanted.
    """
    living = and_(
        SeatClaim.assignment_id == GuestAssignment.id,
        or_(SeatClaim.state == ClaimState.TAKEN, SeatClaim.held_until > now),
    )
    rows = db.session.execute(
        select(
            GuestAssignment.id, GuestAssignment.display_name, Guest.name, InvitationGuest.invitation_id,
            Invitation.name.label("household"), GuestAssignment.table_id, SeatClaim.table_id.label("seat_table_id"),
            SeatClaim.seat_id, SeatClaim.state, InvitationGuest.is_child, InvitationGuest.seat_category,
            Seat.step_free,
        )
        .join(Guest, GuestAssignment.guest_id == Guest.id)
        .outerjoin(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(SeatClaim, living)
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
        .where(
            GuestAssignment.event_id == event_id,
            or_(GuestAssignment.table_id.is_not(None), SeatClaim.seat_id.is_not(None)),
        )
        .order_by(GuestAssignment.id, SeatClaim.state.desc())  # what is taken before what is held
    )  # fmt: skip
    found: list[Sitter] = []
    settled = set()
    for row in rows:
        one = Sitter(
            place_id=row.id,
            name=row.display_name or row.name,
            invitation_id=row.invitation_id,
            household=row.household or "",
            table_id=row.seat_table_id or row.table_id,
            seat_id=row.seat_id,
            state=row.state,
            is_child=bool(row.is_child),
            category=row.seat_category or Category.REGULAR,
            step_free=bool(row.step_free),
        )
        found.append(one)
        if one.sits:
            settled.add(one.place_id)
        elif row.table_id is not None and one.place_id not in settled:
            found.append(replace(one, table_id=row.table_id, seat_id=None, state=None, step_free=False))
    return [one for one in found if table_ids is None or one.table_id in table_ids]


def captains_called(event_id: int, words: str) -> list[int]:
    """The guests of an event whose name, or e-mail, this is: whoever may captain a table."""
    found = db.session.scalars(
        select(Guest.id)
        .join(InvitationGuest, InvitationGuest.guest_id == Guest.id)
        .where(
            InvitationGuest.event_id == event_id,
            or_(Guest.search_key == search_key(words), Guest.email_key == email_key(words)),
        )
        .distinct()
        .limit(3)
    )
    return list(found)


def guest_names(guest_ids: Collection[int]) -> dict[int, str]:
    """The names of these guests, by id."""
    rows = db.session.execute(select(Guest.id, Guest.name).where(Guest.id.in_(guest_ids)))
    return {row.id: row.name for row in rows}
