"""Keeping the line: one household after the other, and what is freed goes to whoever is next.

Only events with a capacity have a line. Its lock comes before any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, update

from portal.audit.actions import record
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.invitations.rules import Viewer
from portal.kit.database import phrasebook, requires_action
from portal.kit.schema import db
from portal.waiting.models import Waiting
from portal.waiting.queries import find_line, get_line
from portal.waiting.rules import Line, Waiter, after_answer, as_it_stands, offer


def lock_line(event: EventView, now: datetime) -> Line | None:
    """Let one action after the other at the places of an event; None, and no lock, for an event without a capacity.

    What ran out meanwhile and went on to the next is written down.
    """
    requires_action()
    if event.capacity is None:
        return None
    lock_event(event.id)
    if (line := find_line(event)) is None:
        return None
    settled = as_it_stands(line, now)
    _write(event, line, settled, now)
    return settled


def require_room(line: Line, viewer: Viewer, member_ids: Collection[int], leaving: int, now: datetime) -> None:
    """Refuse a yes for which there is no room: what is kept for others is theirs. The CHECK stays the authority.

    Raises:
        Conflict: with the ids of those who would like to come.
    """
    more = len(member_ids) - leaving
    if more > 0 and more > line.free(now, to=viewer.invitation_id):
        raise phrasebook().refusal("ck_events_capacity", {}, tuple(member_ids))


def answered(viewer: Viewer, before: Line, came: int, *, first: Sequence[int], now: datetime) -> None:
    """Bring the line up to date after a household answered, inside the running action.

    Args:
        viewer: whoever answered.
        before: the line before they did.
        came: how many of them said yes.
        first: whose turn it is first if places were freed.
        now: when.
    """
    line = after = get_line(viewer.event)
    own = line.find(viewer.invitation_id)
    if own is not None:
        after = line.put(own.invitation_id, after_answer(own, came, now))
        if came or after.find(own.invitation_id) is None:
            record_waiting(viewer.event, own, "waiting.accepted" if came else "waiting.left", viewer.actor, now)
    move_up(viewer.event, before, line, after, first=first, now=now)


def move_up(
    event: EventView, before: Line, written: Line, line: Line, *, first: Sequence[int] = (), now: datetime
) -> None:
    """Offer the places that are free, and write the line down, inside the running action.

    Args:
        event: whose line it is.
        before: the line before the change: if more is free now, those who had their turn are asked too.
        written: the line as it stands in the database.
        line: the line as it should be.
        first: whose turn it is first.
        now: when.
    """
    freed = line.free(now) > before.free(now)
    _write(event, written, offer(line, now, first=first, again=freed), now)


def record_waiting(event: EventView, waiter: Waiter, verb: str, actor: str, now: datetime, **detail: object) -> None:
    """Add to the log what happened to a household on the waiting list."""
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"invitation:{waiter.invitation_id}",
        now=now,
        detail={"household": waiter.name, **detail},
    )


def _write(event: EventView, written: Line, line: Line, now: datetime) -> None:
    """Write down what differs, and tell of every new offer."""
    for old in written.waiters:
        theirs = (Waiting.event_id == event.id, Waiting.invitation_id == old.invitation_id)
        new = line.find(old.invitation_id)
        if new is None:
            db.session.execute(delete(Waiting).where(*theirs))
        elif new != old:
            columns = {"wants": new.wants, "offered": new.offered, "offered_until": new.offered_until}
            db.session.execute(update(Waiting).where(*theirs).values(columns))
        if new is not None and new.offered_until != old.offered_until and new.kept(now):
            until = new.offered_until and new.offered_until.isoformat()
            record_waiting(event, new, "waiting.offered", "system", now, places=new.offered, until=until)
