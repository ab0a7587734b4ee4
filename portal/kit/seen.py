"""When this browser was last shown what an event's kitchen must know, so that what came later is new to its host."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import session

KEY = "seen"
MOST = 20
"""Events of which it is kept: the cookie is sent with every request."""


def note(event_id: int, *, now: datetime) -> None:
    """Keep that it is being shown; the oldest looks of this browser are forgotten."""
    looks: dict[str, float] = {**session.get(KEY, {}), str(event_id): now.timestamp()}
    session[KEY] = dict(sorted(looks.items(), key=lambda look: look[1])[-MOST:])


def last(event_id: int) -> datetime | None:
    """When it was shown last; None if this browser never saw it, or no longer knows."""
    moment = session.get(KEY, {}).get(str(event_id))
    return None if moment is None else datetime.fromtimestamp(moment, UTC)
