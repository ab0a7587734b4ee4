"""Two of a household change places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from portal.invitations.rules import MemberView, Viewer
from portal.kit.database import action, explain, phrasebook
from portal.kit.schema import db
from portal.seating.actions.places import lock_places
from portal.seating.actions.steps import claims_of, lock_seats, put_at_tables, record_seats, require_open, write_claims
from portal.seating.models import ClaimState, SeatClaim
from portal.seating.queries.seats import get_seat, get_seats
from portal.seating.rules import picking
from portal.seating.rules.views import SeatRow


@action
def swap_seats(viewer: Viewer, member: MemberView, seat_id: int, *, now: datetime) -> None:
    """Give a member the seat of another of the household, who gets theirs: each all the other has, seat and hold.

    Who has that seat already just keeps it: asking twice is asking once.

    Raises:
        SeatNotFound: no seat of this event has that id.
        Conflict: the seat is not the household's, the member has none, a seat
            is not for whom it would go to, or picking is not open.
    """
    require_open(viewer, now)
    places = lock_places(viewer)
    seat = get_seat(viewer.event.id, seat_id, now)
    if (place := places.get(member.id)) is None:
        raise phrasebook().refusal("ck_guest_assignments_member_accepted", {"name": member.name})
    if seat.assignment_id == place:
        return
    other = next((each for each in viewer.members if places.get(each.id, 0) == seat.assignment_id), None)
    have = [claim for claim in claims_of([place, seat.assignment_id or 0]).values() if _lives(claim, now)]
    if other is None or all(claim.assignment_id != place for claim in have):
        raise picking.NOTHING_TO_SWAP.conflict()
    lock_seats(viewer.event.id, [claim.seat_id for claim in have])
    seats = get_seats(viewer.event.id, [claim.seat_id for claim in have], now)
    receivers = {place: other, places[other.id]: member}
    swapped = [(receivers[claim.assignment_id], seats[claim.seat_id], claim.state) for claim in have]
    _check(swapped)
    db.session.execute(delete(SeatClaim).where(SeatClaim.assignment_id.in_(receivers)))
    put_at_tables(dict.fromkeys(receivers))
    write_claims(viewer, [(places[receiver.id], seat, state) for receiver, seat, state in swapped], now)
    record_seats(viewer, "seat.swapped", swapped, now)


def _lives(claim: Any, now: datetime) -> bool:
    return claim.state == ClaimState.TAKEN or claim.held_until > now


def _check(swapped: list[tuple[MemberView, SeatRow, str]]) -> None:
    for receiver, seat, _state in swapped:
        explain(name=receiver.name)
        if (refused := picking.why_not_seat(seat.category, receiver.seat_category)) is not None:
            raise refused.conflict(name=receiver.name)
