"""The room as it is now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.invitations.models import Invitation, InvitationGuest
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.seating.rules.views import SeatRow, TableRow


class SeatNotFound(LookupError):
    """No seat of this event has that id."""


def get_seat(event_id: int, seat_id: int, now: datetime) -> SeatRow:
    """One seat as it is now.

    Raises:
        SeatNotFound: no seat of this event has that id.
    """
    return get_seats(event_id, [seat_id], now)[seat_id]


def get_seats(event_id: int, seat_ids: Collection[int], now: datetime) -> dict[int, SeatRow]:
    """Seats as they are now, by id; one statement, however many.

    Raises:
        SeatNotFound: no seat of this event has one of the ids.
    """
    rows = db.session.execute(_seats(event_id, now).where(Seat.id.in_(seat_ids)))
    seats = {row.id: SeatRow(*row) for row in rows}
    if missing := set(seat_ids) - set(seats):
        raise SeatNotFound(missing)
    return seats


def seat_map(event_id: int, now: datetime) -> list[TableRow]:
    """The whole room as it is now: two statements, whatever its size."""
    seats: dict[int, list[SeatRow]] = {}
    for row in db.session.execute(_seats(event_id, now).order_by(Seat.table_id, Seat.position, Seat.id)):
        seats.setdefault(row.table_id, []).append(SeatRow(*row))
    tables = db.session.execute(
        select(Table.id, Table.name, Table.slug, Table.note, Table.shape, Table.x, Table.y, Table.is_quiet)
        .where(Table.event_id == event_id)
        .order_by(Table.id)
    )
    return [TableRow(*row, seats=tuple(seats.get(row.id, ()))) for row in tables]


def names_on_map(event_id: int) -> dict[int, str]:
    """Who sits where, for an event that shows names: no child, nobody whose household hides its names."""
    rows = db.session.execute(
        select(SeatClaim.seat_id, GuestAssignment.display_name)
        .join(GuestAssignment, SeatClaim.assignment_id == GuestAssignment.id)
        .join(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            SeatClaim.event_id == event_id,
            SeatClaim.state == ClaimState.TAKEN,
            InvitationGuest.is_child.is_(False),
            Invitation.names_hidden.is_(False),
        )
    )
    return {row.seat_id: row.display_name for row in rows}


def _seats(event_id: int, now: datetime) -> Any:
    living = or_(SeatClaim.state == ClaimState.TAKEN, SeatClaim.held_until > now)
    return (
        select(
            Seat.id,
            Seat.table_id,
            Table.name.label("table"),
            Seat.label,
            Seat.position,
            Seat.category,
            Seat.step_free,
            SeatClaim.assignment_id,
            SeatClaim.state,
        )
        .join(Table, Seat.table_id == Table.id)
        .outerjoin(SeatClaim, (SeatClaim.seat_id == Seat.id) & living)
        .where(Seat.event_id == event_id)
    )
