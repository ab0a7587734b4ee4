"""How an action leaves its entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from portal.audit.models import Activity
from portal.kit import live
from portal.kit.database import requires_action
from portal.kit.schema import db


def record(
    verb: str,
    *,
    organization_id: int,
    event_id: int | None,
    actor: str,
    subject: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the running action's transaction; it stands or falls with the change, and so does who is told.

    Args:
        verb: what happened, as ``subject.past-participle``.
        organization_id: whose log.
        event_id: the event it happened at, None for the organization itself.
        actor: ``user:7``, ``guest:12`` or ``system``.
        subject: whom or what it happened to, as ``member:3``.
        now: when.
        detail: names and values as they were, for the reader.

    Raises:
        RuntimeError: no action is running.
    """
    requires_action()
    db.session.execute(
        insert(Activity).values(
            organization_id=organization_id,
            event_id=event_id,
            actor=actor,
            verb=verb,
            subject=subject,
            detail=detail or {},
            at=now,
        )
    )
    if event_id is not None:
        live.announce(event_id, live.topic_of(verb))
