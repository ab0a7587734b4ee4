"""What a household held last and has lost, as the activity log tells."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.audit.models import Activity
from portal.invitations.rules import Viewer
from portal.kit.schema import db
from portal.seating.rules import holding
from portal.seating.rules.holding import LostHold

LOOK_BACK = 30
"""How many of a household's last entries are read: more than a family of ten leaves while it picks."""


def lost_holds(viewer: Viewer, now: datetime, *, only_news: bool = False) -> list[LostHold]:
    """The holds that ran out and are not even there to be taken back: somebody has asked for those seats.

    Args:
        viewer: the household as it is now.
        now: when.
        only_news: leave out what ran out a good while ago.
    """
    if not viewer.event.hold_seconds or not viewer.standing:
        return []
    theirs = (
        select(Activity.verb, Activity.detail)
        .where(Activity.event_id == viewer.event.id, Activity.subject == f"invitation:{viewer.invitation_id}")
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(LOOK_BACK)
    )
    if only_news:
        theirs = theirs.where(Activity.at > holding.news_since(viewer.event, now))
    return holding.lost_holds(viewer, db.session.execute(theirs).all())
