"""What becomes of an event as a whole: shown, hidden, called off, completed, put away and brought back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, true, update

from portal.audit.actions import record
from portal.events.models import Event, Status
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.events.rules.life import NO_WAY, NOT_BEGUN, WAYS, Step, why_not_step
from portal.kit.conflicts import Conflict
from portal.kit.database import action, tentatively
from portal.kit.schema import db

MOST_NAMESAKES = 50


@action
def turn_event(event: EventView, step: Step, *, actor: str, now: datetime) -> None:
    """Publish, withdraw, call off or complete an event; one that stands so already stays, and leaves no entry.

    Raises:
        Conflict: that makes no sense for an event as it stands.
    """
    lock_event(event.id)
    way = WAYS[step]
    sensible = {
        Step.PUBLISH: or_(Event.status != Status.DRAFT, Event.ends_at > now),
        Step.WITHDRAW: Event.ends_at > now,
        Step.CANCEL: true(),
        Step.COMPLETE: Event.starts_at <= now,
    }[step]
    turned = db.session.execute(
        update(Event)
        .where(Event.id == event.id, Event.deleted_at.is_(None), Event.status.in_(way.before), sensible)
        .values(status=way.after)
        .returning(Event.id)
    ).all()
    if turned:
        _record(event, way.verb, actor=actor, now=now)
        return
    here = db.session.scalar(select(Event.status).where(Event.id == event.id, Event.deleted_at.is_(None)))
    if here != way.after:
        raise (why_not_step(event, step, now) or (NOT_BEGUN if step is Step.COMPLETE else NO_WAY)).conflict()


@action
def archive_event(event: EventView, *, actor: str, now: datetime) -> None:
    """Put an event away: it is hidden everywhere, guests' links too, until it is restored.

    An event that was put away meanwhile stays so, and leaves no entry.
    """
    lock_event(event.id)
    hidden = db.session.execute(
        update(Event).where(Event.id == event.id, Event.deleted_at.is_(None)).values(deleted_at=now).returning(Event.id)
    ).all()
    if hidden:
        _record(event, "event.archived", actor=actor, now=now)


@action
def restore_event(event: EventView, *, anew: bool, actor: str, now: datetime) -> None:
    """Bring an event back as it was; one that is there already stays, and leaves no entry.

    Args:
        event: which.
        anew: at another address, if its own has been taken meanwhile.
        actor: who does it, for the log.
        now: when.

    Raises:
        Conflict: another event has its address by now.
    """
    lock_event(event.id)
    if not anew:
        _bring_back(event, event.slug, actor=actor, now=now)
        return
    for number in range(1, MOST_NAMESAKES + 1):
        try:
            with tentatively():
                slug = event.slug if number == 1 else f"{event.slug}-{number}"
                _bring_back(event, slug, actor=actor, now=now)
        except Conflict:
            if number == MOST_NAMESAKES:
                raise
        else:
            return


def _bring_back(event: EventView, slug: str, *, actor: str, now: datetime) -> None:
    restored = db.session.execute(
        update(Event)
        .where(Event.id == event.id, Event.deleted_at.is_not(None))
        .values(deleted_at=None, slug=slug)
        .returning(Event.id)
    ).all()
    if restored:
        _record(event, "event.restored", actor=actor, now=now)


def _record(event: EventView, verb: str, *, actor: str, now: datetime) -> None:
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={"title": event.title, "status": event.status},
    )
