"""Changing one guest's place: the table, the seat, and what their card says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from portal.audit.actions import record
from portal.events.rules import EventView
from portal.kit.database import action
from portal.kit.schema import db
from portal.seating.actions.hosting import lock_people, seat_people
from portal.seating.models import GuestAssignment
from portal.seating.queries.people import get_person
from portal.seating.rules.people import Person, Pick, Wish
from portal.seating.rules.places import PLACE_CHANGED, PlaceWish, fingerprint


@action
def edit_place(event: EventView, place_id: int, wish: PlaceWish, *, shown: str, actor: str, now: datetime) -> None:
    """Put somebody at a table and on a seat, and change what their card says; from the old seat they go at once.

    Args:
        event: whose guest.
        place_id: the place.
        wish: how it is to be.
        shown: the fingerprint of what the host's form was filled from.
        actor: the host.
        now: when.

    Raises:
        PersonNotFound: no place of this event has that id.
        Conflict: another host changed it meanwhile; the seat is somebody else's; the guest has a seat at that table.
    """
    person = _unchanged(event, place_id, shown)
    seat_people(event, [Wish(Pick(place_id), wish.seat_id, wish.table_id)], actor=actor, now=now)
    changed = {"display_name": (person.name, wish.name), "dietary": (person.dietary, wish.dietary)}
    _rewrite(event, person, {name: words for name, words in changed.items() if words[1] not in {None, words[0]}},
             actor, now)  # fmt: skip


@action
def change_table(
    event: EventView, place_id: int, table_id: int | None, *, shown: str, actor: str, now: datetime
) -> None:
    """Change only the table: the seat at the old one is free at once; no table takes the person off.

    Who belongs to that table already keeps their seat.

    Raises:
        PersonNotFound: no place of this event has that id.
        Conflict: another host changed it meanwhile; the guest has a seat at that table already.
    """
    person = _unchanged(event, place_id, shown)
    if person.table_id != table_id:
        seat_people(event, [Wish(Pick(place_id), None, table_id)], actor=actor, now=now)


def _unchanged(event: EventView, place_id: int, shown: str) -> Person:
    lock_people(event.id, [place_id])
    person = get_person(event.id, place_id)
    if shown != fingerprint(person):
        raise PLACE_CHANGED.conflict(name=person.name)
    return person


def _rewrite(event: EventView, person: Person, changed: dict[str, Any], actor: str, now: datetime) -> None:
    if not changed:
        return
    words = {name: after for name, (_before, after) in changed.items()}
    db.session.execute(update(GuestAssignment).where(GuestAssignment.id == person.id).values(words))
    record(
        "place.changed",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"member:{person.member_id}" if person.member_id else f"place:{person.id}",
        now=now,
        detail={"household": person.household, "name": person.name, "place": person.id, "changes": changed},
    )
