"""A member's place: made when they accept, gone when they decline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from portal.invitations.models import Guest, InvitationGuest
from portal.invitations.rules import Viewer
from portal.kit.database import requires_action
from portal.kit.statements import command, question
from portal.organizations.models import Organization
from portal.seating.models import GuestAssignment, SeatClaim


def give_places(member_ids: Sequence[int]) -> None:
    """Make the places of members who have just accepted, inside the running action.

    A member who was here before gets their reference code back. The copy of
    the answer is read from the member's row, so that the CHECK judges what
    stands there and not what somebody claims.
    """
    fresh = _without_reference(members=list(member_ids))
    if fresh:
        codes = next_references(fresh[0].organization_id, len(fresh))
        _give_reference.each([{"member": member.id, "code": code} for member, code in zip(fresh, codes, strict=True)])
    _give(members=list(member_ids))


@question
def _without_reference() -> Any:
    theirs = InvitationGuest.id.in_(bindparam("members", expanding=True))
    return (
        select(InvitationGuest.id, InvitationGuest.organization_id)
        .where(theirs, InvitationGuest.reference_code.is_(None))
        .order_by(InvitationGuest.id)
    )


@command
def _give_reference() -> Any:
    return (
        update(InvitationGuest)
        .where(InvitationGuest.id == bindparam("member"))
        .values(reference_code=bindparam("code"))
    )


@command
def _give() -> Any:
    copied = {
        "organization_id": InvitationGuest.organization_id,
        "event_id": InvitationGuest.event_id,
        "guest_id": InvitationGuest.guest_id,
        "member_id": InvitationGuest.id,
        "member_rsvp": InvitationGuest.rsvp,
        "reference_code": InvitationGuest.reference_code,
        "display_name": Guest.name,
    }
    theirs = InvitationGuest.id.in_(bindparam("members", expanding=True))
    members = select(*copied.values()).join(Guest, InvitationGuest.guest_id == Guest.id).where(theirs)
    return insert(GuestAssignment).from_select(list(copied), members.order_by(InvitationGuest.id))


def lock_places(viewer: Viewer) -> dict[int, int]:
    """The places of a household by member id, locked in id order inside the running action; who stays away has none.

    All of them, whoever of the household is moved: its phones take turns, and
    none of them waits for another in a circle.
    """
    requires_action()
    rows = _locked(members=[member.id for member in viewer.members], event_id=viewer.event.id)
    return {row.member_id: row.id for row in rows}


@question
def _locked() -> Any:
    return (
        select(GuestAssignment.member_id, GuestAssignment.id)
        .where(
            GuestAssignment.member_id.in_(bindparam("members", expanding=True)),
            GuestAssignment.event_id == bindparam("event_id"),
        )
        .order_by(GuestAssignment.id)
        .with_for_update(key_share=True)
    )


def take_back_places(member_ids: Sequence[int]) -> None:
    """Remove the places, seats and holds of members who decline, inside the running action."""
    places = [place.id for place in _places(members=list(member_ids))]
    _give_back_seats(places=places)
    _give_back(places=places)


@question
def _places() -> Any:
    return (
        select(GuestAssignment.id)
        .where(GuestAssignment.member_id.in_(bindparam("members", expanding=True)))
        .order_by(GuestAssignment.id)
        .with_for_update()  # places before claims, as whoever takes a seat does: no two wait in a circle
    )


@command
def _give_back_seats() -> Any:
    return delete(SeatClaim).where(SeatClaim.assignment_id.in_(bindparam("places", expanding=True)))


@command
def _give_back() -> Any:
    return delete(GuestAssignment).where(GuestAssignment.id.in_(bindparam("places", expanding=True)))


def next_references(organization_id: int, count: int) -> list[str]:
    """``count`` fresh reference codes (G0001 …) for the running action; the organization's row keeps them in line."""
    ((last,),) = _count_references(organization=organization_id, more=count)
    return [f"G{number:04d}" for number in range(last - count + 1, last + 1)]


@command
def _count_references() -> Any:
    return (
        update(Organization)
        .where(Organization.id == bindparam("organization"))
        .values(last_reference=Organization.last_reference + bindparam("more"))
        .returning(Organization.last_reference)
    )
