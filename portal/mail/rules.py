"""Decisions about mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_SUBJECT = 200
LONGEST_ERROR = 300

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
"""What passes after each try that failed; after the last of them, one more."""

LEASE = timedelta(minutes=2)
"""How long whoever sends a mail has for it, before another takes them for dead and sends it."""


@dataclass(frozen=True)
class Letter:
    """What somebody is told: rendered before the transaction in which it is posted."""

    recipient: str
    subject: str
    body: str


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When a mail is tried again that failed for the ``attempts``th time; None: no more."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
