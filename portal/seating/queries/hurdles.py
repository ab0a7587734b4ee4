"""What a host is told when seats could not be had: what happened, and the nearest ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.events.rules import EventView
from portal.kit import language
from portal.kit.conflicts import Conflict
from portal.kit.presentation import seats_at, table_title
from portal.seating.queries.people import people_at, people_of
from portal.seating.queries.room import read_room
from portal.seating.rules import people as rules
from portal.seating.rules.fitting import EVERY, dealt, left_by
from portal.seating.rules.people import Person, Wish
from portal.seating.rules.together import distance, nearest_seats
from portal.seating.rules.views import SeatRow, TableRow

WAYS = 2
"""Two ways on, not a wall."""


@dataclass(frozen=True)
class Way:
    """Something to do instead: what its form says."""

    title: str
    words: str
    button: str
    moves: tuple[str, ...]


@dataclass(frozen=True)
class Hurdle:
    """What happened, whom it is about, whether that is everybody of the change, and what next."""

    title: str
    reasons: tuple[str, ...]
    places: tuple[int, ...]
    ways: tuple[Way, ...]
    seat_id: int | None = None
    is_undo: bool = False
    is_all: bool = False


def hurdle_of(
    event: EventView, conflict: Conflict, picks: Sequence[rules.Pick], now: datetime, *, is_undo: bool = False
) -> Hurdle:
    """What a refused change of a host means, and the ways on from there.

    Args:
        event: whose seating.
        conflict: what was refused.
        picks: whom the host wanted to move.
        now: when.
        is_undo: whether it was to be taken back.
    """
    refused = [each for each in conflict.detail or () if isinstance(each, Conflict)]
    told = [each.sentence(language.current()) for each in refused]
    one = refused[0].detail if len(refused) == 1 else None
    ways: tuple[Way, ...] = ()
    if not is_undo and refused:
        ways = _ways(event, refused, picks, now)
    return Hurdle(
        title=conflict.sentence(language.current()).partition(": ")[0] + ":" if len(told) > 1 else _said(conflict),
        reasons=tuple(told) if len(told) > 1 else (),
        places=tuple(each.detail.place_id for each in refused),
        ways=ways,
        seat_id=one.seat_id if isinstance(one, Wish) else None,
        is_undo=is_undo,
        is_all=conflict.words.get("count") == conflict.words.get("all"),
    )


def _said(conflict: Conflict) -> str:
    return conflict.sentence(language.current())


def _ways(event: EventView, refused: Sequence[Conflict], picks: Sequence[rules.Pick], now: datetime) -> tuple[Way, ...]:
    tables = read_room(event.id, now).tables
    wish: Wish = refused[0].detail
    if len(picks) == 1 and refused[0].rule in {rules.SEAT_IN_USE.name, rules.SEAT_BEING_CHOSEN.name}:
        return _instead_of_a_taken_seat(event, wish, tables)
    if len(picks) == 1 and refused[0].rule in {rules.MOVED_MEANWHILE.name, rules.UNSEATED_MEANWHILE.name}:
        return _all_the_same(event, wish, tables)
    return _other_tables(event, picks, wish, tables)


def _instead_of_a_taken_seat(event: EventView, wish: Wish, tables: Sequence[TableRow]) -> tuple[Way, ...]:
    """Swap the two, or find the nearest free seat for whoever sits there; of a hold, for whoever was to have it."""
    seats = {seat.id: seat for table in tables for seat in table.seats}
    wanted = seats.get(wish.seat_id or 0)
    people = people_at(event.id, [wish.place_id, wanted.assignment_id or 0 if wanted else 0])
    person = people.get(wish.place_id)
    if wanted is None or person is None:
        return ()
    other = people.get(wanted.assignment_id or 0)
    near = nearest_seats(wanted, tables, EVERY)[:WAYS]
    if other is None or other.seat_id != wanted.id:
        return tuple(_seat_way(person, seat) for seat in near)
    swap = [_swap(person, other)] if person.seat_id else []
    return tuple(swap + [_elsewhere(person, other, wanted, seat) for seat in near[: WAYS - len(swap) + 1]])


def _swap(person: Person, other: Person) -> Way:
    return Way(
        _("%(name)s and %(other)s change places", name=_name(person), other=_name(other)),
        _("%(other)s gets %(seat)s.", other=_name(other), seat=seats_at(person.table or "", [person.seat or ""])),
        _("Swap them"),
        (f"{person.shown}>{other.seat_id}", f"{other.shown}>{person.seat_id}"),
    )


def _elsewhere(person: Person, other: Person, wanted: SeatRow, seat: SeatRow) -> Way:
    return Way(
        _("Put %(other)s elsewhere: %(seat)s", other=_name(other), seat=seats_at(seat.table, [seat.label])),
        _("%(name)s gets seat %(seat)s here.", name=_name(person), seat=wanted.label),
        _("Put them there"),
        (f"{other.shown}>{seat.id}", f"{person.shown}>{wanted.id}"),
    )


def _seat_way(person: Person, seat: SeatRow) -> Way:
    where = seats_at(seat.table, [seat.label])
    return Way(where, _("The nearest free seat for %(name)s.", name=_name(person)), _("Seat them there"),
               (f"{person.shown}>{seat.id}",))  # fmt: skip


def _all_the_same(event: EventView, wish: Wish, tables: Sequence[TableRow]) -> tuple[Way, ...]:
    """What the host wanted, now that they know."""
    person = people_at(event.id, [wish.place_id]).get(wish.place_id)
    seat = next((seat for table in tables for seat in table.seats if seat.id == wish.seat_id), None)
    if person is None or seat is None:
        return ()
    where = seats_at(seat.table, [seat.label])
    title = _("Move %(name)s to %(seat)s all the same", name=_name(person), seat=where)
    return (
        Way(title, _("What the other host did is undone by that."), _("Move them"), (f"{person.shown}>{seat.id}",)),
    )


def _other_tables(
    event: EventView, picks: Sequence[rules.Pick], wish: Wish, tables: Sequence[TableRow]
) -> tuple[Way, ...]:
    """The nearest tables with seats for all of them."""
    places = {pick.place_id for pick in picks}
    everybody = people_of(event.id, places=places, tables=[], relatives_of=places)
    chosen = [everybody[pick.place_id] for pick in picks if pick.place_id in everybody]
    wanted = next((t for t in tables if t.id == wish.table_id or any(s.id == wish.seat_id for s in t.seats)), None)
    if not chosen or len(chosen) < len(picks) or wanted is None:
        return ()
    near = sorted((left_by(table, places) for table in tables), key=lambda table: distance(wanted, table))
    roomy = (table for table in near if table.id != wanted.id and len(table.free(EVERY)) >= len(chosen))
    ways = []
    for table, _number in zip(roomy, range(WAYS), strict=False):
        seats = dealt(table, chosen, list(everybody.values())) or {}
        ways.append(_table_way(table, chosen, seats))
    return tuple(ways)


def _table_way(table: TableRow, chosen: Sequence[Person], seats: dict[int, int]) -> Way:
    labels = [seat.label for seat in table.seats if seat.id in seats.values()]
    return Way(
        seats_at(table.name, labels),
        _("%(table)s has %(free)s free seats.", table=table_title(table.name), free=len(table.free(EVERY))),
        _("Seat them there"),
        tuple(f"{person.shown}>{seats[person.id]}" for person in chosen),
    )


def _name(person: Person) -> str:
    return person.name or _("a guest who has no name yet")
