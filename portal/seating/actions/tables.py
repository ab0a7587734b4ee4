"""Seating people at a table, their seats chosen inside the transaction that takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.kit.conflicts import Conflict
from portal.kit.database import action, tentatively
from portal.seating.actions.hosting import lock_people, seat_people
from portal.seating.queries.people import people_of
from portal.seating.queries.room import read_room
from portal.seating.rules.fitting import EVERY, dealt, left_by
from portal.seating.rules.people import (
    NO_SEAT_LEFT,
    TABLE_GONE,
    WAITABLE,
    Person,
    Pick,
    Wish,
    all_or_nothing,
    called,
    table_words,
)
from portal.seating.rules.views import TableRow


@action
def seat_at_table(
    event: EventView,
    picks: Sequence[Pick],
    *,
    table_id: int | None = None,
    near: int | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Give all of these people seats at one table: the best for them, or those around the seat pointed to.

    Raises:
        Conflict: the table has not enough seats, or somebody cannot be moved; nobody was. Its ``detail`` is every
            refusal, each with its wish.
    """
    lock_event(event.id)
    while not _seated(event, _wishes(event, picks, table_id, near, now), actor, now):
        pass


def _wishes(
    event: EventView, picks: Sequence[Pick], table_id: int | None, near: int | None, now: datetime
) -> list[Wish]:
    places = {pick.place_id for pick in picks}
    lock_people(event.id, places)
    tables = read_room(event.id, now).tables
    table = next((t for t in tables if t.id == table_id or any(seat.id == near for seat in t.seats)), None)
    if table is None:
        raise TABLE_GONE.conflict()
    everybody = people_of(event.id, places=places, tables=[table.id], relatives_of=places)
    chosen = [everybody[place] for place in dict.fromkeys(pick.place_id for pick in picks) if place in everybody]
    free = left_by(table, places)
    seats = dealt(free, chosen, list(everybody.values()), near=near)
    if chosen and seats is None:
        raise _no_room(picks, {person.id: person for person in chosen}, free)
    return [Wish(pick, (seats or {}).get(pick.place_id), table.id) for pick in picks]


def _no_room(picks: Sequence[Pick], chosen: Mapping[int, Person], table: TableRow) -> Conflict:
    """Whoever is beyond the free seats cannot sit there."""
    words = table_words(table.name)
    left = [pick for pick in picks if pick.place_id in chosen][len(table.free(EVERY)) :]
    refused = [NO_SEAT_LEFT.conflict(Wish(p, None, table.id), **called(chosen[p.place_id]), **words) for p in left]
    return all_or_nothing(refused, len(picks))


def _seated(event: EventView, wishes: Sequence[Wish], actor: str, now: datetime) -> bool:
    """Whether they could be seated; if not, a guest who picks a single seat was quicker, and others are chosen."""
    try:
        with tentatively():
            seat_people(event, wishes, actor=actor, now=now)
    except Conflict as conflict:
        if {refused.rule for refused in conflict.detail or [conflict]} <= WAITABLE:
            return False
        raise
    return True
