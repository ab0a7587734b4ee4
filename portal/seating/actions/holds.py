"""Holds stay as long as somebody of the household does something."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.invitations.models import InvitationGuest
from portal.invitations.rules import Viewer
from portal.kit.database import requires_action
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, SeatClaim


def renew_holds(viewer: Viewer, now: datetime) -> None:
    """Begin the time of everything that is held for a household anew, inside the running action; no entry of its own.

    What has run out stays so. It never waits: a hold that another transaction
    is changing at this moment is left to that one.
    """
    requires_action()
    if not viewer.event.hold_seconds:
        return
    living = (
        select(SeatClaim.id)
        .join(GuestAssignment, SeatClaim.assignment_id == GuestAssignment.id)
        .join(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .where(
            InvitationGuest.invitation_id == viewer.invitation_id,
            SeatClaim.state == ClaimState.HELD,
            SeatClaim.held_until > now,
        )
        .with_for_update(of=SeatClaim, skip_locked=True)
    )
    db.session.execute(update(SeatClaim).where(SeatClaim.id.in_(living)).values(held_until=hold_end(viewer, now)))


def hold_end(viewer: Viewer, now: datetime) -> datetime:
    """When a hold that begins at ``now`` runs out: from that moment on the seat is free."""
    return now + timedelta(seconds=viewer.event.hold_seconds)
