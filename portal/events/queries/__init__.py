"""Nouns about events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.events.models import Event, EventSession
from portal.events.rules import EventView, SessionView
from portal.kit.database import requires_action
from portal.kit.schema import db
from portal.kit.statements import question
from portal.organizations.models import Organization

EVENT_COLUMNS: list[Any] = [
    Event.id,
    Event.organization_id,
    Organization.name.label("organization"),
    Event.title,
    Event.slug,
    Event.description,
    Event.place,
    Event.starts_at,
    Event.ends_at,
    Event.time_zone,
    Event.status,
    Event.rsvp_deadline,
    Event.seats_open_at,
    Event.seats_close_at,
    Event.hold_seconds,
    Event.show_names,
    Event.capacity,
    Event.settings,
]
"""The columns of an ``EventView``, in its order."""


def living_events() -> Select[Any]:
    """Every event that is not deleted, as ``EventView`` columns, to be narrowed."""
    return select(*EVENT_COLUMNS).join(Organization).where(Event.deleted_at.is_(None))


def find_event(event_id: int, *, organization_ids: Sequence[int]) -> EventView | None:
    """The event, if it is one of these organizations'."""
    row = db.session.execute(
        living_events().where(Event.id == event_id, Event.organization_id.in_(organization_ids))
    ).first()
    return EventView(*row) if row else None


def find_event_by_slug(slug: str) -> EventView | None:
    """The oldest living event of this slug; for the operator's commands, which name events by it."""
    row = db.session.execute(living_events().where(Event.slug == slug).order_by(Event.id)).first()
    return EventView(*row) if row else None


def events_of(organization_ids: Sequence[int], *, now: datetime) -> list[EventView]:
    """The events of these organizations: the next one first, those that are over after them, the latest first."""
    rows = db.session.execute(
        living_events().where(Event.organization_id.in_(organization_ids)).order_by(Event.starts_at, Event.id)
    )
    events = [EventView(*row) for row in rows]
    return [event for event in events if event.ends_at > now] + [
        event for event in events[::-1] if event.ends_at <= now
    ]


def sessions_of(event_id: int) -> list[SessionView]:
    """The parts of an event in the order they begin."""
    return [SessionView(*row) for row in _sessions(event_id=event_id)]


@question
def _sessions() -> Any:
    return (
        select(EventSession.id, EventSession.title, EventSession.starts_at)
        .where(EventSession.event_id == bindparam("event_id"))
        .order_by(EventSession.starts_at, EventSession.id)
    )


def lock_event(event_id: int) -> None:
    """Let one action after the other at what a whole event shares; the first of all locks.

    Raises:
        RuntimeError: no action is running.
    """
    requires_action()
    _locked(event_id=event_id)


@question
def _locked() -> Any:
    return select(Event.id).where(Event.id == bindparam("event_id")).with_for_update(key_share=True)
