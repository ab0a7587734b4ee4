"""Who may take which seat, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.events.models import Status
from portal.events.rules import EventView
from portal.kit.conflicts import Rule, rule
from portal.seating.models import Category

PICKING_NOT_OPEN = rule(
    "picking_not_open",
    "Seats can be picked from {when}. Your answers are safe until then.",
    "Los asientos se pueden elegir a partir del {when}. Sus respuestas están guardadas.",
)
PICKING_CLOSED = rule(
    "picking_closed",
    "Seat picking has closed. Ask the hosts and they can still move you.",
    "La elección de asientos ya cerró. Pídanles el cambio a los anfitriones.",
)
RESERVED_SEAT = rule(
    "reserved_seat",
    "That seat is reserved by the hosts. Here are the closest free ones.",
    "Ese asiento lo reservaron los anfitriones. Estos son los libres más cercanos.",
)
VIP_SEAT = rule(
    "vip_seat",
    "That seat is kept for guests the hosts chose. Ask them, or take one of the closest free ones.",
    "Ese asiento es para quienes eligieron los anfitriones. Pregúntenles, o tomen uno de los libres más cercanos.",
)
HELD_SEAT = rule(
    "held_seat",
    "Someone is choosing that seat right now. Here is the map as it is now.",
    "Alguien está eligiendo ese asiento. Este es el mapa como está ahora.",
)
NOTHING_TO_SWAP = rule(
    "nothing_to_swap",
    "Your seats have changed meanwhile, so there was nothing to swap. Here is the map as it is now.",
    "Sus asientos cambiaron mientras tanto y no había nada que intercambiar. Este es el mapa como está ahora.",
)

GONE = {"uq_seat_claims_seat_id", HELD_SEAT.name}
"""Refusals after which somebody else has the seat."""


@dataclass(frozen=True)
class Wish:
    """Who wanted which seat; a refusal's detail is all that were refused, so that the page can say who lost what."""

    member_id: int
    seat_id: int


def why_not_pick(event: EventView, now: datetime) -> Rule | None:
    """What forbids picking any seat at ``event`` at this moment: the window is [opens, closes)."""
    if event.status in {Status.CANCELED, Status.COMPLETED}:
        return PICKING_CLOSED
    if event.seats_open_at is not None and now < event.seats_open_at:
        return PICKING_NOT_OPEN
    closes = event.seats_close_at or event.starts_at
    return PICKING_CLOSED if now >= closes else None


def why_not_seat(seat_category: str, member_category: str) -> Rule | None:
    """What forbids a seat of this category to a member who may take ``member_category``."""
    if seat_category == Category.RESERVED:
        return RESERVED_SEAT
    if seat_category == Category.VIP and member_category != Category.VIP:
        return VIP_SEAT
    return None
