"""Telling a household that the hosts moved somebody of it, until it has seen it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, insert, or_, select

from portal.audit.actions import record
from portal.invitations.models import InvitationGuest
from portal.invitations.rules import Viewer
from portal.kit.database import action, requires_action
from portal.kit.statements import command
from portal.seating.models import ClaimState, GuestAssignment, SeatClaim, SeatNotice
from portal.seating.rules.views import SeatRow


def remember_seats(places: Collection[int]) -> None:
    """Note, before these people are moved, the seats their households know of; what is noted already stands."""
    requires_action()
    _note(places=list(places))


@command
def _note() -> Any:
    known = {
        "event_id": InvitationGuest.event_id,
        "invitation_id": InvitationGuest.invitation_id,
        "member_id": InvitationGuest.id,
        "seat_id": SeatClaim.seat_id,
        "had_seat": SeatClaim.seat_id.is_not(None),
    }
    taken = (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN)
    untold = ~select(SeatNotice.id).where(SeatNotice.member_id == InvitationGuest.id).exists()
    members = (
        select(*known.values())
        .join(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(SeatClaim, taken)
        .where(GuestAssignment.id.in_(bindparam("places", expanding=True)), untold)
    )
    return insert(SeatNotice).from_select(list(known), members.order_by(InvitationGuest.id))


def tell_households(moved: Sequence[tuple[int | None, SeatRow | None]]) -> None:
    """Forget what need not be told: whoever is back on the seat that their household knows of."""
    requires_action()
    _forget.each([{"member": member_id, "back": seat.id if seat else 0} for member_id, seat in moved])


@command
def _forget() -> Any:
    seat = bindparam("back", type_=Integer)
    back = or_(SeatNotice.seat_id == seat, and_(SeatNotice.had_seat.is_(False), seat == 0))
    return delete(SeatNotice).where(SeatNotice.member_id == bindparam("member"), back)


def seen(viewer: Viewer) -> None:
    """Whatever a household does shows that it has seen its page: what that told it is told; inside the action."""
    requires_action()
    if told := [member.notice.id for member in viewer.members if member.notice]:
        _see(notices=told, invitation=viewer.invitation_id)


@command
def _see() -> Any:
    theirs = SeatNotice.id.in_(bindparam("notices", expanding=True))
    return delete(SeatNotice).where(theirs, SeatNotice.invitation_id == bindparam("invitation"))


@action
def acknowledge(viewer: Viewer, *, now: datetime) -> None:
    """The household has seen what the hosts moved; saying so twice is saying it once."""
    if any(member.notice for member in viewer.members):
        seen(viewer)
        record(
            "notice.seen",
            organization_id=viewer.event.organization_id,
            event_id=viewer.event.id,
            actor=viewer.actor,
            subject=f"invitation:{viewer.invitation_id}",
            now=now,
            detail={"household": viewer.name},
        )
