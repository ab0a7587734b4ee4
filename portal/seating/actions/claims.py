"""Taking, holding, moving and giving back seats.

The order is always the same: lock the seats in id order, let go of what has
run out, then write the claim and let the unique key on its seat decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from portal.invitations.actions.entries import record_by_guest
from portal.invitations.rules import MemberView, Viewer
from portal.kit import presentation
from portal.kit.database import action, explain, phrasebook
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim
from portal.seating.queries.seats import get_seat, get_seats
from portal.seating.rules import picking
from portal.seating.rules.views import SeatRow


@action
def take_seat(viewer: Viewer, member: MemberView, seat_id: int, *, now: datetime) -> None:
    """Give a member this seat; from another seat they move in the same transaction.

    Taking the seat one already has changes nothing and succeeds.

    Raises:
        SeatNotFound: no seat of this event has that id.
        Conflict: the seat is taken, held by somebody else, or not for this
            member; the member has not accepted; picking is not open.
    """
    _claim(viewer, {member: seat_id}, ClaimState.TAKEN, now)


@action
def hold_seat(viewer: Viewer, member: MemberView, seat_id: int, *, now: datetime) -> None:
    """Keep a seat for a member while they decide; an event without holds gives it at once.

    Asking again begins the time anew; whoever has the seat already just keeps it.

    Raises:
        SeatNotFound: no seat of this event has that id.
        Conflict: as for ``take_seat``.
    """
    state = ClaimState.HELD if viewer.event.hold_seconds else ClaimState.TAKEN
    _claim(viewer, {member: seat_id}, state, now)


@action
def take_seats(viewer: Viewer, wishes: Mapping[MemberView, int], *, now: datetime) -> None:
    """Give several members of a household their seats, all or none.

    Raises:
        SeatNotFound: no seat of this event has one of the ids.
        Conflict: one of the seats cannot be had; nobody was moved.
    """
    _claim(viewer, wishes, ClaimState.TAKEN, now)


@action
def hold_seats(viewer: Viewer, wishes: Mapping[MemberView, int], *, now: datetime) -> None:
    """Hold several seats for a household, all or none.

    Raises:
        SeatNotFound: no seat of this event has one of the ids.
        Conflict: one of the seats cannot be had; nothing was held.
    """
    _claim(viewer, wishes, ClaimState.HELD, now)


@action
def release_seat(viewer: Viewer, member: MemberView, *, seat_id: int | None = None, now: datetime) -> None:
    """Give back what a member has: this seat or hold, or both if none is named. Nothing to give back is fine.

    Raises:
        SeatNotFound: no seat of this event has that id.
        Conflict: picking is not open.
    """
    _require_open(viewer, now)
    theirs = delete(SeatClaim).where(SeatClaim.assignment_id == member.assignment_id)
    if seat_id is not None:
        theirs = theirs.where(SeatClaim.seat_id == get_seat(viewer.event.id, seat_id, now).id)
    _lock_places(viewer, [member])
    rows = db.session.execute(theirs.returning(SeatClaim.state, SeatClaim.seat_id)).all()
    released = {row.state: row.seat_id for row in rows}
    if not released:
        return
    if ClaimState.TAKEN in released:
        place = update(GuestAssignment).where(GuestAssignment.id == member.assignment_id)
        db.session.execute(place.values(table_id=None))
    seat = next((seat for seat in (member.taken, member.held) if seat and seat.id in released.values()), None)
    _record(viewer, "seat.released", {member.id: (member, seat.table if seat else "", seat.label if seat else "")}, now)


@action
def confirm_seats(viewer: Viewer, shown: Mapping[MemberView, int], *, now: datetime) -> None:
    """Turn all holds of the household into seats, all or none; without holds nothing happens.

    A hold that has run out is confirmed too, as long as nobody else has asked for the seat.

    Args:
        viewer: whoever holds the link.
        shown: the seats the page showed as held, by member: what is lost of them is told.
        now: when.

    Raises:
        Conflict: somebody else has one of the seats now.
    """
    have = _claims_of([member.assignment_id for member in viewer.accepted if member.assignment_id])
    wishes = {}
    for member in viewer.accepted:
        place = member.assignment_id or 0
        if (place, ClaimState.HELD) in have:
            wishes[member] = have[place, ClaimState.HELD]
        elif member in shown and (place, ClaimState.TAKEN) not in have:
            wishes[member] = shown[member]
    if wishes:
        _claim(viewer, wishes, ClaimState.TAKEN, now)


def _claim(viewer: Viewer, wishes: Mapping[MemberView, int], state: ClaimState, now: datetime) -> None:
    _require_open(viewer, now)
    asked = get_seats(viewer.event.id, list(wishes.values()), now)
    seats = {member: asked[seat_id] for member, seat_id in wishes.items()}
    places = _lock_places(viewer, list(wishes))
    for member, seat in seats.items():
        explain(name=member.name or viewer.name)
        _check(member, seat, set(places.values()), places.get(member.id))
    have = _claims_of(list(places.values()))
    _lock_seats([*(seat.id for seat in seats.values()), *have.values()])
    _let_go_of_expired([seat.id for seat in seats.values()], now)
    changed = {
        member: seat for member, seat in seats.items() if have.get((places[member.id], ClaimState.TAKEN)) != seat.id
    }
    if not changed:
        return
    _write(viewer, {places[member.id]: seat for member, seat in changed.items()}, state, now)
    moved = any((places[member.id], ClaimState.TAKEN) in have for member in changed)
    verb = "seat.held" if state == ClaimState.HELD else "seat.moved" if moved else "seat.taken"
    _record(viewer, verb, {member.id: (member, seat.table, seat.label) for member, seat in changed.items()}, now)


def _require_open(viewer: Viewer, now: datetime) -> None:
    if (closed := picking.why_not_pick(viewer.event, now)) is not None:
        raise closed.conflict(when=presentation.short_moment(viewer.event.seats_open_at, viewer.event.time_zone))


def _check(member: MemberView, seat: SeatRow, household: Collection[int], place: int | None) -> None:
    """Spare the database a write that it would plainly refuse; the constraints stay the authority."""
    if place is None:
        raise phrasebook().refusal("ck_guest_assignments_member_accepted", {"name": member.name})
    if seat.assignment_id == place:
        return
    wish = picking.Wish(member.id, seat.id)
    if (refused := picking.why_not_seat(seat.category, member.seat_category)) is not None:
        raise refused.conflict(wish, name=member.name)
    if seat.assignment_id in household:
        return
    if seat.state == ClaimState.HELD:
        raise picking.HELD_SEAT.conflict(wish, name=member.name)
    if seat.state == ClaimState.TAKEN:
        raise phrasebook().refusal("uq_seat_claims_seat_id", {"name": member.name}, wish)


def _lock_places(viewer: Viewer, members: Sequence[MemberView]) -> dict[int, int]:
    """The places of these members by member id, locked in id order; who has not accepted has none."""
    rows = db.session.execute(
        select(GuestAssignment.member_id, GuestAssignment.id)
        .where(
            GuestAssignment.member_id.in_([member.id for member in members]),
            GuestAssignment.event_id == viewer.event.id,
        )
        .order_by(GuestAssignment.id)
        .with_for_update(key_share=True)
    )
    return {row.member_id: row.id for row in rows}


def _claims_of(assignment_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """The seats that these places have, by place and state."""
    rows = db.session.execute(
        select(SeatClaim.assignment_id, SeatClaim.state, SeatClaim.seat_id).where(
            SeatClaim.assignment_id.in_(assignment_ids)
        )
    )
    return {(row.assignment_id, row.state): row.seat_id for row in rows}


def _lock_seats(seat_ids: Sequence[int]) -> None:
    """Lock old and new seats in id order, so that two moves never wait for each other in a circle."""
    db.session.execute(
        select(Seat.id).where(Seat.id.in_(set(seat_ids))).order_by(Seat.id).with_for_update(key_share=True)
    )


def _let_go_of_expired(seat_ids: Sequence[int], now: datetime) -> None:
    """A hold that has run out is free to whoever asks: it ends at ``held_until``, not after it."""
    db.session.execute(
        delete(SeatClaim).where(
            SeatClaim.seat_id.in_(seat_ids), SeatClaim.state == ClaimState.HELD, SeatClaim.held_until <= now
        )
    )


def _write(viewer: Viewer, seats: Mapping[int, SeatRow], state: ClaimState, now: datetime) -> None:
    """Replace the claims of these places: first let go of everything, then claim, so that a family can trade seats."""
    taken = state == ClaimState.TAKEN
    replaced = [ClaimState.HELD, ClaimState.TAKEN] if taken else [ClaimState.HELD]
    db.session.execute(delete(SeatClaim).where(SeatClaim.assignment_id.in_(seats), SeatClaim.state.in_(replaced)))
    held_until = None if taken else now + timedelta(seconds=viewer.event.hold_seconds)
    db.session.execute(
        insert(SeatClaim),
        [
            {
                "event_id": viewer.event.id,
                "assignment_id": assignment_id,
                "seat_id": seat.id,
                "table_id": seat.table_id,
                "taken_table_id": seat.table_id if taken else None,
                "state": state,
                "held_until": held_until,
            }
            for assignment_id, seat in sorted(seats.items(), key=lambda claim: claim[1].id)
        ],
    )
    if taken:
        for table_id in {seat.table_id for seat in seats.values()}:
            there = [assignment_id for assignment_id, seat in seats.items() if seat.table_id == table_id]
            db.session.execute(update(GuestAssignment).where(GuestAssignment.id.in_(there)).values(table_id=table_id))


def _record(viewer: Viewer, verb: str, changed: Mapping[int, tuple[MemberView, str, str]], now: datetime) -> None:
    record_by_guest(
        viewer,
        verb,
        now=now,
        detail={
            "seats": [
                {"member": member_id, "name": member.name, "table": table, "seat": label}
                for member_id, (member, table, label) in changed.items()
            ],
        },
    )
