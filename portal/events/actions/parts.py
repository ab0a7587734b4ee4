"""A host adds, changes and removes the parts of an event."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update

from portal.audit.actions import record
from portal.events.actions import add_session
from portal.events.models import EventSession
from portal.events.queries import lock_event
from portal.events.queries.parts import find_part
from portal.events.rules import EventView
from portal.events.rules.parts import PART_IS_ATTENDED, Part, PartPlan
from portal.events.rules.plans import CHANGED_MEANWHILE
from portal.invitations.models import InvitationGuest, Rsvp, SessionAnswer
from portal.kit.conflicts import Conflict
from portal.kit.database import action, requires_action, tentatively
from portal.kit.schema import db


@action
def add_part(event: EventView, plan: PartPlan, *, actor: str, now: datetime) -> int:
    """Add a part that members attend or not; returns its id."""
    return add_session(
        organization_id=event.organization_id, event_id=event.id, actor=actor, now=now, **asdict(plan)
    )  # fmt: skip


@action
def change_part(event: EventView, part: Part, plan: PartPlan, *, version: int, actor: str, now: datetime) -> None:
    """Let a part be as a host has filled it in; saying what stands already leaves no entry.

    Raises:
        Conflict: somebody changed it since this version, or more come than there would be places.
    """
    if plan == part.plan and version == part.version:
        return
    # A trigger asks for this lock after the change; whoever answers has a share by then, and would wait in a circle.
    db.session.execute(select(EventSession.id).where(EventSession.id == part.id).with_for_update())
    changed = db.session.execute(
        update(EventSession)
        .where(EventSession.id == part.id, EventSession.event_id == event.id, EventSession.version == version)
        .values(version=version + 1, **asdict(plan))
        .returning(EventSession.id)
    ).all()
    if not changed:
        raise CHANGED_MEANWHILE.conflict()
    _record(event, part, "session.edited", plan.title, actor=actor, now=now)


@action
def remove_part(event: EventView, part: Part, *, anyway: bool, actor: str, now: datetime) -> None:
    """Remove a part; what members said about it goes with it, if that is what the host wants.

    One that has gone already stays gone, and leaves no entry.

    Raises:
        Conflict: somebody said that they come to it.
    """
    lock_event(event.id)
    here = find_part(event, part.id)
    if here is None:
        return
    _forget_choices(event, part, of_all=anyway)
    try:
        with tentatively():
            db.session.execute(delete(EventSession).where(EventSession.id == part.id))
    except Conflict:
        standing = find_part(event, part.id) or here
        raise PART_IS_ATTENDED.conflict(count=str(standing.attending), title=here.plan.title) from None
    _record(event, here, "session.removed", here.plan.title, actor=actor, now=now)


def _forget_choices(event: EventView, part: Part, *, of_all: bool) -> None:
    """Take away who had chosen a part: of everybody, or of those who stay away; nobody changes back meanwhile."""
    requires_action()
    chose = (SessionAnswer.session_id == part.id, SessionAnswer.event_id == event.id)
    whose = InvitationGuest.id.in_(select(SessionAnswer.member_id).where(*chose))
    db.session.execute(select(InvitationGuest.id).where(whose).order_by(InvitationGuest.id).with_for_update())
    choices = delete(SessionAnswer).where(*chose)
    if not of_all:
        away = select(InvitationGuest.id).where(whose, InvitationGuest.rsvp != Rsvp.ACCEPTED)
        choices = choices.where(SessionAnswer.member_id.in_(away))
    db.session.execute(choices)


def _record(event: EventView, part: Part, verb: str, title: str, *, actor: str, now: datetime) -> None:
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"session:{part.id}",
        now=now,
        detail={"title": title, "was": part.plan.title, "attending": part.attending},
    )
