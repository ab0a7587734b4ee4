"""How an action leaves its entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert

from portal.audit.models import Activity
from portal.kit import live
from portal.kit.database import requires_action
from portal.kit.statements import command


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
    _enter(
        organization=organization_id, event=event_id, by=actor, what=verb, about=subject, details=detail or {}, now=now
    )
    if event_id is not None:
        live.announce(event_id, live.topic_of(verb))


@command
def _enter() -> Any:
    return insert(Activity).values(
        organization_id=bindparam("organization"),
        event_id=bindparam("event"),
        actor=bindparam("by"),
        verb=bindparam("what"),
        subject=bindparam("about"),
        detail=bindparam("details"),
        at=bindparam("now"),
    )
