"""An import is taken back, household by household; whoever has been touched since stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from portal.audit.actions import record
from portal.audit.models import Activity
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.imports.actions.staging import advance
from portal.imports.models import Import, ImportHousehold, State
from portal.imports.queries.stages import written
from portal.imports.rules.staging import MOVED_ON, TOUCHED, Stage
from portal.invitations.actions.leaving import lock_households
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.kit.conflicts import Conflict
from portal.kit.database import action, tentatively
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.seating.models import GuestAssignment


@action
def begin_undo(stage: Stage, *, now: datetime) -> None:
    """Take the import back; nothing happens if another host has just done so.

    Raises:
        Conflict: it is not written yet.
    """
    begun = update(Import).where(Import.id == stage.id, Import.state == State.DONE)
    values = {"state": State.UNDOING, "done": 0, "worked_at": now}
    if db.session.execute(begun.values(**values).returning(Import.id)).first() is not None:
        return
    state = db.session.scalar(select(Import.state).where(Import.id == stage.id))
    if state not in {State.UNDOING, State.UNDONE}:
        raise MOVED_ON.conflict()


@action
def undo_household(stage: Stage, turn: int, *, event: EventView, actor: str, now: datetime) -> bool:
    """Take back what the import did with one household, unless somebody has touched it since.

    The last comes first: an address that moved up the list moves down again.

    Args:
        stage: the import.
        turn: how many households were taken back before.
        event: where they are invited.
        actor: who takes it back.
        now: when.

    Returns:
        Whether it was this caller's turn.
    """
    lock_event(event.id)
    if not advance(stage, State.UNDOING, turn, turn + 1, now):
        return False
    of = select(ImportHousehold).where(
        ImportHousehold.import_id == stage.id,
        ImportHousehold.event_id == stage.event_id,
        ImportHousehold.place == stage.total - 1 - turn,
    )
    household = db.session.execute(of).scalar_one_or_none()
    if household is not None and household.invitation_id is not None:
        _take_back(household, household.invitation_id, event, actor, now)
    return True


@action
def finish_undo(stage: Stage, *, event: EventView, actor: str, now: datetime) -> None:
    """Everything is taken back that could be, and the log says so; once."""
    finished = update(Import).where(Import.id == stage.id, Import.state == State.UNDOING, Import.done == Import.total)
    done = db.session.execute(finished.values(state=State.UNDONE, worked_at=now).returning(Import.id)).first()
    if done is None:
        return
    record(
        "import.undone",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"import:{stage.id}",
        now=now,
        detail={"file": stage.file_name, **written(stage.id)},
    )


def _take_back(household: ImportHousehold, invitation_id: int, event: EventView, actor: str, now: datetime) -> None:
    try:
        with tentatively():
            if household.is_new:
                _remove(household, invitation_id, event, actor, now)
            elif household.traces["changed"] or household.traces["added"]:
                _restore(household, invitation_id, event, actor, now)
    except Conflict:
        kept = update(ImportHousehold).where(ImportHousehold.id == household.id)
        db.session.execute(kept.values(is_kept=True))


def _remove(household: ImportHousehold, invitation_id: int, event: EventView, actor: str, now: datetime) -> None:
    """Delete an invitation that nobody has opened, sent, answered or changed, with its members and their entries."""
    members = lock_households([invitation_id])
    _must_be_untouched(event, household, members, [f"invitation:{invitation_id}"])
    _delete_members([member.id for member in members])
    invitation = delete(Invitation).where(
        Invitation.id == invitation_id,
        Invitation.opened_at.is_(None),
        Invitation.sent_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    if not db.session.execute(invitation.returning(Invitation.id)).all():
        raise TOUCHED.conflict()
    _delete_guests(household)
    _record("invitation.removed", household, invitation_id, event, actor, now)


def _restore(household: ImportHousehold, invitation_id: int, event: EventView, actor: str, now: datetime) -> None:
    """Put back what stood before on an invitation that was there already; all of it, or nothing.

    Somebody has to be left on it, whoever was taken off it since.
    """
    members = lock_households([invitation_id])
    added = [member for member in members if member.id in household.traces["added"]]
    if len(added) == len(members):
        raise TOUCHED.conflict()
    _must_be_untouched(event, household, added)
    _must_be_no_later_list_s(event, household, invitation_id)
    _delete_members(household.traces["added"])
    _delete_guests(household)
    for change in reversed(household.traces["changed"]):
        _put_back(Guest, change["guest"], change, ("name", "email", "phone"))
        _put_back(InvitationGuest, change["member"], change, ("is_child", "dietary", "host_note"))
    _record("invitation.updated", household, invitation_id, event, actor, now)


def _put_back(
    model: type[Guest] | type[InvitationGuest], key: int, change: Mapping[str, Any], names: Sequence[str]
) -> None:
    """Write what stood before where what the import wrote still stands."""
    mine = {name: value for name, value in change["is"].items() if name in names}
    if not mine:
        return
    before: dict[str, Any] = {name: change["was"][name] for name in mine}
    if "email" in before:
        before["email_key"] = email_key(before["email"]) if before["email"] else None
    if "name" in before:
        before["search_key"] = search_key(before["name"])
    stands = [getattr(model, name) == value for name, value in mine.items()]
    done = db.session.execute(update(model).where(model.id == key, *stands).values(**before).returning(model.id))
    if not done.all():
        raise TOUCHED.conflict()


def _must_be_untouched(
    event: EventView, household: ImportHousehold, members: Sequence[Any], also: Sequence[str] = ()
) -> None:
    """Whatever somebody did with these people since they came has left its entry, in the address book without an event.

    The import itself may have changed a household of its own once more.

    Raises:
        Conflict: somebody has touched them.
    """
    guests = {member.guest_id for member in members}.union(household.traces.get("made", ()))
    db.session.execute(select(Guest.id).where(Guest.id.in_(guests)).order_by(Guest.id).with_for_update())
    people = {member.id for member in members}.union(household.traces["added"])
    subjects = [*also, *(f"member:{person}" for person in people), *(f"guest:{guest}" for guest in guests)]
    came = select(func.min(InvitationGuest.created_at)).where(InvitationGuest.id.in_(people))
    told = select(func.count(Activity.id)).where(
        Activity.organization_id == event.organization_id,
        or_(Activity.event_id == event.id, Activity.event_id.is_(None)),
        Activity.at >= came.scalar_subquery(),
        Activity.subject.in_(subjects),
        Activity.verb != "invitation.created",
    )
    own = household.traces.get("again", 0) if also else 0
    if (db.session.scalar(told) or 0) > own:
        raise TOUCHED.conflict()


def _must_be_no_later_list_s(event: EventView, household: ImportHousehold, invitation_id: int) -> None:
    """Whom the import added to an invitation, a later list may have told more of: its entry is the invitation's.

    Raises:
        Conflict: one has.
    """
    added = set(household.traces["added"])
    since = select(func.min(InvitationGuest.created_at)).where(InvitationGuest.id.in_(added))
    told = select(Activity.detail).where(
        Activity.event_id == event.id,
        Activity.subject == f"invitation:{invitation_id}",
        Activity.verb == "invitation.updated",
        Activity.at >= since.scalar_subquery(),
    )
    told_of = [detail for detail in db.session.scalars(told) if added & set(detail.get("member_ids", ()))]
    if len(told_of) > household.traces.get("again", 0):
        raise TOUCHED.conflict()


def _delete_members(member_ids: Sequence[int]) -> None:
    """Delete these members; none of them may have answered."""
    silent = delete(InvitationGuest).where(
        InvitationGuest.id.in_(member_ids),
        InvitationGuest.rsvp == Rsvp.PENDING,
        InvitationGuest.responded_at.is_(None),
        InvitationGuest.note == "",
    )
    if len(db.session.execute(silent.returning(InvitationGuest.id)).all()) != len(member_ids):
        raise TOUCHED.conflict()


def _delete_guests(household: ImportHousehold) -> None:
    """Delete those of the address book whom the import has made and nothing else needs."""
    needed = [
        exists().where(InvitationGuest.guest_id == Guest.id),
        exists().where(GuestAssignment.guest_id == Guest.id),
    ]
    made = Guest.id.in_(household.traces.get("made", ()))
    db.session.execute(delete(Guest).where(made, *(~each for each in needed)))


def _record(
    verb: str, household: ImportHousehold, invitation_id: int, event: EventView, actor: str, now: datetime
) -> None:
    record(
        verb,
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"invitation:{invitation_id}",
        now=now,
        detail={"household": household.name, "import": household.import_id, "added": [], "changed": []},
    )
