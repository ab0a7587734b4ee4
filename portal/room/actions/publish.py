"""Making the draft the room that guests see: all of it, in one transaction, or nothing.

Locks in the order everybody keeps: the event, members, places and seats, each by id. From
then on nobody can take a seat that goes, nor leave one unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, delete, insert, or_, select, update

from portal.audit.actions import record
from portal.events.models import Event
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.invitations.models import InvitationGuest
from portal.kit.database import action
from portal.kit.presentation import name_list
from portal.kit.schema import db
from portal.kit.text import slugify
from portal.room.actions.drafts import DRAFT_CHANGED, settle_draft
from portal.room.queries.drafts import Draft, get_draft
from portal.room.queries.people import sitters
from portal.room.rules.layout import DraftTable, landmark_settings
from portal.room.rules.publishing import MEANWHILE_TAKEN, SPOT_TAKEN, Difference, Shown, Sitter, Spot, affected_by
from portal.seating.actions.hosting import lock_people
from portal.seating.actions.notices import remember_seats
from portal.seating.actions.steps import give_seats
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.seating.queries.seats import find_seats
from portal.seating.rules.views import SeatRow

Choices = Mapping[Shown, Spot | None]
"""What the host chose for everybody whose chair goes, as they were shown: a chair of the draft, or none."""


@action
def publish_room(event: EventView, choices: Choices, *, version: int, actor: str, now: datetime) -> None:
    """Let guests see the draft: whoever's seat still exists keeps it, the others sit where the host chose.

    Args:
        event: whose room.
        choices: for everybody whom the host was shown as affected, the new chair or none.
        version: of the draft that the host was shown; one that is as published already changes nothing.
        actor: who does it, for the log.
        now: when.

    Raises:
        Conflict: the draft was changed since; somebody has taken a seat that goes, or one that was chosen for
            somebody. Nothing was changed then.
    """
    lock_event(event.id)
    draft = get_draft(event.id)
    if version != draft.version or draft.id is None:
        raise DRAFT_CHANGED.conflict()
    change = draft.difference
    if change.is_nothing:
        return
    lock_people(event.id, {place for place, _seat in choices})
    _lock_seats({*change.gone, *_chosen_seats(draft, choices)})
    moving = affected_by(change, sitters(event.id, now))
    _require_shown(moving, choices)
    remember_seats([one.place_id for one in moving if one.sits])
    _unseat(change, moving, _chosen_seats(draft, choices), now)
    _remove(change)
    tables = _lay(event.id, draft, change)
    _seat(event.id, moving, choices, tables, now)
    if change.landmarks:
        _put_landmarks(event.id, draft)
    settle_draft(event, draft)
    _record(event, draft, change, moving, choices, actor, now)


def _lock_seats(seat_ids: Collection[int]) -> None:
    db.session.execute(select(Seat.id).where(Seat.id.in_(seat_ids)).order_by(Seat.id).with_for_update()).all()


def _chosen_seats(draft: Draft, choices: Choices) -> set[int]:
    """The seats that stand already and were chosen for somebody."""
    found = set()
    for spot in choices.values():
        table = draft.layout.tables.get(spot.table_id) if spot else None
        if spot and table and spot.position < len(table.seats):
            seat_id = table.seats[spot.position].id
            found |= {seat_id} if seat_id is not None else set()
    return found


def _require_shown(moving: Sequence[Sitter], choices: Choices) -> None:
    """Refuse to move anybody whom the host has not seen on the list as they sit now.

    Raises:
        Conflict: it names them.
    """
    unseen = [one.name for one in moving if one.shown not in choices]
    if unseen:
        raise MEANWHILE_TAKEN.conflict(names=name_list(unseen))


def _unseat(change: Difference, moving: Sequence[Sitter], chosen: Collection[int], now: datetime) -> None:
    """Nobody has a seat that goes any more, nor holds one; a hold on a chosen seat that has run out is nobody's."""
    expired = and_(SeatClaim.seat_id.in_(chosen), SeatClaim.state == ClaimState.HELD, SeatClaim.held_until <= now)
    db.session.execute(delete(SeatClaim).where(or_(SeatClaim.seat_id.in_(change.gone), expired)))
    places = [one.place_id for one in moving if one.sits]
    db.session.execute(update(GuestAssignment).where(GuestAssignment.id.in_(places)).values(table_id=None))


def _remove(change: Difference) -> None:
    db.session.execute(delete(Seat).where(Seat.id.in_(change.gone)))
    db.session.execute(delete(Table).where(Table.id.in_([table.id for table in change.removed])))


