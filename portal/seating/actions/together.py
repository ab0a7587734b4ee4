"""Seating a household together, the seats chosen inside the transaction that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.events.queries import lock_event
from portal.invitations.queries import refreshed
from portal.invitations.rules import MemberView, Viewer
from portal.kit.conflicts import Conflict, rule
from portal.kit.database import action, tentatively
from portal.seating.actions.claims import hold_seats, take_seats
from portal.seating.actions.places import lock_places
from portal.seating.queries.room import read_room
from portal.seating.queries.seats import SeatNotFound
from portal.seating.rules.party import Party, party_of
from portal.seating.rules.picking import GONE
from portal.seating.rules.together import Block, Fit, without_steps

NOBODY_TO_SEAT = rule(
    "nobody_to_seat",
    "Nobody of you has said yes so far. Accept first, then pick seats.",
    "Nadie de ustedes ha dicho que sí todavía. Primero acepten, después elijan asientos.",
)
TABLE_TOO_FULL = rule(
    "table_too_full",
    "This table has not enough free seats for all of you any more. Here is the room as it is now.",
    "En esta mesa ya no hay lugar para todos. Así está la sala ahora.",
)
ONLY_APART = rule(
    "only_apart",
    "There is no table left for all of you. Two tables close to each other have room.",
    "Ya no hay una mesa para todos. Dos mesas cercanas sí tienen lugar.",
)
ROOM_TOO_FULL = rule(
    "room_too_full",
    "There are not enough free seats for all of you. Ask the hosts, they know what can be done.",
    "No hay suficientes asientos libres para todos. Pregúntenles a los anfitriones qué se puede hacer.",
)


@action
def seat_together(viewer: Viewer, *, table_slug: str | None, step_free: bool = False, now: datetime) -> None:
    """Give everybody who comes and still stands the best free seats: at one table, or at the one asked for.

    Args:
        viewer: whoever holds the link.
        table_slug: the table they ask for, or None for the best.
        step_free: whether every seat must be reached without a step.
        now: when.

    Raises:
        SeatNotFound: there is no such table.
        Conflict: nobody to seat, no room; or only apart — its ``detail`` is
            the splits of which one can be agreed to.
    """
    viewer = _wait_in_line(viewer, now)
    party = party_of(viewer)
    if not party.people:
        raise NOBODY_TO_SEAT.conflict()
    if not viewer.standing and (table_slug is None or _sit_at(viewer, table_slug)):
        return
    seated = False
    while not seated:
        block = _choose(viewer, party, table_slug, step_free, now)
        seated = _seated(viewer, party.dealt(block), now)


@action
def seat_at(viewer: Viewer, seat_ids: Sequence[int], *, now: datetime) -> None:
    """Give the household exactly these seats: those who still stand, or everybody if there are as many.

    Raises:
        SeatNotFound: there are not as many people as seats, or a seat is not of this event.
        Conflict: one of the seats cannot be had; nobody was moved.
    """
    viewer = _wait_in_line(viewer, now)
    for people in (viewer.standing, viewer.accepted):
        if len(people) == len(set(seat_ids)) == len(seat_ids) and people:
            tables = read_room(viewer.event.id, now).tables
            named = {seat.id: seat for table in tables for seat in table.seats if seat.id in seat_ids}
            if len(named) < len(seat_ids):
                break
            block = Block(Fit.SPLIT, tuple(tables), tuple(named[seat_id] for seat_id in seat_ids))
            _seat(viewer, party_of(viewer, people).dealt(block), now)
            return
    raise SeatNotFound(seat_ids)


def _choose(viewer: Viewer, party: Party, table_slug: str | None, step_free: bool, now: datetime) -> Block:
    room = read_room(viewer.event.id, now).tables
    tables = without_steps(room) if step_free else room
    if table_slug is not None:
        table = next((table for table in tables if table.slug == table_slug), None)
        if table is None:
            raise SeatNotFound(table_slug)
        if (block := party.block_at(table)) is None:
            raise TABLE_TOO_FULL.conflict()
        return block
    if blocks := party.blocks(tables):
        return blocks[0]
    splits = party.splits(tables)
    raise ONLY_APART.conflict(tuple(splits)) if splits else ROOM_TOO_FULL.conflict()


def _seat(viewer: Viewer, wishes: dict[MemberView, int], now: datetime) -> None:
    seat = hold_seats if viewer.event.hold_seconds else take_seats
    seat(viewer, wishes, now=now)


def _seated(viewer: Viewer, wishes: dict[MemberView, int], now: datetime) -> bool:
    """Whether they could be seated; if not, somebody who picks a single seat and stands in no line was quicker.

    What was locked for the try is let go with it, so that the next one locks in its own order.
    """
    try:
        with tentatively():
            _seat(viewer, wishes, now)
    except Conflict as conflict:
        if conflict.rule not in GONE:
            raise
        return False
    return True


def _sit_at(viewer: Viewer, table_slug: str) -> bool:
    """Whether everybody who comes sits at this table already: asking twice is asking once."""
    return all(member.seat is not None and member.seat.table_slug == table_slug for member in viewer.accepted)


def _wait_in_line(viewer: Viewer, now: datetime) -> Viewer:
    """Households that ask at once choose one after the other, each among what is really left.

    Returns:
        The viewer as the world is when it is their turn: another phone of the
        family may have asked for the same a moment before.
    """
    lock_event(viewer.event.id)
    lock_places(viewer)
    return refreshed(viewer, now)
