"""Who organizes an event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update

from portal.audit.actions import record
from portal.events.models import EventRole, Participant
from portal.events.queries import lock_event
from portal.events.queries.organizers import Colleague
from portal.events.rules import EventView
from portal.kit.database import action, explain
from portal.kit.schema import db


@action
def add_organizer(event: EventView, colleague: Colleague, *, actor: str, now: datetime) -> None:
    """Let a member of the organization organize the event too; whoever does already stays, and leaves no entry.

    Somebody who takes part in another role has this one from now on.
    """
    lock_event(event.id)
    explain(name=colleague.name)
    here = db.session.execute(
        update(Participant)
        .where(
            Participant.event_id == event.id,
            Participant.user_id == colleague.user_id,
            Participant.deleted_at.is_(None),
        )
        .values(role=EventRole.ORGANIZER)
        .returning(Participant.id)
    ).all()
    if here and colleague.is_organizer:
        return
    if not here:
        db.session.execute(
            insert(Participant).values(
                organization_id=event.organization_id,
                event_id=event.id,
                user_id=colleague.user_id,
                role=EventRole.ORGANIZER,
            )
        )
    _record(event, colleague, "organizer.added", actor=actor, now=now)


@action
def remove_organizer(event: EventView, colleague: Colleague, *, actor: str, now: datetime) -> None:
    """Let somebody no longer organize the event; whoever does not anyway leaves no entry.

    Raises:
        Conflict: they are the last.
    """
    lock_event(event.id)
    explain(name=colleague.name)
    removed = db.session.execute(
        update(Participant)
        .where(
            Participant.event_id == event.id,
            Participant.user_id == colleague.user_id,
            Participant.role == EventRole.ORGANIZER,
            Participant.deleted_at.is_(None),
        )
        .values(deleted_at=now)
        .returning(Participant.id)
    ).all()
    if removed:
        _record(event, colleague, "organizer.removed", actor=actor, now=now)


def _record(event: EventView, colleague: Colleague, verb: str, *, actor: str, now: datetime) -> None:
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"user:{colleague.user_id}",
        now=now,
        detail={"name": colleague.name},
    )
