"""Taking people off an invitation: to nowhere, or to another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.audit.actions import record
from portal.invitations.models import Guest, Invitation, InvitationGuest, SessionAnswer
from portal.invitations.rules import Viewer
from portal.invitations.rules.people import HOUSEHOLD_WITHDRAWN, LAST_MEMBER, SAME_HOUSEHOLD
from portal.kit.database import action, requires_action
from portal.kit.schema import db
from portal.seating.actions.places import take_back_places
from portal.seating.models import GuestAssignment, SeatNotice, Table
from portal.waiting.actions.line import answered, lock_line
from portal.waiting.queries import relatives_of


@action
def remove_member(viewer: Viewer, member_id: int, *, now: datetime) -> None:
    """Invite somebody no longer: seat, place, answer and waiting go with them. Who has gone already changes nothing.

    Raises:
        Conflict: nobody would be left on the invitation.
    """
    line = lock_line(viewer.event, now)
    members = lock_members([viewer.invitation_id])
    leaving = next((member for member in members if member.id == member_id), None)
    if leaving is None:
        return
    if len(members) == 1:
        raise LAST_MEMBER.conflict()
    first = relatives_of([member_id]) if line is not None else []
    take_off(leaving, members)
    _record(viewer, "member.removed", member_id, now)
    if line is not None:
        answered(viewer, line, 0, first=first, now=now)


@action
def move_member(viewer: Viewer, member_id: int, to_id: int, *, now: datetime) -> None:
    """Put somebody on another invitation of the event, with answer and seat; an invitation left empty is withdrawn.

    Raises:
        Conflict: they are on that invitation already; its link is withdrawn.
    """
    line = lock_line(viewer.event, now)
    members = lock_households([viewer.invitation_id, to_id])
    moving = next((each for each in members if each.id == member_id), None)
    if moving is None or moving.invitation_id == to_id:
        raise SAME_HOUSEHOLD.conflict(name=_name_of(viewer, member_id))
    to = require_living(to_id)
    family = [each for each in members if each.invitation_id == viewer.invitation_id]
    there = [each for each in members if each.invitation_id == to_id]
    _pass_plus_ones_on(moving, family)
    db.session.execute(delete(SeatNotice).where(SeatNotice.member_id == member_id))  # told to the household they leave
    position = max((each.position for each in there), default=-1) + 1
    host_id = next((each.id for each in there if each.plus_one_of is None), None)
    brought_by = host_id if moving.plus_one_of is not None and not _name_of(viewer, member_id) else None
    db.session.execute(
        update(InvitationGuest)
        .where(InvitationGuest.id == member_id)
        .values(invitation_id=to_id, position=position, plus_one_of=brought_by)
    )
    if len(family) == 1:
        withdraw(viewer.invitation_id, now)
    _record(viewer, "member.moved", member_id, now, to=to, to_id=to_id)
    if line is not None:
        answered(viewer, line, 0, first=(), now=now)


def lock_members(invitation_ids: Sequence[int]) -> list[Any]:
    """The members of these invitations, locked in id order inside the running action, given in their own order."""
    requires_action()
    rows = db.session.execute(
        select(
            InvitationGuest.id,
            InvitationGuest.event_id,
            InvitationGuest.invitation_id,
            InvitationGuest.guest_id,
            InvitationGuest.position,
            InvitationGuest.plus_one_of,
            InvitationGuest.rsvp,
        )
        .where(InvitationGuest.invitation_id.in_(invitation_ids))
        .order_by(InvitationGuest.id)
        .with_for_update()
    ).all()
    return sorted(rows, key=lambda row: (row.position, row.id))


def lock_households(invitation_ids: Sequence[int]) -> list[Any]:
    """The same, and the invitations after them: nobody joins and no link is withdrawn before the action ends."""
    lock_members(invitation_ids)
    own = select(Invitation.id).where(Invitation.id.in_(invitation_ids)).order_by(Invitation.id)
    db.session.execute(own.with_for_update(key_share=True))
    return lock_members(invitation_ids)  # whoever joined while this waited is one of them


def require_living(invitation_id: int) -> str:
    """The name of a locked invitation that people may be put on.

    Raises:
        Conflict: its link is withdrawn.
    """
    row = db.session.execute(select(Invitation.name, Invitation.revoked_at).where(Invitation.id == invitation_id)).one()
    if row.revoked_at is not None:
        raise HOUSEHOLD_WITHDRAWN.conflict(other=row.name)
    name: str = row.name
    return name


def take_off(member: Any, family: Sequence[Any]) -> None:
    """Remove a locked member with all that depends on them, inside the running action.

    Args:
        member: who goes.
        family: all members of the invitation; whoever was brought along by them is brought by another.
    """
    requires_action()
    take_back_places([member.id])
    db.session.execute(delete(SessionAnswer).where(SessionAnswer.member_id == member.id))
    captained = (Table.event_id == member.event_id, Table.captain_id == member.guest_id)
    db.session.execute(update(Table).where(*captained).values(captain_id=None))
    _pass_plus_ones_on(member, family)
    db.session.execute(delete(InvitationGuest).where(InvitationGuest.id == member.id))
    nameless = delete(Guest).where(Guest.id == member.guest_id, Guest.name == "")
    db.session.execute(nameless.where(Guest.id.not_in(select(GuestAssignment.guest_id))))


def _pass_plus_ones_on(member: Any, family: Sequence[Any]) -> None:
    others = [each.id for each in family if each.id != member.id and each.plus_one_of is None]
    brought = update(InvitationGuest).where(InvitationGuest.plus_one_of == member.id)
    db.session.execute(brought.values(plus_one_of=others[0] if others else None))


def withdraw(invitation_id: int, now: datetime) -> None:
    """Withdraw the link of an invitation on which nobody is left, inside the running action."""
    requires_action()
    empty = (Invitation.id == invitation_id, Invitation.revoked_at.is_(None))
    db.session.execute(update(Invitation).where(*empty).values(revoked_at=now))


def _name_of(viewer: Viewer, member_id: int) -> str:
    member = viewer.find_member(member_id)
    return member.name if member else ""


def _record(viewer: Viewer, verb: str, member_id: int, now: datetime, **detail: Any) -> None:
    record(
        verb,
        organization_id=viewer.event.organization_id,
        event_id=viewer.event.id,
        actor=viewer.actor,
        subject=f"member:{member_id}",
        now=now,
        detail={"household": viewer.name, "name": _name_of(viewer, member_id), **detail},
    )
