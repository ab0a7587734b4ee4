"""What the stream of the map has to know beside the room itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from portal.invitations.models import Invitation, InvitationGuest
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, SeatClaim


def last_end_of_hold(event_id: int, now: datetime) -> datetime | None:
    """When the last hold ran out whose seat nobody has asked for since."""
    return db.session.scalar(
        select(func.max(SeatClaim.held_until)).where(
            SeatClaim.event_id == event_id, SeatClaim.state == ClaimState.HELD, SeatClaim.held_until <= now
        )
    )


def households_of(places: Collection[int]) -> dict[int, int]:
    """The invitation that each of these places belongs to; one statement."""
    rows = db.session.execute(
        select(GuestAssignment.id, InvitationGuest.invitation_id)
        .join(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .where(GuestAssignment.id.in_(places))
    )
    return {row.id: row.invitation_id for row in rows}


def links_of(event_id: int) -> dict[int, tuple[int, bool]]:
    """Which link each invitation of an event has, by its number, and whether it is withdrawn; one statement."""
    rows = db.session.execute(
        select(Invitation.id, Invitation.code_version, Invitation.revoked_at).where(Invitation.event_id == event_id)
    )
    return {row.id: (row.code_version, row.revoked_at is not None) for row in rows}
