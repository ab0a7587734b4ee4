"""The log of what is done with an invitation's link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.audit.actions import record
from portal.invitations.rules import Viewer
from portal.seating.actions.holds import renew_holds
from portal.seating.actions.notices import seen


def record_by_guest(
    viewer: Viewer, verb: str, *, now: datetime, detail: dict[str, Any] | None = None, subject: str | None = None
) -> None:
    """Add what was done with an invitation to the running action; about the whole of it unless said otherwise.

    Whatever a household does shows that it is still deciding, so all its holds begin anew, and that it has seen what
    its page said of the hosts' moves; the first touch of a page alone does not show the latter, and what a host does
    for them shows neither.

    Args:
        viewer: whoever holds the link, or acts for them; their household's name goes into the detail.
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
    if viewer.host:
        return
    renew_holds(viewer, now)
    if verb != "invitation.opened":
        seen(viewer)
