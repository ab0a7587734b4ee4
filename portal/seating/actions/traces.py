"""What a host's change leaves behind: its entry in the log, and the line by which it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.audit.actions import record
from portal.events.rules import EventView
from portal.seating.models import ClaimState
from portal.seating.rules.people import Person
from portal.seating.rules.views import SeatRow


@dataclass(frozen=True)
class Moved:
    """Somebody as they were, and where they are now: on a seat, at a table without one, or nowhere."""

    person: Person
    seat: SeatRow | None
    table_id: int | None

    @property
    def line(self) -> list[int | None]:
        """Place, table and seat before, table and seat after."""
        before = self.person
        return [before.id, before.table_id, before.seat_id, self.table_id, self.seat.id if self.seat else None]

    @property
    def told(self) -> dict[str, Any]:
        """The names as they were, for the reader of the log: the new seat, or the one that was left."""
        seat, person = self.seat, self.person
        return {
            "place": person.id,
            "member": person.member_id,
            "name": person.name,
            "household": person.household,
            "table": seat.table if seat else person.table or "",
            "seat": seat.label if seat else person.seat or "",
            "seat_id": seat.id if seat else person.seat_id,
            "state": ClaimState.TAKEN if seat else "",
        }


def record_moves(event: EventView, verb: str, moved: Sequence[Moved], actor: str, now: datetime) -> None:
    """Add the entry of a host's step to the running action; about the one person, or about the event."""
    person = moved[0].person if len(moved) == 1 else None
    about = f"event:{event.id}"
    if person is not None:
        about = f"member:{person.member_id}" if person.member_id else f"place:{person.id}"
    households = {each.person.household for each in moved}
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=about,
        now=now,
        detail={
            "household": households.pop() if len(households) == 1 else "",
            "seats": [each.told for each in moved],
        },
    )
