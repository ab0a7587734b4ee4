"""An event as its hosts fill it in, and who changed what of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.audit.queries import latest_entries
from portal.events.models import Event
from portal.events.rules import EventView
from portal.events.rules.looks import Motif
from portal.events.rules.plans import SETTINGS, Changes, EventPlan, Standing
from portal.kit.schema import db
from portal.organizations.queries import names_of_users

EDITS = ("event.edited", "event.limited")
MOST_EDITS = 50
"""Changes that are looked through for what happened since a form was filled."""


@dataclass(frozen=True)
class Edit:
    """Somebody changed an event: who, when, what."""

    by: str
    at: datetime
    changes: Changes


def standing_plan(event: EventView) -> Standing:
    """What stands in the database now; one statement."""
    row = db.session.execute(
        select(
            Event.version,
            *(getattr(Event, name) for name in EventPlan.__dataclass_fields__ if name not in SETTINGS),
            Event.settings,
        ).where(Event.id == event.id)
    ).one()
    values = row._asdict()
    version, settings = values.pop("version"), values.pop("settings")
    plan = EventPlan(
        **values,
        contact=str(settings.get("contact", "")),
        meals=tuple(settings.get("meals", ())),
        hue=settings.get("hue"),
        motif=str(settings.get("motif") or Motif.LANTERNS),
    )
    return Standing(version, plan)


def edits_since(event: EventView, version: int) -> list[Edit]:
    """What was changed after this version, oldest first."""
    entries = latest_entries(event.id, organization_id=event.organization_id, verbs=EDITS, limit=MOST_EDITS)
    later = [entry for entry in entries[::-1] if entry.detail.get("version", 0) > version]
    names = names_of_users([entry.actor for entry in later])
    return [
        Edit(
            names.get(entry.actor, ""),
            entry.at,
            {name: (old, new) for name, (old, new) in entry.detail.get("changes", {}).items()},
        )
        for entry in later
    ]


def usual_time_zone(organization_ids: Sequence[int]) -> str | None:
    """The zone of the event that these organizations made last."""
    return db.session.scalar(
        select(Event.time_zone).where(Event.organization_id.in_(organization_ids)).order_by(Event.id.desc()).limit(1)
    )
