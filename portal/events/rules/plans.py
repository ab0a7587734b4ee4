"""What a host fills in about an event, and what two hosts who do so at once make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from portal.kit.conflicts import rule

CHANGED_MEANWHILE = rule(
    "changed_meanwhile",
    "Somebody changed this while you were writing. Nothing you typed is lost.",
    "Alguien cambió esto mientras escribías. No se perdió nada de lo que escribiste.",
)

Changes = Mapping[str, tuple[Any, Any]]
"""By field: what it was and what it is, as the log keeps it."""


@dataclass(frozen=True)
class EventPlan:
    """Everything about an event that a host fills in."""

    title: str
    description: str
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    rsvp_deadline: datetime | None
    seats_open_at: datetime | None
    seats_close_at: datetime | None
    hold_seconds: int
    show_names: bool
    is_public: bool
    capacity: int | None
    contact: str
    meals: tuple[str, ...]
    hue: int | None
    motif: str

    @property
    def columns(self) -> dict[str, Any]:
        """What has a column of its own; the capacity, which others wait for, has a way of its own."""
        return {name: value for name, value in asdict(self).items() if name not in {*SETTINGS, "capacity"}}

    @property
    def settings(self) -> dict[str, Any]:
        """What only pages read."""
        return {name: value for name, value in self.recorded.items() if name in SETTINGS}

    @property
    def recorded(self) -> dict[str, Any]:
        """All of it as a log or a document keeps it."""
        return {name: _recorded(value) for name, value in asdict(self).items()}


SETTINGS = ("contact", "meals", "hue", "motif")
PLANNED = tuple(field.name for field in fields(EventPlan))


@dataclass(frozen=True)
class Standing:
    """An event's plan as it stands, and the how manieth it is."""

    version: int
    plan: EventPlan


def changes_between(before: EventPlan, after: EventPlan) -> dict[str, tuple[Any, Any]]:
    """What is different, by field, as the log keeps it."""
    old, new = before.recorded, after.recorded
    return {name: (old[name], new[name]) for name in PLANNED if old[name] != new[name]}


@dataclass(frozen=True)
class Merged:
    """One host's plan put together with what others changed meanwhile.

    Attributes:
        plan: what the form shows: theirs where this host had changed nothing, else this host's own.
        taken_over: the fields in which it shows theirs.
        contested: the fields in which both changed something, and not to the same.
    """

    plan: EventPlan
    taken_over: tuple[str, ...]
    contested: tuple[str, ...]


def merged(mine: EventPlan, standing: EventPlan, meanwhile: Iterable[Changes]) -> Merged:
    """What a host wrote, over what stands by now.

    Args:
        mine: what this host's form holds.
        standing: what is in the database.
        meanwhile: what others changed since the form was filled, oldest first.
    """
    first_seen: dict[str, Any] = {}
    for changes in meanwhile:
        for name, (old, _new) in changes.items():
            first_seen.setdefault(name, old)
    typed, now = mine.recorded, standing.recorded
    taken_over = tuple(name for name in PLANNED if name in first_seen and typed[name] == first_seen[name] != now[name])
    contested = tuple(
        name for name in PLANNED if name in first_seen and typed[name] != now[name] and typed[name] != first_seen[name]
    )
    plan = replace(mine, **{name: getattr(standing, name) for name in taken_over})
    return Merged(plan, taken_over, contested)


def _recorded(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
