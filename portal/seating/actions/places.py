"""A member's place: made when they accept, gone when they decline."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, delete, insert, select, update

from portal.invitations.models import Guest, InvitationGuest
from portal.invitations.rules import Viewer
from portal.kit.database import requires_action
from portal.kit.schema import db
from portal.organizations.models import Organization
from portal.seating.models import GuestAssignment, SeatClaim

COPIED = ["organization_id", "event_id", "guest_id", "member_id", "member_rsvp", "reference_code", "display_name"]
"""What a place takes over from its member, in this order."""


def give_places(member_ids: Sequence[int]) -> None:
    """Make the places of members who have just accepted, inside the running action.

    A member who was here before gets their reference code back. The copy of
    the answer is read from the member's row, so that the CHECK judges what
    stands there and not what somebody claims.
    """
    requires_action()
    theirs = InvitationGuest.id.in_(member_ids)
    fresh = db.session.execute(
        select(InvitationGuest.id, InvitationGuest.organization_id)
        .where(theirs, InvitationGuest.reference_code.is_(None))
        .order_by(InvitationGuest.id)
    ).all()
    if fresh:
        codes = _next_references(fresh[0].organization_id, len(fresh))
        given = case(*((InvitationGuest.id == member.id, code) for member, code in zip(fresh, codes, strict=True)))
        new = InvitationGuest.id.in_([member.id for member in fresh])
        db.session.execute(update(InvitationGuest).where(new).values(reference_code=given))
    places = (
        select(
            InvitationGuest.organization_id,
            InvitationGuest.event_id,
            InvitationGuest.guest_id,
            InvitationGuest.id,
            InvitationGuest.rsvp,
            InvitationGuest.reference_code,
            Guest.name,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(theirs)
        .order_by(InvitationGuest.id)
    )
    db.session.execute(insert(GuestAssignment).from_select(COPIED, places))


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