def _lay(event_id: int, draft: Draft, change: Difference) -> dict[int, int]:
    """Write new and changed tables with their seats; the ids of all tables, by their ids in the draft."""
    captains = _captains(event_id, draft)
    renamed = [after.id for before, after in change.changed if before.name != after.name]
    # Two tables may have changed names with each other: they let go of the old ones first.
    aside = "~" + cast(Table.id, String)
    db.session.execute(update(Table).where(Table.id.in_(renamed)).values(name=aside, slug=aside))
    ids = {each: each for each in draft.published.tables}
    if change.changed:
        changed = [{"id": table.id, **_columns(table, captains, before)} for before, table in change.changed]
        db.session.execute(update(Table), changed)
    if change.added:
        added = [{"event_id": event_id, **_columns(table, captains)} for table in change.added]
        db.session.execute(insert(Table), added)
        by_name = select(Table.name, Table.id).where(
            Table.event_id == event_id, Table.name.in_([table.name for table in change.added])
        )
        made = {row.name: row.id for row in db.session.execute(by_name)}
        ids |= {table.id: made[table.name] for table in change.added}
    tables = [(draft.published.tables[after.id], after) for _, after in change.changed]
    _set_seats(event_id, [*tables, *((None, table) for table in change.added)], ids)
    return ids


def _columns(table: DraftTable, captains: Collection[int], before: DraftTable | None = None) -> dict[str, Any]:
    """A table as it is written; a captain who is not invited any more changes nothing of how it was ``before``."""
    standing = before.captain_id if before else None
    return {
        "name": table.name,
        "slug": slugify(table.name),
        "note": table.note,
        "shape": table.shape,
        "capacity": len(table.seats),
        "x": table.x,
        "y": table.y,
        "rotation": table.rotation,
        "captain_id": table.captain_id if table.captain_id in {None, *captains} else standing,
        "is_quiet": table.is_quiet,
    }


def _captains(event_id: int, draft: Draft) -> set[int]:
    """Those of the draft's captains who are still invited."""
    wanted = [table.captain_id for table in draft.layout.tables.values() if table.captain_id is not None]
    invited = select(InvitationGuest.guest_id).where(
        InvitationGuest.event_id == event_id, InvitationGuest.guest_id.in_(wanted)
    )
    return set(db.session.scalars(invited))


def _set_seats(event_id: int, tables: Iterable[tuple[DraftTable | None, DraftTable]], ids: Mapping[int, int]) -> None:
    """Write the seats of these tables: those that are there keep their ids, whatever is written on them."""
    fresh, kept = [], []
    for before, after in tables:
        standing = {seat.id: (place, seat) for place, seat in enumerate(before.seats)} if before else {}
        for place, seat in enumerate(after.seats):
            row = {"label": seat.label, "position": place, "category": seat.category, "step_free": seat.step_free}
            if seat.id is None or seat.id not in standing:
                fresh.append({"event_id": event_id, "table_id": ids[after.id], **row})
            elif standing[seat.id] != (place, seat):
                kept.append({"id": seat.id, **row})
    if kept:
        moved = [row["id"] for row in kept]
        db.session.execute(update(Seat).where(Seat.id.in_(moved)).values(label="~" + cast(Seat.id, String)))
        db.session.execute(update(Seat), kept)
    if fresh:
        db.session.execute(insert(Seat), fresh)


def _seat(event_id: int, moving: Sequence[Sitter], choices: Choices, tables: Mapping[int, int], now: datetime) -> None:
    """Give everybody the chair that was chosen for them; the unique key on the chair decides.

    Raises:
        Conflict: somebody has one of them by now; it names for whom it was.
    """
    wanted = [(one, spot) for one in moving if one.sits and (spot := choices.get(one.shown))]
    if not wanted:
        return
    chairs = _chairs(event_id, [tables[spot.table_id] for _, spot in wanted if spot.table_id in tables], now)
    given, lost = {}, []
    for one, spot in wanted:
        free = chairs.pop((tables.get(spot.table_id, 0), spot.position), None)
        if free is None:
            lost.append(one.name)
        else:
            given[one.place_id] = free
    if lost:
        raise SPOT_TAKEN.conflict(names=name_list(lost))
    give_seats(event_id, given)


def _chairs(event_id: int, table_ids: Collection[int], now: datetime) -> dict[tuple[int, int], SeatRow]:
    """The chairs of these tables that nobody has or holds, by table and place."""
    there = db.session.scalars(select(Seat.id).where(Seat.event_id == event_id, Seat.table_id.in_(table_ids)))
    seats = find_seats(event_id, list(there), now).values()
    return {(seat.table_id, seat.position): seat for seat in seats if seat.assignment_id is None}


def _put_landmarks(event_id: int, draft: Draft) -> None:
    """Write the landmarks into the event's settings, and leave everything else there as it is."""
    settings = db.session.scalar(select(Event.settings).where(Event.id == event_id)) or {}
    marks = landmark_settings(draft.layout.landmarks)
    db.session.execute(
        update(Event)
        .where(Event.id == event_id)
        .values(settings={**settings, "landmarks": marks}, version=Event.version + 1)
    )


def _record(
    event: EventView,
    draft: Draft,
    change: Difference,
    moving: Sequence[Sitter],
    choices: Choices,
    actor: str,
    now: datetime,
) -> None:
    losing = [one for one in moving if one.sits]
    record(
        "room.published",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={
            "version": draft.version + 1,
            "added": [table.name for table in change.added],
            "changed": [table.name for _, table in change.changed],
            "removed": [table.name for table in change.removed],
            "moved": [one.name for one in losing if choices.get(one.shown)],
            "unseated": [one.name for one in losing if not choices.get(one.shown)],
        },
    )
