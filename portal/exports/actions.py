"""Verbs about what leaves the house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from portal.audit.actions import record
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.exports.models import Feed, Kind
from portal.exports.rules.feeds import MOST_FEEDS, TOO_MANY_FEEDS
from portal.kit import tokens
from portal.kit.database import action
from portal.kit.schema import db


class FeedNotFound(Exception):
    """There is no such address at this event."""


@action
def add_feed(event: EventView, kind: Kind, name: str, *, by: int, now: datetime) -> int:
    """Make an address under which a spreadsheet follows one kind of list.

    Args:
        event: whose list.
        kind: which list.
        name: what it is for, in the host's words.
        by: the user who makes it.
        now: when.

    Returns:
        The id of the address.

    Raises:
        Conflict: the event has as many as it may.
    """
    lock_event(event.id)
    living = select(func.count()).where(Feed.event_id == event.id, Feed.revoked_at.is_(None))
    if (db.session.scalar(living) or 0) >= MOST_FEEDS:
        raise TOO_MANY_FEEDS.conflict()
    feed = {"organization_id": event.organization_id, "event_id": event.id, "kind": kind, "name": name}
    made = insert(Feed).values(**feed, code=tokens.new_code(), created_by=by).returning(Feed.id)
    feed_id = db.session.execute(made).scalar_one()
    _record("feed.added", event, feed_id, kind, name, by, now)
    return feed_id


@action
def revoke_feed(event: EventView, feed_id: int, *, by: int, now: datetime) -> None:
    """Withdraw an address for good; leaves no entry if it was withdrawn before.

    Raises:
        FeedNotFound: the event has no such address.
    """
    here = (Feed.id == feed_id, Feed.event_id == event.id)
    revoked = db.session.execute(
        update(Feed).where(*here, Feed.revoked_at.is_(None)).values(revoked_at=now).returning(Feed.kind, Feed.name)
    ).first()
    if revoked is not None:
        _record("feed.revoked", event, feed_id, revoked[0], revoked[1], by, now)
    elif db.session.scalar(select(Feed.id).where(*here)) is None:
        raise FeedNotFound


def _record(verb: str, event: EventView, feed_id: int, kind: str, name: str, by: int, now: datetime) -> None:
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=f"user:{by}",
        subject=f"feed:{feed_id}",
        now=now,
        detail={"kind": str(kind), "name": name},
    )
