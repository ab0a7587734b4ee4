"""What hosts do with seats: seat, move, swap and unseat anybody, one or many, all or nobody.

The order is the house's: the members, the places, the seats old and new, each in
id order, and then the claims. A host may use every seat, at any time; the unique
keys on seats and tables decide, as they do for guests.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from portal.events.rules import EventView
from portal.invitations.models import InvitationGuest
from portal.kit.database import action, explain, phrasebook
from portal.kit.schema import db
from portal.kit.statements import question
from portal.seating.actions.notices import remember_seats, tell_households
from portal.seating.actions.steps import claims_of, give_seats, let_go, lock_seats, put_at_tables
from portal.seating.actions.traces import Moved, record_moves
from portal.seating.models import ClaimState, GuestAssignment, SeatingStep
from portal.seating.queries.people import people_at
from portal.seating.queries.seats import find_seats, tables_among
from portal.seating.rules.people import AT_THIS_TABLE, Person, Situation, Wish, all_or_nothing, refusals
from portal.seating.rules.views import SeatRow


@action
def seat_people(
    event: EventView, wishes: Sequence[Wish], *, verb: str = "seat.assigned", actor: str, now: datetime
) -> None:
    """Put each of these people where the host wants them, all or nobody; a step that can be taken back.

    Whoever is there already stays. Two whose seats are named for each other change places.

    Args:
        event: whose guests.
        wishes: who is to sit where.
        verb: what the log calls it.
        actor: the host.
        now: when.

    Raises:
        Conflict: somebody cannot have that seat; its ``detail`` is every such refusal, each with its wish.
    """
    if moved := move_people(event, wishes, now):
        moves = [each.line for each in moved]
        db.session.execute(insert(SeatingStep).values(event_id=event.id, actor=actor, moves=moves))
        record_moves(event, verb, moved, actor, now)


def move_people(event: EventView, wishes: Sequence[Wish], now: datetime) -> list[Moved]:
    """The moves themselves, inside the running action; whoever is where they are wished is left alone.

    Raises:
        Conflict: as for ``seat_people``.
    """
    places = {wish.place_id for wish in wishes}
    lock_people(event.id, places)
    wished = {wish.seat_id for wish in wishes if wish.seat_id is not None}
    lock_seats(event.id, wished | {claim.seat_id for claim in claims_of(places).values()})
    there = _situation(event.id, wishes, wished, now)
    same_table = phrasebook().refusal(AT_THIS_TABLE, {})
    if refused := refusals(wishes, there, same_table):
        raise all_or_nothing(refused, len(wishes))
    moved = [
        Moved(person, seat, seat.table_id if seat else wish.table_id)
        for wish in wishes
        if _moves(person := there.people[wish.place_id], seat := there.seats.get(wish.seat_id or 0), wish)
    ]
    if moved:
        _write(event.id, moved, now)
    return moved


def lock_people(event_id: int, places: Collection[int]) -> None:
    """Lock members and then places, each in id order: whoever answers locks them in the same order."""
    _members(places=list(places), event_id=event_id)
    _places(places=list(places), event_id=event_id)


@question
def _members() -> Any:
    return (
        select(InvitationGuest.id)
        .join(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .where(
            GuestAssignment.id.in_(bindparam("places", expanding=True)),
            GuestAssignment.event_id == bindparam("event_id"),
        )
        .order_by(InvitationGuest.id)
        .with_for_update(read=True, key_share=True, of=InvitationGuest)
    )


@question
def _places() -> Any:
    return (
        select(GuestAssignment.id)
        .where(
            GuestAssignment.id.in_(bindparam("places", expanding=True)),
            GuestAssignment.event_id == bindparam("event_id"),
        )
        .order_by(GuestAssignment.id)
        .with_for_update()
    )


def _situation(event_id: int, wishes: Sequence[Wish], wished: Collection[int], now: datetime) -> Situation:
    people = people_at(event_id, {wish.place_id for wish in wishes})
    seats = find_seats(event_id, wished, now)
    holders = {seat.assignment_id for seat in seats.values() if seat.assignment_id is not None} - people.keys()
    wished_tables = {wish.table_id for wish in wishes if wish.table_id is not None}
    return Situation(
        people=people,
        seats=seats,
        holders=people_at(event_id, holders),
        elsewhere=_elsewhere(event_id, people.values(), wished_tables | {seat.table_id for seat in seats.values()}),
        tables=tables_among(event_id, wished_tables),
    )


def _elsewhere(event_id: int, people: Collection[Person], tables: Collection[int]) -> frozenset[tuple[int, int]]:
    """Where the same guests have other places that stay, of tables that somebody is wished to."""
    rows = db.session.execute(
        select(GuestAssignment.guest_id, GuestAssignment.table_id).where(
            GuestAssignment.event_id == event_id,
            GuestAssignment.guest_id.in_({person.guest_id for person in people}),
            GuestAssignment.id.not_in([person.id for person in people]),
            GuestAssignment.table_id.in_(tables),
        )
    )
    return frozenset((row.guest_id, row.table_id) for row in rows)


def _moves(person: Person, seat: SeatRow | None, wish: Wish) -> bool:
    if seat is not None:
        return person.seat_id != seat.id
    return person.seat_id is not None or person.table_id != wish.table_id


def _write(event_id: int, moved: Sequence[Moved], now: datetime) -> None:
    """Let everybody go first, so that people can trade seats, and a guest with several places their tables."""
    places = [each.person.id for each in moved]
    seats = {each.person.id: each.seat for each in moved if each.seat is not None}
    remember_seats(places)
    let_go(places, [ClaimState.HELD, ClaimState.TAKEN], [seat.id for seat in seats.values()], now)
    put_at_tables(dict.fromkeys(places))
    if len(moved) == 1 and moved[0].person.name:
        explain(name=moved[0].person.name)
    give_seats(event_id, seats)
    put_at_tables({each.person.id: each.table_id for each in moved if each.seat is None and each.table_id})
    tell_households([(each.person.member_id, each.seat) for each in moved if each.person.member_id])
