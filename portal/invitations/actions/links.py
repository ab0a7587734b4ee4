"""What hosts do with links: note that they were sent, withdraw them, give them back, replace them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.audit.actions import record
from portal.audit.models import Activity
from portal.events.rules import EventView
from portal.invitations.actions.leaving import lock_households, lock_members
from portal.invitations.models import Invitation, InvitationGuest, Rsvp
from portal.invitations.queries import refreshed
from portal.invitations.rules import MemberView, Viewer
from portal.invitations.rules.people import CHANGED_MEANWHILE
from portal.kit import tokens
from portal.kit.database import action
from portal.kit.schema import db
from portal.seating.actions.places import give_places, lock_places, take_back_places
from portal.seating.actions.steps import let_go, lock_seats, record_seats, write_claims
from portal.seating.models import ClaimState
from portal.seating.queries.seats import SeatNotFound, get_seat
from portal.waiting.actions.line import lock_line, move_up
from portal.waiting.queries import get_line, relatives_of


@action
def mark_sent(event: EventView, invitation_ids: Sequence[int], *, sent: bool, actor: str, now: datetime) -> list[int]:
    """Note that links were sent, or that they were not after all.

    Args:
        event: whose links.
        invitation_ids: which; those of another event are as if they were not there.
        sent: whether they were.
        actor: the host, as ``user:7``.
        now: when.

    Returns:
        The ids of those for which this is new.
    """
    stands = Invitation.sent_at.is_(None) if sent else Invitation.sent_at.is_not(None)
    changed = db.session.execute(
        update(Invitation)
        .where(Invitation.id.in_(invitation_ids), Invitation.event_id == event.id, stands)
        .values(sent_at=now if sent else None)
        .returning(Invitation.id, Invitation.name)
    ).all()
    if not changed:
        return []
    one = changed[0] if len(changed) == 1 else None
    record(
        "invitation.sent" if sent else "invitation.unsent",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"invitation:{one.id}" if one else f"event:{event.id}",
        now=now,
        detail={"household": one.name if one else "", "households": sorted(row.name for row in changed)},
    )
    return sorted(row.id for row in changed)


@action
def revoke_link(viewer: Viewer, *, now: datetime) -> None:
    """Withdraw a link: seats, holds and places of the household are free at once, and what it waited for goes on.

    Who had said yes counts as not answered; giving the link back brings that
    back. A link that is withdrawn already is left as it is.
    """
    line = lock_line(viewer.event, now)
    members = lock_households([viewer.invitation_id])
    own = (Invitation.id == viewer.invitation_id, Invitation.revoked_at.is_(None))
    if not db.session.execute(update(Invitation).where(*own).values(revoked_at=now).returning(Invitation.id)).all():
        return
    lock_places(refreshed(viewer, now))  # a seat is taken behind the place alone
    before = {each.id: (each.rsvp, each.taken.id if each.taken else None) for each in refreshed(viewer, now).members}
    coming = [member.id for member in members if member.rsvp == Rsvp.ACCEPTED]
    first = relatives_of(coming) if line is not None else []
    take_back_places(coming)
    theirs = update(InvitationGuest).where(InvitationGuest.id.in_(coming))
    db.session.execute(theirs.values(rsvp=Rsvp.PENDING))
    _record(viewer, "link.revoked", now, before={str(member_id): stood for member_id, stood in before.items()})
    if line is not None:
        after = get_line(viewer.event)
        move_up(viewer.event, line, after, after, first=first, now=now)


@action
def restore_link(viewer: Viewer, *, now: datetime) -> list[str]:
    """Give a withdrawn link back, with the answers and the seats it had, as far as there is still room.

    Returns:
        The names of those who have not got back what they had.
    """
    line = lock_line(viewer.event, now)
    lock_members([viewer.invitation_id])
    own = (Invitation.id == viewer.invitation_id, Invitation.revoked_at.is_not(None))
    if not db.session.execute(update(Invitation).where(*own).values(revoked_at=None).returning(Invitation.id)).all():
        return []
    before = _before(viewer)
    members = [member for member in refreshed(viewer, now).members if before.get(member.id, ("",))[0] == Rsvp.ACCEPTED]
    room = get_line(viewer.event).free(now, to=viewer.invitation_id) if line is not None else len(members)
    back = members if room >= len(members) else []
    ids = [member.id for member in back]
    if ids:
        db.session.execute(update(InvitationGuest).where(InvitationGuest.id.in_(ids)).values(rsvp=Rsvp.ACCEPTED))
        give_places(ids)
    _forget_answers(viewer)
    _record(viewer, "link.restored", now, accepted=[member.name for member in back])
    wishes = {member: before[member.id][1] for member in back if before[member.id][1] is not None}
    lost = _sit_again(viewer, wishes, now)
    if line is not None:
        after = get_line(viewer.event)
        move_up(viewer.event, after, after, after, now=now)
    return [member.name for member in members if member not in back] + lost


@action
def renew_link(viewer: Viewer, *, shown: int, now: datetime) -> None:
    """Make a new link and code for a household; the old ones open nothing any more, answers and seats stay.

    The new link has not been sent to anybody.

    Raises:
        Conflict: there is a newer one than the page showed.
    """
    renewed = db.session.execute(
        update(Invitation)
        .where(Invitation.id == viewer.invitation_id, Invitation.code_version == shown)
        .values(code=tokens.new_code(), code_version=Invitation.code_version + 1, sent_at=None)
        .returning(Invitation.code_version)
    ).all()
    if not renewed:
        raise CHANGED_MEANWHILE.conflict()
    _record(viewer, "link.renewed", now, version=renewed[0].code_version)


def _before(viewer: Viewer) -> dict[int, tuple[str, int | None]]:
    """What the household had when its link was withdrawn last, as the log tells."""
    detail = db.session.scalar(
        select(Activity.detail)
        .where(Activity.event_id == viewer.event.id, Activity.verb == "link.revoked")
        .where(Activity.subject == f"invitation:{viewer.invitation_id}")
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return {int(member_id): (stood[0], stood[1]) for member_id, stood in (detail or {}).get("before", {}).items()}


def _forget_answers(viewer: Viewer) -> None:
    """Whoever counts as not answered has no moment at which they did."""
    pending = (InvitationGuest.invitation_id == viewer.invitation_id, InvitationGuest.rsvp == Rsvp.PENDING)
    db.session.execute(update(InvitationGuest).where(*pending).values(responded_at=None, responded_by=None))


def _sit_again(viewer: Viewer, wishes: Mapping[MemberView, Any], now: datetime) -> list[str]:
    """Give back the seats that are free; the names of those whose seat is not."""
    places = lock_places(viewer)
    lock_seats(viewer.event.id, wishes.values())
    free, lost = [], []
    for member, seat_id in wishes.items():
        try:
            seat = get_seat(viewer.event.id, seat_id, now)
        except SeatNotFound:
            lost.append(member.name)
            continue
        if seat.assignment_id is None:
            free.append((member, seat, ClaimState.TAKEN))
        else:
            lost.append(member.name)
    if free:
        let_go([], [], [seat.id for _member, seat, _state in free], now)
        write_claims(viewer, [(places[member.id], seat, state) for member, seat, state in free], now)
        record_seats(viewer, "seat.taken", free, now)
    return lost


def _record(viewer: Viewer, verb: str, now: datetime, **detail: Any) -> None:
    record(
        verb,
        organization_id=viewer.event.organization_id,
        event_id=viewer.event.id,
        actor=viewer.actor,
        subject=f"invitation:{viewer.invitation_id}",
        now=now,
        detail={"household": viewer.name, **detail},
    )
