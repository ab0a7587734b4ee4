"""The life of an event: what can become of it when, and what it still lacks before it is shown to guests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.events.models import Status
from portal.events.rules import EventView
from portal.kit.conflicts import Rule, rule

EVENT_IS_PAST = rule(
    "event_is_past",
    "This event is already over. Give it a day that lies ahead, then publish it.",
    "Este evento ya pasó. Ponle un día que esté por venir y luego publícalo.",
)
EVENT_IS_OVER = rule(
    "event_is_over",
    "This event is over. Archive it, if guests shall not see it any more.",
    "Este evento ya pasó. Archívalo si los invitados ya no deben verlo.",
)
NOT_BEGUN = rule(
    "event_has_not_begun",
    "This event has not begun yet. It can be completed once it has.",
    "Este evento todavía no empieza. Podrás darlo por terminado cuando haya empezado.",
)
NO_WAY = rule(
    "event_is_elsewhere",
    "Somebody has changed how this event stands. Here is how it is now.",
    "Alguien cambió el estado de este evento. Así está ahora.",
)


class Step(StrEnum):
    """What a host does to an event as a whole."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    COMPLETE = "complete"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Way:
    """Where a step leads, from where it may be taken, and how the log calls it."""

    after: Status
    before: frozenset[Status]
    verb: str


WAYS = {
    Step.PUBLISH: Way(
        Status.PUBLISHED, frozenset({Status.DRAFT, Status.CANCELED, Status.COMPLETED}), "event.published"
    ),
    Step.WITHDRAW: Way(Status.DRAFT, frozenset({Status.PUBLISHED}), "event.withdrawn"),
    Step.CANCEL: Way(Status.CANCELED, frozenset({Status.PUBLISHED}), "event.canceled"),
    Step.COMPLETE: Way(Status.COMPLETED, frozenset({Status.PUBLISHED}), "event.completed"),
}
"""Archiving is not among them: it may happen to an event in any state, and leaves that as it is."""


def why_not_step(event: EventView, step: Step, now: datetime) -> Rule | None:
    """What forbids a step now: only what makes no sense, never a matter of taste."""
    if step is Step.ARCHIVE:
        return None
    if event.status not in WAYS[step].before:
        return NO_WAY
    if step is Step.PUBLISH and event.status == Status.DRAFT and event.ends_at <= now:
        return EVENT_IS_PAST
    if step is Step.WITHDRAW and event.ends_at <= now:
        return EVENT_IS_OVER
    if step is Step.COMPLETE and event.starts_at > now:
        return NOT_BEGUN
    return None


def possible_steps(event: EventView, now: datetime) -> list[Step]:
    """What a host can do with an event now."""
    return [step for step in Step if why_not_step(event, step, now) is None]


def step_back(event: EventView, was: str, now: datetime) -> Step | None:
    """The step that makes an event again what it ``was``, if there is one."""
    return next((step for step in possible_steps(event, now) if step in WAYS and WAYS[step].after == was), None)


@dataclass(frozen=True)
class Facts:
    """How much there is of what an event needs."""

    invitations: int
    people: int
    tables: int
    seats: int


class Lack(StrEnum):
    """What an event may still lack; only ``PAST`` stands in the way."""

    PAST = "past"
    NOBODY = "nobody"
    NO_DEADLINE = "no_deadline"
    DEADLINE_PAST = "deadline_past"
    NO_TABLES = "no_tables"
    FEW_SEATS = "few_seats"
    NO_MEALS = "no_meals"
    NO_PLACE = "no_place"
    NO_CONTACT = "no_contact"


def lacks(event: EventView, facts: Facts, now: datetime) -> list[Lack]:
    """What is missing before an event is published, what weighs most first."""
    return list(_lacks(event, facts, now))


def _lacks(event: EventView, facts: Facts, now: datetime) -> Iterator[Lack]:
    if event.ends_at <= now:
        yield Lack.PAST
    if facts.people == 0:
        yield Lack.NOBODY
    if event.rsvp_deadline is None:
        yield Lack.NO_DEADLINE
    elif event.rsvp_deadline <= now < event.ends_at:
        yield Lack.DEADLINE_PAST
    if facts.seats == 0:
        yield Lack.NO_TABLES
    elif facts.seats < facts.people:
        yield Lack.FEW_SEATS
    if not event.meals:
        yield Lack.NO_MEALS
    if not event.place:
        yield Lack.NO_PLACE
    if not event.contact:
        yield Lack.NO_CONTACT
