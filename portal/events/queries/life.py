"""What an event has of what it needs, and the events that were put away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from portal.events.models import Event
from portal.events.queries import EVENT_COLUMNS
from portal.events.rules import EventView
from portal.events.rules.life import Facts
from portal.invitations.models import Invitation, InvitationGuest
from portal.kit.schema import db
from portal.organizations.models import Organization
from portal.seating.models import Seat, Table

PAGE = 50


def facts_of(event: EventView) -> Facts:
    """How many are invited, and how much there is to sit on; one statement."""
    living = select(Invitation.id).where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None))
    row = db.session.execute(
        select(
            select(func.count()).select_from(living.subquery()).scalar_subquery(),
            select(func.count(InvitationGuest.id)).where(InvitationGuest.invitation_id.in_(living)).scalar_subquery(),
            select(func.count(Table.id)).where(Table.event_id == event.id).scalar_subquery(),
            select(func.count(Seat.id)).where(Seat.event_id == event.id).scalar_subquery(),
        )
    ).one()
    return Facts(*row)


def archived_events(organization_ids: Sequence[int], *, before: int | None) -> list[EventView]:
    """Events that were put away, the one made last first: at most a page of them, made before the one named."""
    wanted: list[ColumnElement[bool]] = [Event.organization_id.in_(organization_ids), Event.deleted_at.is_not(None)]
    if before is not None:
        wanted.append(Event.id < before)
    rows = db.session.execute(
        select(*EVENT_COLUMNS).join(Organization).where(*wanted).order_by(Event.id.desc()).limit(PAGE)
    )
    return [EventView(*row) for row in rows]


def find_any_event(event_id: int, *, organization_ids: Sequence[int]) -> EventView | None:
    """The event, put away or not, if it is one of these organizations'."""
    row = db.session.execute(
        select(*EVENT_COLUMNS)
        .join(Organization)
        .where(Event.id == event_id, Event.organization_id.in_(organization_ids))
    ).first()
    return EventView(*row) if row else None
