"""What a host may say about one guest's place."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from portal.kit.conflicts import rule
from portal.seating.rules.people import Person

PLACE_CHANGED = rule(
    "place_changed",
    "{name}’s place was changed meanwhile.",
    "El lugar de {name} cambió mientras tanto.",
)


@dataclass(frozen=True)
class PlaceWish:
    """Where somebody is to sit, and what their card says; ``dietary`` is None where it is not the host's to say."""

    table_id: int | None
    seat_id: int | None
    name: str
    dietary: str | None


def fingerprint(person: Person) -> str:
    """A few characters that change with everything a form about a place shows."""
    told = (person.table_id, person.seat_id, person.name, person.dietary)
    return f"{zlib.crc32(repr(told).encode()):08x}"
