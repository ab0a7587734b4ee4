"""Nouns about the waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from portal.events.models import Event
from portal.events.rules import EventView
from portal.invitations.models import Invitation, InvitationGuest, Rsvp
from portal.kit.schema import db
from portal.kit.statements import question
from portal.seating.models import GuestAssignment
from portal.waiting.models import Waiting
from portal.waiting.rules import Line, Waiter


def find_line(event: EventView) -> Line | None:
    """The places of an event and who waits for them, as written down: one statement. None without a capacity."""
    rows = _lines(event_id=event.id)
    room, seconds = rows[0][:2]
    if room is None:
        return None
    return Line(
        room=room,
        lasts=timedelta(seconds=seconds),
        ends=min(event.ends_at, event.rsvp_deadline or event.ends_at),
        waiters=tuple(Waiter(*row[2:]) for row in rows if row[3] is not None),
    )


@question
def _lines() -> Select[Any]:
    people = (
        select(func.count())
        .where(InvitationGuest.invitation_id == Waiting.invitation_id, InvitationGuest.rsvp == Rsvp.PENDING)
        .correlate(Waiting)
        .scalar_subquery()
    )
    return (
        select(
            (Event.capacity - Event.coming).label("room"),
            Event.offer_seconds,
            Waiting.invitation_id,
            Invitation.name,
            people.label("people"),
            Waiting.wants,
            Waiting.offered,
            Waiting.offered_until,
        )
        .select_from(Event)
        .outerjoin(Waiting, Waiting.event_id == Event.id)
        .outerjoin(Invitation, (Waiting.invitation_id == Invitation.id) & Invitation.revoked_at.is_(None))
        .where(Event.id == bindparam("event_id"))
        .order_by(Waiting.id)
    )


def get_line(event: EventView) -> Line:
    """The places of an event that has a capacity, and who waits for them.

    Raises:
        LookupError: it has none.
    """
    if (line := find_line(event)) is None:
        raise LookupError(f"event {event.id} has no capacity")
    return line


def relatives_of(member_ids: Sequence[int]) -> list[int]:
    """Who comes first for the places of these members, as ids of invitations.

    Their own household first of all; then the households of which somebody
    sits at a table where one of them sits.
    """
    tables = (
        select(GuestAssignment.event_id, GuestAssignment.table_id)
        .where(GuestAssignment.member_id.in_(member_ids), GuestAssignment.table_id.is_not(None))
        .subquery()
    )
    own = select(InvitationGuest.invitation_id).where(InvitationGuest.id.in_(member_ids)).distinct()
    beside = (
        select(InvitationGuest.invitation_id)
        .join(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .join(
            tables,
            (GuestAssignment.table_id == tables.c.table_id) & (GuestAssignment.event_id == tables.c.event_id),
        )
        .distinct()
        .order_by(InvitationGuest.invitation_id)
    )
    return list(dict.fromkeys([*db.session.scalars(own), *db.session.scalars(beside)]))
