"""The room as it is now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from portal.invitations.models import Invitation, InvitationGuest
from portal.kit.clock import UTCDateTime
from portal.kit.schema import db
from portal.kit.statements import Question, question
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.seating.rules.views import SeatRow, TableRow

TABLE_COLUMNS = 8
"""How many columns of a row of the room are the table's; the others are the seat's."""


class Found(NamedTuple):
    """A table, and what the database said of it and its seats."""

    cells: list[Any]
    table: TableRow


NOTHING: Mapping[int, Found] = {}


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
    seats = find_seats(event_id, seat_ids, now)
    if missing := set(seat_ids) - set(seats):
        raise SeatNotFound(missing)
    return seats


def find_seats(event_id: int, seat_ids: Collection[int], now: datetime) -> dict[int, SeatRow]:
    """Those of these seats that are in the room, as they are now, by id; one statement."""
    return {row.seat_id: SeatRow(*row) for row in _seats(event_id=event_id, now=now, seat_ids=list(seat_ids))}


def seat_map(
    event_id: int, now: datetime, *, table_slug: str | None = None, known: Mapping[int, Found] = NOTHING
) -> dict[int, Found]:
    """The whole room as it is now, or one table of it: one statement, whatever its size.

    Args:
        event_id: whose room.
        now: holds that have run out by then are nobody's.
        table_slug: the only table that is wanted.
        known: what an earlier call gave; a table that is as it was then is the same one, with all that was made of it.

    Returns:
        The tables by their ids, in the order they were laid.
    """
    slug = {} if table_slug is None else {"slug": table_slug}
    asked = _room if table_slug is None else _table
    cells = asked.cells(event_id=event_id, now=now, **slug)
    return {
        table_id: _found(asked, list(group), known.get(table_id)) for table_id, group in groupby(cells, itemgetter(0))
    }


def _found(asked: Question, cells: list[Any], known: Found | None) -> Found:
    if known is not None and known.cells == cells:
        return known
    rows = [asked.row(each) for each in cells]
    seats = tuple(SeatRow(*row[TABLE_COLUMNS:]) for row in rows if row.seat_id is not None)
    plates: dict[Any, str] = known.table.plates if known else {}
    return Found(cells, TableRow(*(*rows[0][:TABLE_COLUMNS], seats, plates)))


def tables_among(event_id: int, table_ids: Collection[int]) -> frozenset[int]:
    """Those of these tables that are in the room; none asks nothing."""
    if not table_ids:
        return frozenset()
    there = select(Table.id).where(Table.event_id == event_id, Table.id.in_(table_ids))
    return frozenset(db.session.scalars(there))


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


@question
def _seats() -> Any:
    return (
        select(*_seat_columns())
        .join(Table, Seat.table_id == Table.id)
        .outerjoin(SeatClaim, _living())
        .where(Seat.event_id == bindparam("event_id"), Seat.id.in_(bindparam("seat_ids", expanding=True)))
    )


@question
def _room() -> Any:
    return (
        select(
            Table.id, Table.name, Table.slug, Table.note, Table.shape, Table.x, Table.y, Table.is_quiet,
            *_seat_columns(),
        )
        .outerjoin(Seat, Seat.table_id == Table.id)
        .outerjoin(SeatClaim, _living())
        .where(Table.event_id == bindparam("event_id"))
        .order_by(Table.id, Seat.position, Seat.id)
    )  # fmt: skip


@question
def _table() -> Any:
    return _room.make().where(Table.slug == bindparam("slug"))


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
