"""What hosts do with a household: rename it, add people, change what is known of them, put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.audit.actions import record
from portal.invitations.actions.groups import NewMember, add_member, explain_owner
from portal.invitations.actions.leaving import lock_households, lock_members, require_living
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.invitations.rules import Viewer
from portal.invitations.rules.people import CHANGED_MEANWHILE, Known
from portal.kit import live
from portal.kit.database import action, explain, requires_action
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.seating.models import GuestAssignment


@action
def rename_household(viewer: Viewer, name: str, *, shown: str, now: datetime) -> None:
    """Call a household by another name; the name it has already changes nothing.

    Raises:
        Conflict: it has been renamed since it read as ``shown``.
    """
    if name == shown:
        return
    renamed = db.session.execute(
        update(Invitation)
        .where(Invitation.id == viewer.invitation_id, Invitation.name == shown)
        .values(name=name)
        .returning(Invitation.id)
    ).all()
    if not renamed:
        raise CHANGED_MEANWHILE.conflict()
    _record(viewer, "invitation.renamed", now, household=name, before=shown)


@action
def add_people(viewer: Viewer, people: Sequence[NewMember], *, now: datetime) -> None:
    """Put more people on an invitation, after those who are on it.

    Raises:
        Conflict: somebody is already invited to this event; the link is withdrawn.
    """
    event = viewer.event
    theirs = lock_households([viewer.invitation_id])  # two who add people at once give them places in a row
    require_living(viewer.invitation_id)
    last = max((each.position for each in theirs), default=-1)
    first_id = theirs[0].id if theirs else None
    for position, member in enumerate(people, start=last + 1):
        add_member(
            member,
            organization_id=event.organization_id,
            event_id=event.id,
            invitation_id=viewer.invitation_id,
            position=position,
            plus_one_of=first_id if member.is_plus_one else None,
        )
    _record(viewer, "invitation.updated", now, added=[member.name for member in people], changed=[])


@action
def change_member(viewer: Viewer, member_id: int, shown: Known, wished: Known, *, now: datetime) -> None:
    """Change what the hosts know of a member; what the member answered is not touched.

    Args:
        viewer: the household, and the host who acts.
        member_id: one of its members.
        shown: what the form was filled from; the statements name it, so nobody's change is overwritten unseen.
        wished: what the form says.
        now: when.

    Raises:
        Conflict: something of it is not as it was shown; another guest has the e-mail address.
    """
    changes = shown.changes(wished)
    if not changes:
        return
    explain(name=wished.name or viewer.name)
    explain_owner(viewer.event.organization_id, wished.email)
    guest_id = _write_member(viewer, member_id, shown, wished)
    _write_guest(guest_id, shown, wished)
    if wished.name != shown.name:
        show_everywhere(guest_id, wished.name)
    detail = {"name": wished.name, "changes": changes}
    _record(viewer, "member.changed", now, subject=f"member:{member_id}", **detail)


def show_everywhere(guest_id: int, name: str) -> None:
    """Put a guest's name on every place card, and tell the pages of the events, inside the running action."""
    requires_action()
    db.session.execute(update(GuestAssignment).where(GuestAssignment.guest_id == guest_id).values(display_name=name))
    events = select(InvitationGuest.event_id).where(InvitationGuest.guest_id == guest_id).distinct()
    for event_id in db.session.scalars(events):
        live.announce(event_id, "guests")


def _write_member(viewer: Viewer, member_id: int, shown: Known, wished: Known) -> int:
    guest_id = db.session.scalar(
        update(InvitationGuest)
        .where(
            InvitationGuest.id == member_id,
            InvitationGuest.invitation_id == viewer.invitation_id,
            InvitationGuest.is_child == shown.is_child,
            InvitationGuest.host_note == shown.host_note,
            InvitationGuest.seat_category == shown.seat_category,
        )
        .values(is_child=wished.is_child, host_note=wished.host_note, seat_category=wished.seat_category)
        .returning(InvitationGuest.guest_id)
    )
    if guest_id is None:
        raise CHANGED_MEANWHILE.conflict()
    return guest_id


def _write_guest(guest_id: int, shown: Known, wished: Known) -> None:
    written = db.session.execute(
        update(Guest)
        .where(
            Guest.id == guest_id,
            Guest.name == shown.name,
            Guest.email.is_not_distinct_from(shown.email),
            Guest.phone.is_not_distinct_from(shown.phone),
            Guest.language.is_not_distinct_from(shown.language),
        )
        .values(
            name=wished.name,
            search_key=search_key(wished.name),
            email=wished.email,
            email_key=email_key(wished.email) if wished.email else None,
            phone=wished.phone,
            language=wished.language,
        )
        .returning(Guest.id)
    ).all()
    if not written:
        raise CHANGED_MEANWHILE.conflict()


@action
def order_members(viewer: Viewer, member_ids: Sequence[int], *, now: datetime) -> None:
    """Put the members of a household into this order, as they read on their page; the order they have is no change.

    Whoever is not named comes after those who are.
    """
    theirs = [member.id for member in viewer.members]
    order = [*member_ids, *(member_id for member_id in theirs if member_id not in member_ids)]
    if order == theirs:
        return
    lock_members([viewer.invitation_id])
    for position, member_id in enumerate(order):
        own = (InvitationGuest.id == member_id, InvitationGuest.invitation_id == viewer.invitation_id)
        db.session.execute(update(InvitationGuest).where(*own).values(position=position))
    _record(viewer, "invitation.ordered", now, members=order)


def _record(viewer: Viewer, verb: str, now: datetime, *, subject: str = "", **detail: Any) -> None:
    record(
        verb,
        organization_id=viewer.event.organization_id,
        event_id=viewer.event.id,
        actor=viewer.actor,
        subject=subject or f"invitation:{viewer.invitation_id}",
        now=now,
        detail={"household": viewer.name, **detail},
    )
