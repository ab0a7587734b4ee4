"""Seating a household together, the seats chosen inside the transaction that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.events.models import Event
from portal.invitations.queries import members_of
from portal.invitations.rules import MemberView, Viewer
from portal.kit.conflicts import rule
from portal.kit.database import action
from portal.kit.schema import db
from portal.seating.actions.claims import hold_seats, take_seats
from portal.seating.queries.seats import SeatNotFound, seat_map
from portal.seating.rules.cards import anchors_of, shared_categories, to_be_seated
from portal.seating.rules.together import Block, best_block, best_split, child_beside_adult, ranked_blocks

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
def seat_together(viewer: Viewer, *, table_slug: str | None, now: datetime) -> None:
    """Give everybody who comes and still stands the best free seats: at one table, or at the one asked for.

    Raises:
        Conflict: nobody to seat, no room; or only apart — its ``detail`` is the split to be agreed to.
    """
    viewer = _wait_in_line(viewer, now)
    people = to_be_seated(viewer)
    if not people:
        raise NOBODY_TO_SEAT.conflict()
    if not viewer.standing and (table_slug is None or _sit_at(viewer, table_slug)):
        return
    block = _choose(viewer, people, table_slug, now)
    _seat(viewer, dict(zip(people, (seat.id for seat in block.seats), strict=True)), now)


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
            _seat(viewer, dict(zip(child_beside_adult(people), seat_ids, strict=True)), now)
            return
    raise SeatNotFound(seat_ids)


def _choose(viewer: Viewer, people: Sequence[MemberView], table_slug: str | None, now: datetime) -> Block:
    tables = seat_map(viewer.event.id, now)
    categories, anchors = shared_categories(people), anchors_of(viewer)
    if table_slug is not None:
        table = next((table for table in tables if table.slug == table_slug), None)
        if table is None:
            raise SeatNotFound(table_slug)
        block = best_block(table, len(people), categories, anchors)
        if block is None:
            raise TABLE_TOO_FULL.conflict()
        return block
    blocks = ranked_blocks(tables, len(people), categories, anchors)
    if blocks:
        return blocks[0]
    split = best_split(tables, len(people), categories)
    raise ONLY_APART.conflict(split) if split else ROOM_TOO_FULL.conflict()


def _seat(viewer: Viewer, wishes: dict[MemberView, int], now: datetime) -> None:
    seat = hold_seats if viewer.event.hold_seconds else take_seats
    seat(viewer, wishes, now=now)


def _sit_at(viewer: Viewer, table_slug: str) -> bool:
    """Whether everybody who comes sits at this table already: asking twice is asking once."""
    return all(member.seat is not None and member.seat.table_slug == table_slug for member in viewer.accepted)


def _wait_in_line(viewer: Viewer, now: datetime) -> Viewer:
    """Households that ask at once choose one after the other, each among what is really left.

    Returns:
        The viewer as the world is when it is their turn: another phone of the
        family may have asked for the same a moment before.
    """
    db.session.execute(select(Event.id).where(Event.id == viewer.event.id).with_for_update(key_share=True))
    return replace(viewer, members=members_of(viewer.invitation_id, now)[0])
