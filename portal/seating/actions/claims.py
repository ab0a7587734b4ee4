"""Taking, holding, moving and giving back seats.

The order is always the same: lock the places and then the seats in id order,
let go of what has run out, then write the claim and let the unique key on its
seat decide. Whatever a household does renews all that is held for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from portal.invitations.rules import MemberView, Viewer
from portal.kit.conflicts import Conflict
from portal.kit.database import action, explain, phrasebook
from portal.kit.schema import db
from portal.seating.actions.places import lock_places
from portal.seating.actions.steps import (
    claims_of,
    let_go,
    lock_seats,
    put_at_tables,
    record_seats,
    require_open,
    write_claims,
)
from portal.seating.models import ClaimState, SeatClaim
from portal.seating.queries.holds import lost_holds
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

    Asking again only begins the time anew; whoever has the seat already just keeps it.

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
    require_open(viewer, now)
    theirs = delete(SeatClaim).where(SeatClaim.assignment_id == member.assignment_id)
    if seat_id is not None:
        theirs = theirs.where(SeatClaim.seat_id == get_seat(viewer.event.id, seat_id, now).id)
    lock_places(viewer)
    rows = db.session.execute(theirs.returning(SeatClaim.state, SeatClaim.seat_id)).all()
    released = {row.state: row.seat_id for row in rows}
    if not released:
        return
    if ClaimState.TAKEN in released:
        put_at_tables({member.assignment_id or 0: None})
    state = ClaimState.TAKEN if ClaimState.TAKEN in released else ClaimState.HELD
    seat = get_seat(viewer.event.id, released[state], now)
    record_seats(viewer, "seat.released", [(member, seat, state)], now)


@action
def confirm_seats(viewer: Viewer, shown: Mapping[MemberView, int], *, now: datetime) -> None:
    """Turn all holds of the household into seats, all or none; without holds nothing happens.

    A hold that has run out is confirmed too, as long as nobody else has asked for the seat.

    Args:
        viewer: whoever holds the link.
        shown: the seats the page showed as held, by member; of a page that
            did not say, all that the household held last.
        now: when.

    Raises:
        Conflict: somebody else has one of the seats now; the refusal names each of them.
    """
    places = lock_places(viewer)
    have = claims_of(places.values())
    expected = shown or {lost.member: lost.seat_id for lost in lost_holds(viewer, now)}
    wishes = {}
    for member in viewer.accepted:
        place = places.get(member.id, 0)
        hold = have.get((place, ClaimState.HELD))
        if hold is not None and (hold.held_until > now or not shown or shown.get(member) == hold.seat_id):
            wishes[member] = hold.seat_id
        elif member in expected and (place, ClaimState.TAKEN) not in have:
            wishes[member] = expected[member]
    if wishes:
        _claim(viewer, wishes, ClaimState.TAKEN, now)


@action
def keep_seats(viewer: Viewer, shown: Mapping[MemberView, int], *, now: datetime) -> None:
    """Begin the time of the household's holds anew, and take back those that ran out if nobody has asked for them.

    What somebody else has is no reason to lose the rest: it is left out, and the page tells.

    Args:
        viewer: whoever holds the link.
        shown: the seats the page showed as held or let go, by member.
        now: when.

    Raises:
        Conflict: picking is not open.
    """
    require_open(viewer, now)
    places = lock_places(viewer)
    have = claims_of(places.values())
    wishes = {}
    for member in viewer.accepted:
        place = places.get(member.id, 0)
        if hold := have.get((place, ClaimState.HELD)):
            wishes[member] = hold.seat_id
        elif member in shown and (place, ClaimState.TAKEN) not in have:
            wishes[member] = shown[member]
    lock_seats(viewer.event.id, wishes.values())
    asked = get_seats(viewer.event.id, set(wishes.values()), now)
    kept = {
        member: asked[seat_id]
        for member, seat_id in wishes.items()
        if _why_not(member, asked[seat_id], (), places.get(member.id)) is None
    }
    if kept:
        _write(viewer, {places[member.id]: seat for member, seat in kept.items()}, ClaimState.HELD, now)
        record_seats(viewer, "seat.kept", [(member, seat, ClaimState.HELD) for member, seat in kept.items()], now)


def _claim(viewer: Viewer, wishes: Mapping[MemberView, int], state: ClaimState, now: datetime) -> None:
    require_open(viewer, now)
    places = lock_places(viewer)
    have = claims_of([places[member.id] for member in wishes if member.id in places])
    if len(wishes) == 1:  # a seat that is plainly taken need not be waited for
        seats = _look(viewer, wishes, places, now)
    lock_seats(viewer.event.id, [*wishes.values(), *(claim.seat_id for claim in have.values())])
    if len(wishes) != 1:  # of several, each one that has gone is named: nobody can change them any more
        seats = _look(viewer, wishes, places, now)
    new = {member: seat for member, seat in seats.items() if not _has(have, places[member.id], seat, state, now)}
    if new:
        moved = any((places[member.id], ClaimState.TAKEN) in have for member in new)
        _write(viewer, {places[member.id]: seat for member, seat in new.items()}, state, now)
        verb = "seat.held" if state == ClaimState.HELD else "seat.moved" if moved else "seat.taken"
        record_seats(viewer, verb, [(member, seat, state) for member, seat in new.items()], now)
    elif kept := [(member, seat, state) for member, seat in seats.items() if _holds(have, places[member.id], seat)]:
        record_seats(viewer, "seat.kept", kept, now)


def _has(have: Mapping[tuple[int, str], Any], place: int, seat: SeatRow, state: ClaimState, now: datetime) -> bool:
    """Whether there is nothing to write: the seat is theirs, or is to be held and is."""
    taken = have.get((place, ClaimState.TAKEN))
    if taken is not None and taken.seat_id == seat.id:
        return True
    return state == ClaimState.HELD and _holds(have, place, seat) and have[place, ClaimState.HELD].held_until > now


def _holds(have: Mapping[tuple[int, str], Any], place: int, seat: SeatRow) -> bool:
    held = have.get((place, ClaimState.HELD))
    return held is not None and held.seat_id == seat.id


def _look(
    viewer: Viewer, wishes: Mapping[MemberView, int], places: Mapping[int, int], now: datetime
) -> dict[MemberView, SeatRow]:
    """The wished seats as they are now.

    It spares the database writes that it would plainly refuse; the constraints stay the authority.

    Raises:
        SeatNotFound: no seat of this event has one of the ids.
        Conflict: some of them cannot be had; its ``detail`` is every such wish.
    """
    asked = get_seats(viewer.event.id, list(wishes.values()), now)
    seats = {member: asked[seat_id] for member, seat_id in wishes.items()}
    family = {places[member.id] for member in wishes if member.id in places}
    found = [_why_not(member, seat, family, places.get(member.id)) for member, seat in seats.items()]
    refused = [conflict for conflict in found if conflict is not None]
    if refused:
        raise replace(refused[0], detail=tuple(conflict.detail for conflict in refused))
    for member in seats:
        explain(name=member.name or viewer.name)
    return seats


def _why_not(member: MemberView, seat: SeatRow, family: Collection[int], place: int | None) -> Conflict | None:
    wish, name = picking.Wish(member.id, seat.id), {"name": member.name}
    if place is None:
        return phrasebook().refusal("ck_guest_assignments_member_accepted", name, wish)
    if seat.assignment_id == place:
        return None
    if (refused := picking.why_not_seat(seat.category, member.seat_category)) is not None:
        return refused.conflict(wish, **name)
    if seat.assignment_id is None or seat.assignment_id in family:
        return None
    if seat.state == ClaimState.HELD:
        return picking.HELD_SEAT.conflict(wish, **name)
    return phrasebook().refusal("uq_seat_claims_seat_id", name, wish)


def _write(viewer: Viewer, seats: Mapping[int, SeatRow], state: ClaimState, now: datetime) -> None:
    """Replace the claims of these places: first let go of everything, then claim, so that a family can trade seats."""
    replaced = [ClaimState.HELD, ClaimState.TAKEN] if state == ClaimState.TAKEN else [ClaimState.HELD]
    let_go(seats, replaced, [seat.id for seat in seats.values()], now)
    write_claims(viewer, [(place, seat, state) for place, seat in seats.items()], now)
