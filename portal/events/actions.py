"""Verbs that change an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from portal.audit.actions import record
from portal.events.models import Event, EventSession, Status
from portal.events.rules import EventView
from portal.kit.database import action, phrasebook
from portal.kit.schema import db
from portal.kit.text import slugify
from portal.waiting.actions.line import lock_line, move_up
from portal.waiting.queries import find_line


@action
def create_event(
    *, organization_id: int, title: str, actor: str, now: datetime, slug: str | None = None, **fields: Any
) -> int:
    """Make a draft event of an organization.

    Args:
        organization_id: whose event it is.
        title: what guests read; the slug is made from it unless given.
        actor: who does it, for the log.
        now: when.
        slug: how the event stands in commands and addresses.
        fields: further columns of ``Event``.

    Returns:
        The id of the event.

    Raises:
        Conflict: the organization has a living event with this slug.
    """
    event_id = db.session.execute(
        insert(Event)
        .values(organization_id=organization_id, title=title, slug=slug or slugify(title), **fields)
        .returning(Event.id)
    ).scalar_one()
    record(
        "event.created",
        organization_id=organization_id,
        event_id=event_id,
        actor=actor,
        subject=f"event:{event_id}",
        now=now,
        detail={"title": title, "status": str(fields.get("status", Status.DRAFT))},
    )
    return event_id


@action
def add_session(
    *,
    organization_id: int,
    event_id: int,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: str,
    now: datetime,
) -> int:
    """Add a part to an event that members attend or not; returns its id."""
    session_id = db.session.execute(
        insert(EventSession)
        .values(event_id=event_id, title=title, starts_at=starts_at, ends_at=ends_at)
        .returning(EventSession.id)
    ).scalar_one()
    record(
        "session.added",
        organization_id=organization_id,
        event_id=event_id,
        actor=actor,
        subject=f"session:{session_id}",
        now=now,
        detail={"title": title},
    )
    return session_id


@action
def limit_event(event: EventView, capacity: int | None, *, actor: str, now: datetime) -> None:
    """Let at most ``capacity`` guests come, or as many as like to if it is None; leaves no entry if that was so.

    New places are offered to those who wait.

    Raises:
        Conflict: more have said yes already, or have been offered a place.
    """
    before = lock_line(event, now)
    changed = db.session.execute(
        update(Event)
        .where(Event.id == event.id, Event.capacity.is_distinct_from(capacity))
        .values(capacity=capacity)
        .returning(Event.id)
    ).all()
    if not changed:
        return
    record(
        "event.limited",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={"title": event.title, "capacity": capacity},
    )
    line = find_line(event)
    if line is None:
        return
    if line.free(now) < 0:
        raise phrasebook().refusal("ck_events_capacity", {})
    move_up(event, before or line, line, line, now=now)
