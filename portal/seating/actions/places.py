"""A member's place: made when they accept, gone when they decline."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from portal.invitations.models import Guest, InvitationGuest
from portal.invitations.rules import Viewer
from portal.kit.database import requires_action
from portal.kit.schema import db
from portal.organizations.models import Organization
from portal.seating.models import GuestAssignment, SeatClaim


def give_places(member_ids: Sequence[int]) -> None:
    """Make the places of members who have just accepted, inside the running action.

    A member who was here before gets their reference code back. The copy of
    the answer is read by sub-select, so that the CHECK judges what stands in
    the member's row and not what somebody claims.
    """
    requires_action()
    members = db.session.execute(
        select(
            InvitationGuest.id,
            InvitationGuest.organization_id,
            InvitationGuest.event_id,
            InvitationGuest.guest_id,
            InvitationGuest.reference_code,
            Guest.name,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(InvitationGuest.id.in_(member_ids))
        .order_by(InvitationGuest.id)
    ).all()
    fresh = [member for member in members if member.reference_code is None]
    codes = iter(_next_references(fresh[0].organization_id, len(fresh))) if fresh else iter(())
    for member in members:
        code = member.reference_code or next(codes)
        if member.reference_code is None:
            db.session.execute(
                update(InvitationGuest).where(InvitationGuest.id == member.id).values(reference_code=code)
            )
        answer = select(InvitationGuest.rsvp).where(InvitationGuest.id == member.id).scalar_subquery()
        db.session.execute(
            insert(GuestAssignment).values(
                organization_id=member.organization_id,
                event_id=member.event_id,
                guest_id=member.guest_id,
                member_id=member.id,
                member_rsvp=answer,
                reference_code=code,
                display_name=member.name,
            )
        )


def lock_places(viewer: Viewer) -> dict[int, int]:
    """The places of a household by member id, locked in id order inside the running action; who stays away has none.

    All of them, whoever of the household is moved: its phones take turns, and
    none of them waits for another in a circle.
    """
    requires_action()
    rows = db.session.execute(
        select(GuestAssignment.member_id, GuestAssignment.id)
        .where(
            GuestAssignment.member_id.in_([member.id for member in viewer.members]),
            GuestAssignment.event_id == viewer.event.id,
        )
        .order_by(GuestAssignment.id)
        .with_for_update(key_share=True)
    )
    return {row.member_id: row.id for row in rows}


def take_back_places(member_ids: Sequence[int]) -> None:
    """Remove the places, seats and holds of members who decline, inside the running action."""
    requires_action()
    places = db.session.scalars(
        select(GuestAssignment.id)
        .where(GuestAssignment.member_id.in_(member_ids))
        .order_by(GuestAssignment.id)
        .with_for_update()  # places before claims, as whoever takes a seat does: no two wait in a circle
    ).all()
    db.session.execute(delete(SeatClaim).where(SeatClaim.assignment_id.in_(places)))
    db.session.execute(delete(GuestAssignment).where(GuestAssignment.member_id.in_(member_ids)))


def _next_references(organization_id: int, count: int) -> list[str]:
    """``count`` fresh reference codes (G0001 …); the organization's row keeps them in line."""
    last = db.session.execute(
        update(Organization)
        .where(Organization.id == organization_id)
        .values(last_reference=Organization.last_reference + count)
        .returning(Organization.last_reference)
    ).scalar_one()
    return [f"G{number:04d}" for number in range(last - count + 1, last + 1)]
