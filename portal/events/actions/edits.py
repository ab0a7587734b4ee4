"""A host makes an event, or changes what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from portal.audit.actions import record
from portal.events.actions import bump_version, create_event, set_capacity
from portal.events.models import Event
from portal.events.queries import lock_event
from portal.events.queries.plans import standing_plan
from portal.events.rules import EventView
from portal.events.rules.plans import EventPlan, changes_between
from portal.kit.conflicts import Conflict
from portal.kit.database import action, requires_action, tentatively
from portal.kit.schema import db
from portal.kit.text import slugify

MOST_NAMESAKES = 50
"""Living events of one organization that may share a title, before a host is asked for another."""


@action
def plan_event(plan: EventPlan, *, organization_id: int, organizer_id: int, now: datetime) -> int:
    """Make a draft of what a host has filled in; they are its organizer.

    A title that another living event has is no hindrance: only the address is made longer.

    Returns:
        The id of the event.

    Raises:
        Conflict: there are very many events of this title.
    """
    base = slugify(plan.title)
    for number in count(1):
        try:
            with tentatively():
                return create_event(
                    organization_id=organization_id,
                    slug=base if number == 1 else f"{base}-{number}",
                    organizer_id=organizer_id,
                    actor=f"user:{organizer_id}",
                    now=now,
                    capacity=plan.capacity,
                    settings=plan.settings,
                    **plan.columns,
                )
        except Conflict as conflict:
            if conflict.rule != "uq_events_organization_id_slug" or number == MOST_NAMESAKES:
                raise
    raise AssertionError("the count does not end")


@action
def edit_event(event: EventView, plan: EventPlan, *, version: int, actor: str, now: datetime) -> None:
    """Let an event be as a host has filled it in; saying what stands already changes nothing and leaves no entry.

    Args:
        event: which.
        plan: what it shall be.
        version: the one that the host's form was filled from.
        actor: who does it, for the log.
        now: when.

    Raises:
        Conflict: somebody changed it since, or more guests come than there would be places.
    """
    lock_event(event.id)
    before = standing_plan(event).plan
    changes = changes_between(before, plan)
    if not changes:
        return
    bump_version(event, version, settings={**_settings(event), **plan.settings}, **plan.columns)
    record(
        "event.edited",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={"title": plan.title, "version": version + 1, "changes": changes},
    )
    if "capacity" in changes:
        as_planned = replace(event, ends_at=plan.ends_at, rsvp_deadline=plan.rsvp_deadline)
        set_capacity(as_planned, plan.capacity, now=now)


def _settings(event: EventView) -> dict[str, Any]:
    """What only pages read, as it stands: the plan holds but a part of it."""
    requires_action()
    return db.session.execute(select(Event.settings).where(Event.id == event.id)).scalar_one()
