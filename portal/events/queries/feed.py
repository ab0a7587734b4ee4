"""What guests did last, for the host to glance at."""

from __future__ import annotations

from portal.audit.queries import Entry, latest_entries
from portal.events.rules import EventView

VERBS = (
    "import.finished",
    "import.undone",
    "invitation.answered",
    "invitation.opened",
    "member.updated",
    "place.changed",
    "request.agreed",
    "request.declined",
    "request.made",
    "request.withdrawn",
    "seat.assigned",
    "seat.freed",
    "seat.moved",
    "seat.released",
    "seat.restored",
    "seat.swapped",
    "seat.taken",
    "waiting.accepted",
    "waiting.joined",
    "waiting.left",
    "waiting.offered",
    "waiting.passed",
)
"""What is worth a glance; the page has a line for each of them."""

LINES = 6


def feed(event: EventView) -> list[Entry]:
    """The last lines of the log that are about guests, newest first; one statement."""
    return latest_entries(event.id, organization_id=event.organization_id, verbs=VERBS, limit=LINES)
