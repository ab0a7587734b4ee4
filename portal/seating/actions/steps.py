"""The steps that every change of seats is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from portal.invitations.actions.entries import record_by_guest
from portal.invitations.rules import MemberView, Viewer
from portal.kit import presentation
from portal.kit.statements import command, question
from portal.seating.actions.holds import hold_end
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim
from portal.seating.rules import picking
from portal.seating.rules.views import SeatRow


def require_open(viewer: Viewer, now: datetime) -> None:
    """Refuse outside the time in which seats are picked.

    Raises:
        Conflict: picking is not open.
    """
    if (closed := picking.why_not_pick(viewer.event, now)) is not None:
        raise closed.conflict(when=presentation.short_moment(viewer.event.seats_open_at, viewer.event.time_zone))


def claims_of(assignment_ids: Collection[int]) -> dict[tuple[int, str], Any]:
    """What these places have, by place and state, whether it has run out or not."""
    return {(row.assignment_id, row.state): row for row in _claims(places=list(assignment_ids))}


@question
def _claims() -> Any:
    return select(SeatClaim.assignment_id, SeatClaim.state, SeatClaim.seat_id, SeatClaim.held_until).where(
        SeatClaim.assignment_id.in_(bindparam("places", expanding=True))
    )


def lock_seats(event_id: int, seat_ids: Iterable[int]) -> None:
    """Lock old and new seats in id order, so that two moves never wait for each other in a circle."""
    _locked(seats=list(set(seat_ids)), event_id=event_id)


@question
def _locked() -> Any:
    return (
        select(Seat.id)
        .where(Seat.id.in_(bindparam("seats", expanding=True)), Seat.event_id == bindparam("event_id"))
        .order_by(Seat.id)
        .with_for_update(key_share=True)
    )


def put_at_tables(tables: Mapping[int, int | None]) -> None:
    """Let each place say the table of its seat, or none."""
    there: dict[int | None, list[int]] = {}
    for assignment_id, table_id in tables.items():
        there.setdefault(table_id, []).append(assignment_id)
    for table_id, places in there.items():
        _put_at_table(places=places, table=table_id)


@command
def _put_at_table() -> Any:
    there = GuestAssignment.id.in_(bindparam("places", expanding=True))
    return update(GuestAssignment).where(there).values(table_id=bindparam("table"))


def let_go(places: Collection[int], states: Collection[str], seat_ids: Collection[int], now: datetime) -> None:
    """Let these places go of what they have in these states, and anybody of holds on these seats that have run out.

    A hold that has run out is free to whoever asks: it ends at ``held_until``, not after it.
    """
    _let_go(places=list(places), states=list(states), seats=list(seat_ids), now=now)


@command
def _let_go() -> Any:
    theirs = and_(
        SeatClaim.assignment_id.in_(bindparam("places", expanding=True)),
        SeatClaim.state.in_(bindparam("states", expanding=True)),
    )
    expired = and_(
        SeatClaim.seat_id.in_(bindparam("seats", expanding=True)),
        SeatClaim.state == ClaimState.HELD,
        SeatClaim.held_until <= bindparam("now"),
    )
    return delete(SeatClaim).where(or_(theirs, expired))


def write_claims(viewer: Viewer, claims: Sequence[tuple[int, SeatRow, str]], now: datetime) -> None:
    """Give seats to places that have let go of what they had; the unique key on the seat decides.

    Args:
        viewer: the household whose places they are.
        claims: place, seat, and whether it is held or taken.
        now: when.
    """
    _claim_seat.each(
        [
            {
                "event": viewer.event.id,
                "place": place,
                "seat": seat.id,
                "table": seat.table_id,
                "taken_table": seat.table_id if state == ClaimState.TAKEN else None,
                "as": state,
                "until": hold_end(viewer, now) if state == ClaimState.HELD else None,
            }
            for place, seat, state in sorted(claims, key=lambda claim: claim[1].id)
        ]
    )
    put_at_tables({place: seat.table_id for place, seat, state in claims if state == ClaimState.TAKEN})


def give_seats(event_id: int, seats: Mapping[int, SeatRow]) -> None:
    """Let places that have let go of what they had take these seats; the unique key on the seat decides."""
    _claim_seat.each(
        [
            {
                "event": event_id,
                "place": place,
                "seat": seat.id,
                "table": seat.table_id,
                "taken_table": seat.table_id,
                "as": ClaimState.TAKEN,
                "until": None,
            }
            for place, seat in sorted(seats.items(), key=lambda given: given[1].id)
        ]
    )
    put_at_tables({place: seat.table_id for place, seat in seats.items()})


@command
def _claim_seat() -> Any:
    return insert(SeatClaim).values(
        event_id=bindparam("event"),
        assignment_id=bindparam("place"),
        seat_id=bindparam("seat"),
        table_id=bindparam("table"),
        taken_table_id=bindparam("taken_table"),
        state=bindparam("as"),
        held_until=bindparam("until"),
    )


def record_seats(viewer: Viewer, verb: str, changed: Iterable[tuple[MemberView, SeatRow, str]], now: datetime) -> None:
    """Add an entry about these members, their seats, and whether they hold or have them, to the running action."""
    seats = [
        {
            "member": member.id,
            "name": member.name,
            "table": seat.table,
            "seat": seat.label,
            "seat_id": seat.id,
            "state": state,
        }
        for member, seat, state in changed
    ]
    record_by_guest(viewer, verb, now=now, detail={"seats": seats})
