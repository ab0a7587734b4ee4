"""What a host looks through before the rest is seated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.events.rules import EventView
from portal.seating.queries.people import everybody
from portal.seating.queries.room import room
from portal.seating.rules.rest import Proposed, propose

PAGE = 40
"""Households of a page."""


@dataclass(frozen=True)
class RestPage:
    """A proposal for all who have no seat, and the part of it that is looked at.

    Attributes:
        shown: the households of this page.
        seated: how many would have a seat.
        left: how many would still have none.
        moves: the whole proposal, as its form sends it back.
        number: the page, from 1.
        pages: how many there are.
        changed: what was refused of an older proposal, in sentences.
    """

    event: EventView
    shown: tuple[Proposed, ...]
    seated: int
    left: int
    moves: str
    number: int
    pages: int
    changed: tuple[str, ...] = ()


def rest_page(event: EventView, now: datetime, *, number: int = 1, changed: tuple[str, ...] = ()) -> RestPage:
    """The proposal as the room is now: two statements; the same for the same room, whichever page is looked at."""
    proposed = propose(room(event.id, now).tables, everybody(event.id))
    pages = max(1, -(-len(proposed) // PAGE))
    number = min(max(number, 1), pages)
    given = [(person, seat) for each in proposed for person, seat in each.seats]
    return RestPage(
        event=event,
        shown=tuple(proposed[(number - 1) * PAGE : number * PAGE]),
        seated=len(given),
        left=sum(len(each.left) for each in proposed),
        moves=" ".join(f"{person.shown}>{seat.id}" for person, seat in given),
        number=number,
        pages=pages,
        changed=changed,
    )
