"""What a host says about a part of an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.kit.conflicts import rule

PART_IS_ATTENDED = rule(
    "part_is_attended",
    "{count} said that they come to “{title}”. Nothing was changed.",
    "{count} dijeron que vienen a «{title}». No se cambió nada.",
)


@dataclass(frozen=True)
class PartPlan:
    """Everything about a part that a host fills in."""

    title: str
    speaker: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None


@dataclass(frozen=True)
class Part:
    """A part as its hosts see it, and how many come to it."""

    id: int
    version: int
    plan: PartPlan
    attending: int
