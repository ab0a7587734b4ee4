"""Nouns about what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from portal.audit.models import Activity
from portal.kit.schema import db


@dataclass(frozen=True)
class Entry:
    """One line of the log: ``detail`` holds names and values as they were."""

    id: int
    verb: str
    actor: str
    subject: str
    detail: dict[str, Any]
    at: datetime


def latest_entries(event_id: int, *, organization_id: int, verbs: Sequence[str], limit: int) -> list[Entry]:
    """What happened last at an event, of these kinds, newest first; one statement."""
    rows = db.session.execute(
        select(Activity.id, Activity.verb, Activity.actor, Activity.subject, Activity.detail, Activity.at)
        .where(
            Activity.event_id == event_id,
            Activity.organization_id == organization_id,
            Activity.verb.in_(verbs),
        )
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in rows]


def entries_since() -> Select[int, int | None, str]:
    """Id, event and verb of every entry after the one whose id is ``last``, oldest first."""
    return (
        select(Activity.id, Activity.event_id, Activity.verb)
        .where(Activity.id > bindparam("last"))
        .order_by(Activity.id)
    )


def last_change(event_id: int) -> datetime | None:
    """When something happened last at an event."""
    return db.session.scalar(select(func.max(Activity.at)).where(Activity.event_id == event_id))
