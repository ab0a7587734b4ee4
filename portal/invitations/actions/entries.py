"""The log of what is done with an invitation's link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.audit.actions import record
from portal.invitations.rules import Viewer
from portal.seating.actions.holds import renew_holds


def record_by_guest(
    viewer: Viewer, verb: str, *, now: datetime, detail: dict[str, Any] | None = None, subject: str | None = None
) -> None:
    """Add what the holder of a link did, to the running action; about the whole invitation unless said otherwise.

    Whatever a household does shows that it is still deciding, so all its holds begin anew.

    Args:
        viewer: whoever holds the link; their household's name goes into the detail.
        verb: what happened, as ``subject.past-participle``.
        now: when.
        detail: names and values as they were.
        subject: whom it happened to, as ``member:3``.
    """
    record(
        verb,
        organization_id=viewer.event.organization_id,
        event_id=viewer.event.id,
        actor=viewer.actor,
        subject=subject or f"invitation:{viewer.invitation_id}",
        now=now,
        detail={"household": viewer.name, **(detail or {})},
    )
    renew_holds(viewer, now)
