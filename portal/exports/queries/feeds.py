"""The addresses of an event that a spreadsheet follows."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.events.models import Event
from portal.events.queries import EVENT_COLUMNS
from portal.events.rules import EventView
from portal.exports.models import Feed, Kind
from portal.exports.rules.feeds import MOST_FEEDS, PURPOSE, FeedView
from portal.kit import tokens
from portal.kit.schema import db
from portal.organizations.models import Organization


def path_of(code: str) -> str:
    """The address behind a code, under this host."""
    return f"/feeds/{tokens.sign(code, PURPOSE)}.csv"


def find_code(signed: str) -> str | None:
    """The code in an address, without asking the database; None for a forged one."""
    return tokens.verify(signed, PURPOSE)


def feeds_of(event: EventView) -> list[FeedView]:
    """The addresses that work, oldest first; there are never many."""
    rows = db.session.execute(
        select(Feed.id, Feed.kind, Feed.name, Feed.code, func.coalesce(User.name, ""), Feed.created_at)
        .outerjoin(User, Feed.created_by == User.id)
        .where(Feed.event_id == event.id, Feed.revoked_at.is_(None))
        .order_by(Feed.id)
        .limit(MOST_FEEDS)
    )
    return [FeedView(row[0], Kind(row[1]), row[2], path_of(row[3]), row[4], row[5]) for row in rows]


def find_feed(code: str | None) -> tuple[Kind, bool, EventView] | None:
    """What an address leads to: the kind of list, whether it was withdrawn, and the event; drafts too."""
    if code is None:
        return None
    row = db.session.execute(
        select(Feed.kind, Feed.revoked_at, *EVENT_COLUMNS)
        .join(Event, Feed.event_id == Event.id)
        .join(Organization, Event.organization_id == Organization.id)
        .where(Feed.code == code, Event.deleted_at.is_(None))
    ).first()
    return (Kind(row[0]), row[1] is not None, EventView(*row[2:])) if row else None
