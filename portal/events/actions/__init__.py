"""Verbs that change an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from portal.audit.actions import record
from portal.events.models import Event, EventRole, EventSession, Participant, Status
from portal.events.queries import lock_event
from portal.events.queries.plans import standing_plan
from portal.events.rules import EventView
from portal.events.rules.plans import CHANGED_MEANWHILE
from portal.kit.database import action, phrasebook, requires_action
from portal.kit.schema import db
from portal.kit.text import slugify
from portal.waiting.actions.line import lock_line, move_up
from portal.waiting.queries import find_line


@action
def create_event(
    *,
    organization_id: int,
    title: str,
    actor: str,
    now: datetime,
    slug: str | None = None,
    organizer_id: int | None = None,
    **fields: Any,
) -> int:
    """Make a draft event of an organization.

    Args:
        organization_id: whose event it is.
        title: what guests read; the slug is made from it unless given.
        actor: who does it, for the log.
        now: when.
        slug: how the event stands in commands and addresses.
        organizer_id: the user who organizes it.
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
    if organizer_id is not None:
        db.session.execute(
            insert(Participant).values(
                organization_id=organization_id, event_id=event_id, user_id=organizer_id, role=EventRole.ORGANIZER
            )
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
    speaker: str = "",
    capacity: int | None = None,
) -> int:
    """Add a part to an event that members attend or not; returns its id."""
    session_id = db.session.execute(
        insert(EventSession)
        .values(
            event_id=event_id, title=title, speaker=speaker, starts_at=starts_at, ends_at=ends_at, capacity=capacity
        )
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
    lock_event(event.id)
    standing = standing_plan(event)
    if standing.plan.capacity == capacity:
        return
    bump_version(event, standing.version)
    record(
        "event.limited",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={
            "title": event.title,
            "capacity": capacity,
            "version": standing.version + 1,
            "changes": {"capacity": (standing.plan.capacity, capacity)},
        },
    )
    set_capacity(event, capacity, now=now)


def bump_version(event: EventView, version: int, **columns: Any) -> None:
    """Change what an event holds, if it is still as it was in this version.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    requires_action()
    changed = db.session.execute(
        update(Event)
        .where(Event.id == event.id, Event.version == version, Event.deleted_at.is_(None))
        .values(version=version + 1, **columns)
        .returning(Event.id)
    ).all()
    if not changed:
        raise CHANGED_MEANWHILE.conflict()


def set_capacity(event: EventView, capacity: int | None, *, now: datetime) -> None:
    """Give the event so many places, inside the running action; new ones are offered to those who wait.

    Raises:
        Conflict: more have said yes already, or have been offered a place.
    """
    requires_action()
    before = lock_line(event, now)
    db.session.execute(update(Event).where(Event.id == event.id).values(capacity=capacity))
    line = find_line(event)
    if line is None:
        return
    if line.free(now) < 0:
        raise phrasebook().refusal("ck_events_capacity", {})
    move_up(event, before or line, line, line, now=now)
