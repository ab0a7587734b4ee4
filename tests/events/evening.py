"""What guests do at an event, through the actions their pages use, at a moment of the test's choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from portal.invitations.actions.answers import answer
from portal.invitations.actions.details import change_details
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Details, Viewer
from portal.kit import clock
from portal.kit.schema import Base, db
from portal.seating.actions.claims import hold_seat, take_seat
from tests.cast import Cast, Family


def viewer(family: Family) -> Viewer:
    """Whoever holds this family's link, as the world is now."""
    return viewer_of(find_invitation(family.code), family.code, clock.now())[0]


def say(
    cast: Cast, family: Family, *, yes: Sequence[int] = (), no: Sequence[int] = (), at: datetime | None = None
) -> None:
    """Members answer together, by their numbers in the family."""
    with cast.app.app_context():
        answers = {family.members[number]: Rsvp.ACCEPTED for number in yes}
        answers |= {family.members[number]: Rsvp.DECLINED for number in no}
        answer(viewer(family), answers, now=at or clock.now())


def all_say(cast: Cast, family: Family, rsvp: Rsvp) -> None:
    """The whole family answers alike."""
    with cast.app.app_context():
        answer(viewer(family), dict.fromkeys(family.members, rsvp), now=clock.now())


def sit(cast: Cast, family: Family, number: int, seat_id: int) -> None:
    """A member takes a seat."""
    with cast.app.app_context():
        here = viewer(family)
        take_seat(here, here.members[number], seat_id, now=clock.now())


def hold(cast: Cast, family: Family, number: int, seat_id: int) -> None:
    """A member has a seat kept for them while they decide."""
    with cast.app.app_context():
        here = viewer(family)
        hold_seat(here, here.members[number], seat_id, now=clock.now())


def tell(
    cast: Cast, family: Family, number: int, *, meal: str | None = None, dietary: str = "", note: str = ""
) -> None:
    """A member fills in what they eat and a word to the hosts."""
    with cast.app.app_context():
        here = viewer(family)
        details = Details(meal, dietary, note, None, frozenset())
        change_details(here, here.members[number], details, now=clock.now())


def alter(cast: Cast, model: type[Base], row_id: int, **columns: Any) -> None:
    """A row is changed behind the application's back."""
    with cast.app.app_context(), db.engine.begin() as connection:
        connection.execute(update(model).where(model.id == row_id).values(**columns))


def address(cast: Cast, rest: str = "") -> str:
    """Where the host sees the event."""
    return f"/host/events/{cast.event_id}{rest}"
