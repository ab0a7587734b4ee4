"""The room as it is now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, or_, select

from portal.invitations.models import Invitation, InvitationGuest
from portal.kit.clock import UTCDateTime
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.seating.rules.views import SeatRow, TableRow

TABLE_COLUMNS = 8
"""How many columns of a row of the room are the table's; the others are the seat's."""


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
    words = {"event_id": event_id, "now": now, "seat_ids": list(seat_ids)}
    seats = {row.seat_id: SeatRow(*row) for row in db.session.execute(_seats(), words)}
    if missing := set(seat_ids) - set(seats):
        raise SeatNotFound(missing)
    return seats


def seat_map(event_id: int, now: datetime, *, table_slug: str | None = None) -> list[TableRow]:
    """The whole room as it is now, or one table of it: one statement, whatever its size."""
    words = {"event_id": event_id, "now": now, "slug": table_slug}
    rows = db.session.execute(_room(one_table=table_slug is not None), words)
    tables = []
    for columns, group in groupby(rows, key=itemgetter(slice(TABLE_COLUMNS))):
        seats = tuple(SeatRow(*row[TABLE_COLUMNS:]) for row in group if row.seat_id is not None)
        tables.append(TableRow(*(*columns, seats)))
    return tables


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


@cache
def _seats() -> Any:
    return (
        select(*_seat_columns())
        .join(Table, Seat.table_id == Table.id)
        .outerjoin(SeatClaim, _living())
        .where(Seat.event_id == bindparam("event_id"), Seat.id.in_(bindparam("seat_ids", expanding=True)))
    )


@cache
def _room(*, one_table: bool) -> Any:
    rows = (
        select(
            Table.id, Table.name, Table.slug, Table.note, Table.shape, Table.x, Table.y, Table.is_quiet,
            *_seat_columns(),
        )
        .outerjoin(Seat, Seat.table_id == Table.id)
        .outerjoin(SeatClaim, _living())
        .where(Table.event_id == bindparam("event_id"))
        .order_by(Table.id, Seat.position, Seat.id)
    )  # fmt: skip
    return rows.where(Table.slug == bindparam("slug")) if one_table else rows


def _seat_columns() -> list[Any]:
    """The columns of a ``SeatRow``, of a seat and its table and whoever has it."""
    return [
        Seat.id.label("seat_id"), Seat.table_id, Table.name, Seat.label, Seat.position, Seat.category, Seat.step_free,
        SeatClaim.assignment_id, SeatClaim.state, SeatClaim.held_until,
    ]  # fmt: skip


def _living() -> Any:
    """The claim of a seat, unless it is a hold that has run out."""
    now = bindparam("now", type_=UTCDateTime)
    return (SeatClaim.seat_id == Seat.id) & or_(SeatClaim.state == ClaimState.TAKEN, SeatClaim.held_until > now)
