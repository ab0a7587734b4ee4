"""Decisions about an event: what may be answered when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.events.models import Status
from portal.events.rules.looks import Motif
from portal.kit.conflicts import Rule, rule

REPLIES_CLOSED = rule(
    "replies_closed",
    "Replies closed on {when}. Ask the hosts to change it.",
    "Las respuestas cerraron el {when}. Pídanles el cambio a los anfitriones.",
)
EVENT_CANCELED = rule(
    "event_canceled",
    "This event has been called off, so there is nothing to answer any more.",
    "Este evento se canceló, así que ya no hay nada que responder.",
)
EVENT_OVER = rule(
    "event_over",
    "This event is over. Ask the hosts if something should be changed.",
    "Este evento ya terminó. Pregúntenles a los anfitriones si hay algo que cambiar.",
)


@dataclass(frozen=True)
class EventView:
    """An event as pages and rules see it."""

    id: int
    organization_id: int
    organization: str
    title: str
    slug: str
    description: str
    place: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    status: str
    rsvp_deadline: datetime | None
    seats_open_at: datetime | None
    seats_close_at: datetime | None
    hold_seconds: int
    show_names: bool
    capacity: int | None
    settings: dict[str, Any]

    @property
    def meals(self) -> list[str]:
        """The meals to choose from, in the host's words; empty if there is no choice."""
        return list(self.settings.get("meals", []))

    @property
    def contact(self) -> str:
        """Whom a guest may ask; empty if the host did not say."""
        return str(self.settings.get("contact", ""))

    @property
    def hue(self) -> int | None:
        """The hue of its pages, 0 to 359; None for the house's own green."""
        hue = self.settings.get("hue")
        return hue if isinstance(hue, int) and 0 <= hue < 360 else None

    @property
    def motif(self) -> str:
        """What hangs above the title of its pages."""
        return str(self.settings.get("motif") or Motif.LANTERNS)

    @property
    def landmarks(self) -> list[dict[str, Any]]:
        """What stands in the room besides tables: label, x, y, width, height in floor-plan units."""
        return list(self.settings.get("landmarks", []))


@dataclass(frozen=True)
class SessionView:
    """A part of an event as pages and forms see it."""

    id: int
    title: str
    starts_at: datetime


def why_replies_closed(event: EventView, now: datetime) -> Rule | None:
    """What forbids answering now; the deadline itself is already too late."""
    if event.status == Status.CANCELED:
        return EVENT_CANCELED
    if event.status == Status.COMPLETED or now >= event.ends_at:
        return EVENT_OVER
    if event.rsvp_deadline is not None and now >= event.rsvp_deadline:
        return REPLIES_CLOSED
    return None


@dataclass(frozen=True)
class Countdown:
    """How many midnights of the event's own calendar lie ahead; negative once they are behind."""

    to_start: int
    to_deadline: int | None
    is_closed: bool


def countdown(event: EventView, now: datetime) -> Countdown:
    """How far away an event and its deadline are, in days as people count them."""
    zone = ZoneInfo(event.time_zone)
    today = now.astimezone(zone).date()
    deadline = event.rsvp_deadline
    return Countdown(
        to_start=(event.starts_at.astimezone(zone).date() - today).days,
        to_deadline=(deadline.astimezone(zone).date() - today).days if deadline else None,
        is_closed=why_replies_closed(event, now) is not None,
    )
