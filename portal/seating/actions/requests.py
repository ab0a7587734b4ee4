"""Asking another household to sit near it or to swap seats, and what it answers.

Agreeing takes the locks in the house's order: the event, the request, the
places of both households and then the seats, each in id order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal.events.queries import lock_event
from portal.invitations.actions.entries import record_by_guest
from portal.invitations.models import Invitation, InvitationGuest
from portal.invitations.queries import members_of
from portal.invitations.rules import Viewer
from portal.kit.conflicts import Conflict
from portal.kit.database import action, tentatively
from portal.kit.presentation import household
from portal.kit.schema import db
from portal.kit.text import search_key
from portal.seating.actions.claims import take_seats
from portal.seating.actions.steps import require_open
from portal.seating.actions.together import NOBODY_TO_SEAT
from portal.seating.models import GuestAssignment, HouseholdRequest, RequestKind, RequestState
from portal.seating.queries.requests import RequestNotFound, may_not_ask
from portal.seating.queries.room import read_room
from portal.seating.rules import requests as rules
from portal.seating.rules.nearness import Places, near_each_other, swapped
from portal.seating.rules.picking import GONE, PICKING_CLOSED, why_not_seat

NOT_AGAIN = {RequestState.ASKED, RequestState.DECLINED}
"""A request in these states keeps the same one from reaching the same household once more."""


@action
def ask(viewer: Viewer, kind: RequestKind, wanted: str, to: int | None, *, now: datetime) -> None:
    """Ask another household; asking twice for the same name is asking once.

    A household that said no to this is not asked again, and one that has the
    request already does not get a second: like a name that is nobody's, the
    request then reaches nobody, and looks the same to whoever asks.

    Args:
        viewer: the household that asks.
        kind: to sit near, or to swap seats.
        wanted: the name it typed.
        to: the invitation that the name means, if it means exactly one.
        now: when.

    Raises:
        Conflict: seats cannot be picked any more; nobody of the household
            comes, or nobody has a seat to swap; it has too many open requests.
    """
    if may_not_ask(viewer, now):
        raise PICKING_CLOSED.conflict()
    if not viewer.accepted:
        raise NOBODY_TO_SEAT.conflict()
    if kind == RequestKind.SWAP and not any(member.taken for member in viewer.accepted):
        raise rules.NO_SEATS_TO_SWAP.conflict()
    own = _lock_own(viewer)
    running = [row for row in own if row.state == RequestState.ASKED]
    if any(row.kind == kind and search_key(row.wanted) == search_key(wanted) for row in running):
        return
    spent = {row.to_invitation_id for row in own if row.kind == kind and row.state in NOT_AGAIN}
    slots = {row.slot for row in running}
    db.session.execute(
        insert(HouseholdRequest).values(
            event_id=viewer.event.id,
            from_invitation_id=viewer.invitation_id,
            to_invitation_id=None if to in spent else to,
            kind=kind,
            wanted=wanted,
            slot=next(slot for slot in range(1, len(slots) + 2) if slot not in slots),
        )
    )
    record_by_guest(viewer, "request.made", now=now, detail={"kind": kind, "wanted": wanted})


@action
def withdraw(viewer: Viewer, request_id: int, *, now: datetime) -> None:
    """Take back what was asked; what was taken back already stays so.

    Raises:
        RequestNotFound: this household asked nothing with that id.
        Conflict: it was answered meanwhile.
    """
    asked = _lock_request(viewer, request_id, mine=True)
    if _close(asked, RequestState.WITHDRAWN, now):
        record_by_guest(viewer, "request.withdrawn", now=now, detail={"kind": asked.kind, "wanted": asked.wanted})


@action
def decline(viewer: Viewer, request_id: int, *, now: datetime) -> None:
    """Say no; saying it again changes nothing.

    Raises:
        RequestNotFound: this household was asked nothing with that id.
        Conflict: it was taken back or agreed to meanwhile.
    """
    asked = _lock_request(viewer, request_id, mine=False)
    if _close(asked, RequestState.DECLINED, now):
        record_by_guest(viewer, "request.declined", now=now, detail={"kind": asked.kind, "other": asked.name})


@action
def agree(viewer: Viewer, request_id: int, shown: str, *, now: datetime) -> None:
    """Say yes: both households move at once, or nobody does and the request stays open.

    Saying yes again changes nothing.

    Args:
        viewer: the household that was asked.
        request_id: what it says yes to.
        shown: the seats that a swap was shown with; a swap of other seats is none they agreed to.
        now: when.

    Raises:
        RequestNotFound: this household was asked nothing with that id.
        Conflict: it was taken back meanwhile; there is no room, or seats have changed.
    """
    lock_event(viewer.event.id)
    asked = _lock_request(viewer, request_id, mine=False)
    if not _close(asked, RequestState.AGREED, now):
        return
    require_open(viewer, now)
    households = [asked.from_invitation_id, viewer.invitation_id]
    _lock_places(households)
    theirs, mine = [replace(viewer, members=members_of(invitation_id, now)[0]) for invitation_id in households]
    record_by_guest(viewer, "request.agreed", now=now, detail={"kind": asked.kind, "other": asked.name})
    both = replace(viewer, members=(*theirs.members, *mine.members))
    while not _moved(both, _places(asked, theirs, mine, shown, now), now):
        pass


def _moved(both: Viewer, places: Places, now: datetime) -> bool:
    """Whether everybody has their new seat; if not, somebody who picks a single seat was quicker."""
    wishes = {member: seat.id for member, seat in places.items() if not member.taken or member.taken.id != seat.id}
    try:
        with tentatively():
            if wishes:
                take_seats(both, wishes, now=now)
    except Conflict as conflict:
        if conflict.rule not in GONE:
            raise
        return False
    return True


def _places(asked: Any, theirs: Viewer, mine: Viewer, shown: str, now: datetime) -> Places:
    """Where everybody is to sit; both households are locked."""
    tables = read_room(mine.event.id, now).tables
    if asked.kind == RequestKind.SWAP:
        taken = [member.taken for each in (theirs, mine) for member in each.accepted if member.taken]
        if shown and shown != rules.seat_ids(taken):
            raise rules.SEATS_CHANGED.conflict()
        places = swapped(tables, theirs.accepted, mine.accepted)
        if places is None:
            raise rules.UNEQUAL_SWAP.conflict()
        if any(why_not_seat(seat.category, member.seat_category) for member, seat in places.items()):
            raise rules.SEATS_FOR_SOME.conflict()
        return places
    if not mine.accepted:
        raise NOBODY_TO_SEAT.conflict()
    if not theirs.accepted:
        raise rules.NOBODY_THERE.conflict(household=household(asked.name))
    places = near_each_other(tables, theirs.accepted, mine.accepted)
    if places is None:
        raise rules.NO_ROOM_NEAR.conflict()
    return places


def _lock_own(viewer: Viewer) -> Sequence[Any]:
    """Everything a household has asked so far; its phones ask one after the other."""
    db.session.execute(
        select(Invitation.id).where(Invitation.id == viewer.invitation_id).with_for_update(key_share=True)
    )
    return db.session.execute(
        select(
            HouseholdRequest.to_invitation_id,
            HouseholdRequest.kind,
            HouseholdRequest.state,
            HouseholdRequest.wanted,
            HouseholdRequest.slot,
        ).where(HouseholdRequest.from_invitation_id == viewer.invitation_id)
    ).all()


def _lock_request(viewer: Viewer, request_id: int, *, mine: bool) -> Any:
    """A request this household made, or was made to it by one whose link is in use."""
    side = HouseholdRequest.from_invitation_id if mine else HouseholdRequest.to_invitation_id
    asked = db.session.execute(
        select(
            HouseholdRequest.id,
            HouseholdRequest.kind,
            HouseholdRequest.state,
            HouseholdRequest.wanted,
            HouseholdRequest.from_invitation_id,
            Invitation.name,
        )
        .join(Invitation, HouseholdRequest.from_invitation_id == Invitation.id)
        .where(HouseholdRequest.id == request_id, side == viewer.invitation_id, Invitation.revoked_at.is_(None))
        .with_for_update(of=HouseholdRequest)
    ).first()
    if asked is None:
        raise RequestNotFound(request_id)
    return asked


def _close(asked: Any, state: RequestState, now: datetime) -> bool:
    """End an open request; whether there was anything to end.

    Raises:
        Conflict: it has ended in another way.
    """
    if asked.state == state:
        return False
    if asked.state != RequestState.ASKED:
        raise rules.REQUEST_CLOSED.conflict()
    db.session.execute(
        update(HouseholdRequest).where(HouseholdRequest.id == asked.id).values(state=state, answered_at=now)
    )
    return True


def _lock_places(invitation_ids: Sequence[int]) -> None:
    """Lock the places of several households in id order."""
    db.session.execute(
        select(GuestAssignment.id)
        .join(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .where(InvitationGuest.invitation_id.in_(invitation_ids))
        .order_by(GuestAssignment.id)
        .with_for_update(of=GuestAssignment, key_share=True)
    )
