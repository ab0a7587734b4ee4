"""What households may ask of each other, and why a wish cannot be had just now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.invitations.rules import SeatView
from portal.kit.conflicts import rule
from portal.kit.text import search_key
from portal.seating.models import RequestKind, RequestState

NEWS = timedelta(days=3)
"""How long a household is told how a request ended."""

MOST_LETTERS = 200
"""Of the name that somebody types."""

NO_SEATS_TO_SWAP = rule(
    "no_seats_to_swap",
    "You have no seats to swap so far. Pick yours first, then ask.",
    "Todavía no tienen asientos que intercambiar. Elijan los suyos y después pidan el cambio.",
)
REQUEST_CLOSED = rule(
    "request_closed",
    "This request is not open any more. Your seats are as they were.",
    "Esta petición ya no está abierta. Sus asientos siguen como estaban.",
)
NOBODY_THERE = rule(
    "nobody_there",
    "Nobody of {household} comes so far, so there is no seat to find yet."
    " Your seats are safe, and you can say yes later.",
    "Por ahora nadie de {household} viene, así que todavía no hay asiento que buscar."
    " Sus asientos están seguros y pueden aceptar más tarde.",
)
NO_ROOM_NEAR = rule(
    "no_room_near",
    "There is no room for both of you near each other right now."
    " Everybody keeps their seats, and you can try again later.",
    "Ahora mismo no hay lugar para las dos familias cerca una de otra."
    " Todos conservan sus asientos y pueden intentarlo más tarde.",
)
UNEQUAL_SWAP = rule(
    "unequal_swap",
    "A swap needs as many seats on both sides. Everybody keeps their seats. You can try again once the numbers agree.",
    "Para intercambiar hacen falta los mismos asientos de cada lado."
    " Todos conservan los suyos. Pueden intentarlo cuando coincidan.",
)
SEATS_FOR_SOME = rule(
    "seats_for_some",
    "Some of these seats are kept for particular guests and cannot change hands. Everybody keeps their seats."
    " The hosts can help.",
    "Algunos de estos asientos son para ciertas personas y no se pueden intercambiar. Todos conservan los suyos."
    " Los anfitriones pueden ayudarles.",
)
SEATS_CHANGED = rule(
    "seats_changed",
    "Some of these seats have changed meanwhile, so nobody was moved. Look again, then decide.",
    "Algunos de estos asientos cambiaron mientras tanto, así que nadie se movió. Miren otra vez y después decidan.",
)

FAMILY = re.compile(r"(?:(?:the|la) )?(?:(?P<first>.+) family|familia (?P<last>.+))")


@dataclass(frozen=True)
class Asked:
    """A request as one of the two households sees it.

    Attributes:
        wanted: the name the asking household typed.
        household: the other household's name; empty where it must not be told.
        is_mine: whether this household asked.
        theirs: the seats of the other household, for a swap it asks for.
    """

    id: int
    kind: str
    state: str
    wanted: str
    household: str
    is_mine: bool
    theirs: tuple[SeatView, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == RequestState.ASKED

    @property
    def is_swap(self) -> bool:
        """Whether seats shall change hands."""
        return self.kind == RequestKind.SWAP


def household_key(name: str) -> str:
    """The form in which “Rivera”, “The Rivera family” and «familia Rivera» are one household."""
    key = search_key(name)
    found = FAMILY.fullmatch(key)
    return (found["first"] or found["last"]) if found else key


def is_shown(state: str, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a request is open, or its end is still news."""
    if answered_at is None:
        return True
    return state in {RequestState.AGREED, RequestState.DECLINED} and now < answered_at + NEWS


def seat_ids(seats: Sequence[SeatView]) -> str:
    """Which seats a page showed, so that an answer can say what it was about."""
    return "-".join(str(seat_id) for seat_id in sorted(seat.id for seat in seats))
