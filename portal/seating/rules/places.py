"""What a host may say about one guest's place."""

from __future__ import annotations

import json
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


@dataclass(frozen=True)
class Shown:
    """A place as a form showed it, in the words of its fields."""

    table: str
    seat: str
    name: str
    dietary: str


def fingerprint(person: Person) -> str:
    """What changes with everything a form about a place shows, and says what that was."""
    return json.dumps([person.table_id, person.seat_id, person.seat, person.name, person.dietary])


def read_fingerprint(text: str) -> Shown | None:
    """What a form showed; None if it does not say."""
    try:
        table_id, _seat_id, seat, name, dietary = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    return Shown(str(table_id or ""), str(seat or ""), str(name), str(dietary))
