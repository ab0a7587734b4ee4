"""Who changed a guest's place last."""

from __future__ import annotations

from datetime import datetime

from portal.audit.queries import latest_entries
from portal.events.rules import EventView
from portal.organizations.queries import names_of_users

HOSTED = ("place.changed", "seat.assigned", "seat.freed", "seat.restored")
LOOK_BACK = 50
"""So many of the hosts' last changes are looked through."""


def last_editor(event: EventView, place_id: int) -> tuple[str, datetime] | None:
    """The host who changed this place last, by name, and when; None if that is long ago."""
    for entry in latest_entries(event.id, organization_id=event.organization_id, verbs=HOSTED, limit=LOOK_BACK):
        if place_id in {entry.detail.get("place"), *(seat["place"] for seat in entry.detail.get("seats", ()))}:
            return names_of_users([entry.actor]).get(entry.actor, ""), entry.at
    return None
