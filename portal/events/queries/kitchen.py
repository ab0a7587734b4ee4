"""What the kitchen must know: meals and dietary needs of those who come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.events.rules import EventView
from portal.invitations.models import Invitation, InvitationGuest, Rsvp
from portal.invitations.rules import ALLERGIES, split_dietary
from portal.kit.schema import db


@dataclass(frozen=True)
class Kitchen:
    """Meals in the host's order, and allergies by name, each with how many people."""

    coming: int
    meals: list[tuple[str, int]]
    unchosen: int
    allergies: list[tuple[str, int]]
    own_words: int
    with_needs: int

    @property
    def most(self) -> int:
        """The longest bar."""
        return max([count for _, count in self.meals] + [self.unchosen, 1])


def kitchen(event: EventView) -> Kitchen:
    """What those who come will eat and must not eat; one statement."""
    rows = db.session.execute(
        select(InvitationGuest.meal, InvitationGuest.dietary, func.count())
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            InvitationGuest.event_id == event.id,
            InvitationGuest.rsvp == Rsvp.ACCEPTED,
            Invitation.revoked_at.is_(None),
        )
        .group_by(InvitationGuest.meal, InvitationGuest.dietary)
        .order_by(InvitationGuest.meal)
    ).all()
    meals: Counter[str] = Counter(dict.fromkeys(event.meals, 0))
    allergies: Counter[str] = Counter()
    unchosen = own_words = with_needs = 0
    for meal, dietary, count in rows:
        if meal:
            meals[meal] += count
        else:
            unchosen += count
        known, words = split_dietary(dietary)
        allergies.update({need: count for need in known if need in ALLERGIES})
        own_words += count if words else 0
        with_needs += count if known or words else 0
    return Kitchen(
        coming=sum(count for *_, count in rows),
        meals=list(meals.items()),
        unchosen=unchosen if meals else 0,
        allergies=sorted(allergies.items(), key=lambda found: (-found[1], ALLERGIES.index(found[0]))),
        own_words=own_words,
        with_needs=with_needs,
    )
