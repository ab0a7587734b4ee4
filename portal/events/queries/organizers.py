"""Who organizes an event, and who could."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.accounts.models import User
from portal.events.models import EventRole, Participant
from portal.events.rules import EventView
from portal.kit.schema import db
from portal.organizations.models import Membership


@dataclass(frozen=True)
class Colleague:
    """Somebody who organizes the event, or a member of its organization who could."""

    user_id: int
    name: str
    email: str
    is_organizer: bool


def colleagues_of(event: EventView) -> list[Colleague]:
    """All who organize the event or belong to its organization, by name; one statement."""
    organizes = (
        select(Participant.user_id)
        .where(
            Participant.event_id == event.id,
            Participant.role == EventRole.ORGANIZER,
            Participant.deleted_at.is_(None),
        )
    )  # fmt: skip
    belongs = select(Membership.user_id).where(Membership.organization_id == event.organization_id)
    rows = db.session.execute(
        select(User.id, User.name, User.email, User.id.in_(organizes))
        .where(or_(User.id.in_(organizes), User.id.in_(belongs) & User.deleted_at.is_(None)))
        .order_by(User.name, User.id)
    )
    return [Colleague(row[0], row[1], row[2], bool(row[3])) for row in rows]


def find_colleague(event: EventView, user_id: int) -> Colleague | None:
    """One of them."""
    return next((each for each in colleagues_of(event) if each.user_id == user_id), None)
