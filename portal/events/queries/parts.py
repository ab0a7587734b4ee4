"""The parts of an event as its hosts see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from portal.events.models import EventSession
from portal.events.rules import EventView
from portal.events.rules.parts import Part, PartPlan
from portal.invitations.models import InvitationGuest, Rsvp, SessionAnswer
from portal.kit.schema import db


def parts_of(event: EventView) -> list[Part]:
    """All of them, in the order they begin; one statement."""
    rows = db.session.execute(_parts(event).order_by(EventSession.starts_at, EventSession.id))
    return [_part(row) for row in rows]


def find_part(event: EventView, part_id: int) -> Part | None:
    """One of the event's own."""
    row = db.session.execute(_parts(event).where(EventSession.id == part_id)).first()
    return _part(row) if row else None


def _parts(event: EventView) -> Select[Any]:
    attending = (
        select(func.count(SessionAnswer.id))
        .join(InvitationGuest, SessionAnswer.member_id == InvitationGuest.id)
        .where(SessionAnswer.session_id == EventSession.id, InvitationGuest.rsvp == Rsvp.ACCEPTED)
        .correlate(EventSession)
        .scalar_subquery()
    )
    return select(
        EventSession.id,
        EventSession.version,
        EventSession.title,
        EventSession.speaker,
        EventSession.starts_at,
        EventSession.ends_at,
        EventSession.capacity,
        attending,
    ).where(EventSession.event_id == event.id)


def _part(row: Any) -> Part:
    return Part(row[0], row[1], PartPlan(*row[2:7]), row[7])
