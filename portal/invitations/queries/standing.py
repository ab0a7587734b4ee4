"""How households stand, to see whose page has changed."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.invitations.rules import Viewer
from portal.kit.schema import db
from portal.seating.models import GuestAssignment, HouseholdRequest, SeatClaim, SeatNotice
from portal.seating.queries.requests import RequestsPage, find_requests_page
from portal.waiting.models import Waiting
from portal.waiting.queries import find_line
from portal.waiting.rules import Standing, standing


def standing_of_all(event_id: int) -> dict[int, int]:
    """A number for each invitation that is another when what its page tells of the household is; three statements."""
    told: dict[int, list[object]] = defaultdict(list)
    members = (
        select(
            Invitation.id,
            Invitation.name,
            Invitation.code_version,
            Invitation.revoked_at,
            InvitationGuest.id,
            InvitationGuest.position,
            InvitationGuest.rsvp,
            InvitationGuest.meal,
            InvitationGuest.dietary,
            InvitationGuest.note,
            InvitationGuest.seat_category,
            Guest.name,
            GuestAssignment.table_id,
            SeatClaim.seat_id,
            SeatClaim.state,
            SeatClaim.held_until,
            SeatNotice.id,
        )
        .outerjoin(InvitationGuest, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(Guest, InvitationGuest.guest_id == Guest.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(SeatClaim, SeatClaim.assignment_id == GuestAssignment.id)
        .outerjoin(SeatNotice, SeatNotice.member_id == InvitationGuest.id)
        .where(Invitation.event_id == event_id)
        .order_by(Invitation.id, InvitationGuest.id, SeatClaim.id)
    )
    for row in db.session.execute(members):
        told[row[0]].append(tuple(row))
    requests = select(
        HouseholdRequest.from_invitation_id,
        HouseholdRequest.to_invitation_id,
        HouseholdRequest.id,
        HouseholdRequest.state,
    ).where(HouseholdRequest.event_id == event_id)
    for asked in db.session.execute(requests.order_by(HouseholdRequest.id)):
        for household in (asked.from_invitation_id, asked.to_invitation_id):
            if household is not None:
                told[household].append(tuple(asked))
    wishes = select(Waiting.invitation_id, Waiting.wants, Waiting.offered, Waiting.offered_until)
    for wish in db.session.execute(wishes.where(Waiting.event_id == event_id)):
        told[wish.invitation_id].append(tuple(wish))
    return {invitation_id: hash(tuple(rows)) for invitation_id, rows in told.items()}


def mark_of(viewer: Viewer, now: datetime) -> str:
    """The mark that the household's page has now."""
    pending = sum(member.rsvp == Rsvp.PENDING for member in viewer.members)
    return mark(viewer, find_requests_page(viewer, now), place_in_line(viewer, pending, now))


def mark(viewer: Viewer, asked: RequestsPage | None, waits: Standing | None) -> str:
    """A few characters that change with what the page tells of the household: a page that has them is up to date."""
    told = (
        replace(viewer, opened_at=None),
        asked.requests if asked else (),
        (waits.waits, waits.wants, waits.kept_until) if waits else None,
    )
    return f"{zlib.crc32(repr(told).encode()):08x}"


def place_in_line(viewer: Viewer, people: int, now: datetime) -> Standing | None:
    """How the household stands of which ``people`` have no place; None where there is room for them."""
    line = find_line(viewer.event) if viewer.event.capacity is not None else None
    return standing(line, viewer.invitation_id, people, now) if line else None
