"""What the sample event is, and when: seen from the moment it is first loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

TITLE = "Lantern Night"
SLUG = "lantern-night"
HOST = "Wharf Road School"
PLACE = "The Old Tram Depot, Wharf Road"
TIME_ZONE = "Europe/London"
DESCRIPTION = (
    "An evening of lanterns, music and supper for the families of Wharf Road School. "
    "We walk along the canal at half past six and sit down to eat at eight."
)
HOST_PASSWORD = "lanterns at the depot"  # noqa: S105 - printed for everybody who starts the demo
LANDMARKS: list[dict[str, Any]] = [
    {"label": "Stage", "x": 100, "y": 6, "width": 158, "height": 52},
    {"label": "Entrance", "x": 4, "y": 338, "width": 84, "height": 40},
    {"label": "Bar", "x": 270, "y": 338, "width": 84, "height": 40},
]
SENT_BEFORE = timedelta(days=21)
"""How long before the demo is first loaded the invitations went out."""
JUST_NOW = (48, 31, 14, 2)
"""How many minutes ago the last households answered."""


@dataclass(frozen=True)
class Moments:
    """When the sample event is, seen from the moment it is loaded."""

    sent_at: datetime
    rsvp_deadline: datetime
    starts_at: datetime
    ends_at: datetime
    walk: tuple[datetime, datetime]
    dance: tuple[datetime, datetime]


def host_email(slug: str) -> str:
    """The address of a sample event's host."""
    return f"host+{slug}@example.org"


def moments(now: datetime) -> Moments:
    """The evening 23 days from now; replies close 13 days before it, at the end of that day."""
    zone = ZoneInfo(TIME_ZONE)
    day = (now.astimezone(zone) + timedelta(days=23)).date()

    def at(hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), zone)

    return Moments(
        sent_at=now - SENT_BEFORE,
        rsvp_deadline=datetime.combine(day - timedelta(days=13), time(23, 59), zone),
        starts_at=at(18, 30),
        ends_at=at(23, 30),
        walk=(at(18, 30), at(19, 30)),
        dance=(at(21, 0), at(23, 30)),
    )


def answered_at(index: int, count: int, now: datetime) -> datetime:
    """When the ``index``-th of ``count`` households answered: many at once, then fewer, the last few just now."""
    if (late := index - count + len(JUST_NOW)) >= 0:
        return now - timedelta(minutes=JUST_NOW[late])
    passed = SENT_BEFORE * ((index + 0.5) / (count - len(JUST_NOW))) ** 2
    return now - SENT_BEFORE + passed + timedelta(minutes=index * 37 % 180)
