"""Taking back what was just done, as far as the world still allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.invitations.actions.answers import answer
from portal.invitations.models import InvitationGuest, Rsvp
from portal.invitations.queries import refreshed
from portal.invitations.rules import MemberView, Viewer
from portal.kit.conflicts import Conflict
from portal.kit.database import action
from portal.kit.schema import db
from portal.seating.actions.claims import release_seat, take_seat, take_seats
from portal.seating.actions.places import lock_places
from portal.seating.queries.seats import SeatNotFound

Before = Mapping[int, tuple[str, int | None]]
"""What stood before, by member id: the answer and the id of the seat taken."""


def as_it_stands(viewer: Viewer) -> dict[int, tuple[str, int | None]]:
    """What an undo would have to bring back."""
    return {member.id: (str(member.rsvp), member.taken.id if member.taken else None) for member in viewer.members}


@action
def restore(viewer: Viewer, before: Before, *, now: datetime) -> list[str]:
    """Bring back the answers, and the seats that are still free.

    Returns:
        The names of members whose seat somebody else has meanwhile.

    Raises:
        Conflict: replies have closed.
    """
    _lock_members(viewer)
    lock_places(viewer)
    answers = {
        member.id: Rsvp(before[member.id][0])
        for member in viewer.members
        if member.id in before and before[member.id][0] != member.rsvp
    }
    if answers:
        answer(viewer, answers, now=now)
    viewer = refreshed(viewer, now)
    wishes: dict[MemberView, int] = {}
    for member in viewer.accepted:
        seat_id = before.get(member.id, ("", None))[1]
        if seat_id is not None:
            wishes[member] = seat_id
        elif member.taken is not None:
            release_seat(viewer, member, now=now)
    return _sit_again(viewer, wishes, now)


def _lock_members(viewer: Viewer) -> None:
    """Members before places, as whoever answers does: no two phones of a household wait in a circle."""
    theirs = select(InvitationGuest.id).where(InvitationGuest.invitation_id == viewer.invitation_id)
    db.session.execute(theirs.order_by(InvitationGuest.id).with_for_update())


def _sit_again(viewer: Viewer, wishes: Mapping[MemberView, int], now: datetime) -> list[str]:
    """All at once, so that a family that traded seats can trade back; else whoever still can."""
    if not wishes:
        return []
    try:
        take_seats(viewer, wishes, now=now)
    except (Conflict, SeatNotFound):
        return [member.name for member, seat_id in wishes.items() if not _sits_again(viewer, member, seat_id, now)]
    return []


def _sits_again(viewer: Viewer, member: MemberView, seat_id: int, now: datetime) -> bool:
    try:
        take_seat(viewer, member, seat_id, now=now)
    except (Conflict, SeatNotFound):
        return False
    return True
