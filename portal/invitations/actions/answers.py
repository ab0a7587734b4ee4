"""Answering: who comes and who does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from portal.events.rules import EventView
from portal.invitations.actions.entries import record_by_guest
from portal.invitations.models import Invitation, InvitationGuest, Rsvp
from portal.invitations.rules import ANSWERED_MEANWHILE, JOINED_MEANWHILE, LINK_REVOKED, Viewer, why_not_answer
from portal.kit import presentation
from portal.kit.conflicts import FOREIGN_KEY
from portal.kit.database import action, phrasebook
from portal.kit.statements import command, question
from portal.seating.actions.places import give_places, take_back_places
from portal.waiting.actions.line import answered, lock_line, require_room
from portal.waiting.queries import relatives_of


@action
def answer(
    viewer: Viewer, answers: Mapping[int, Rsvp], *, shown: Mapping[int, str] | None = None, now: datetime
) -> list[int]:
    """Set the answers of members; a member who declines loses place and seat at once.

    Saying again what was said before changes nothing and leaves no entry. Whoever
    goes makes room for whoever comes in the same answer.

    Args:
        viewer: whoever holds the link, or the host who answers for them.
        answers: the wished answer by member id; all of this invitation.
        shown: the answers that a host's page showed; who has answered or joined since is not overwritten.
        now: when.

    Returns:
        The ids of the members whose answer changed.

    Raises:
        Conflict: replies have closed; the event has not enough places; the link was withdrawn; somebody of them has
            answered or joined since it was ``shown``.
    """
    if (closed := why_not_answer(viewer, now)) is not None:
        raise closed.conflict(when=deadline_words(viewer.event))
    line = lock_line(viewer.event, now)
    before = _lock_answers(viewer, list(answers))
    _refuse_stale(viewer, before, shown or {})
    changed = {member_id: rsvp for member_id, rsvp in answers.items() if before[member_id] != rsvp}
    if not changed:
        return []
    coming = [member_id for member_id, rsvp in changed.items() if rsvp == Rsvp.ACCEPTED]
    leaving = [member_id for member_id in changed if before[member_id] == Rsvp.ACCEPTED]
    first: list[int] = []
    if line is not None:
        require_room(line, viewer, coming, len(leaving), now)
        first = relatives_of(leaving) if line.waiters and leaving else []
    if leaving:
        take_back_places(leaving)
    _write_answers(viewer, changed, now)
    if coming:
        give_places(coming)
    if not viewer.host:
        mark_opened(viewer, now)
    _record_answers(viewer, changed, now)
    if line is not None:
        answered(viewer, line, len(coming), first=first, now=now)
    return list(changed)


@action
def open_invitation(viewer: Viewer, *, now: datetime) -> None:
    """Note that somebody touched the page; the second touch changes nothing."""
    if viewer.opened_at is None and mark_opened(viewer, now):
        record_by_guest(viewer, "invitation.opened", now=now)


def mark_opened(viewer: Viewer, now: datetime) -> bool:
    """Note the first touch of the invitation, inside the running action; never on a GET. True if it was the first."""
    if viewer.opened_at is not None:
        return False
    return bool(_open(invitation=viewer.invitation_id, now=now))


@command
def _open() -> Any:
    unopened = (Invitation.id == bindparam("invitation")) & Invitation.opened_at.is_(None)
    return update(Invitation).where(unopened).values(opened_at=bindparam("now")).returning(Invitation.id)


def deadline_words(event: EventView) -> str:
    """The day replies close or closed, as it stands in a sentence; empty without a deadline."""
    deadline = event.rsvp_deadline
    return presentation.short_day(deadline, event.time_zone) if deadline else ""


def _lock_answers(viewer: Viewer, member_ids: list[int]) -> dict[int, str]:
    """The present answers, locked in id order so that two answers at once never wait in a circle.

    Raises:
        Conflict: somebody was taken off the invitation.
    """
    found = {row.id: row.rsvp for row in _locked(invitation=viewer.invitation_id, members=member_ids)}
    if len(found) < len(member_ids):
        raise phrasebook().refusal(FOREIGN_KEY, {})
    return found


def _refuse_stale(viewer: Viewer, before: Mapping[int, str], shown: Mapping[int, str]) -> None:
    """Leave an answer alone that somebody gave after a host's page was shown, and whoever was not on it."""
    for member in viewer.members:
        if shown and member.id in before and before[member.id] != shown.get(member.id):
            rule = ANSWERED_MEANWHILE if member.id in shown else JOINED_MEANWHILE
            raise rule.conflict(name=member.name or viewer.name)


@question
def _locked() -> Any:
    theirs = InvitationGuest.id.in_(bindparam("members", expanding=True))
    return (
        select(InvitationGuest.id, InvitationGuest.rsvp)
        .where(InvitationGuest.invitation_id == bindparam("invitation"), theirs)
        .order_by(InvitationGuest.id)
        .with_for_update()
    )


def _write_answers(viewer: Viewer, changed: Mapping[int, Rsvp], now: datetime) -> None:
    """Those who go before those who come: the count of an event's places cannot wait for the end.

    Raises:
        Conflict: the link was withdrawn; whoever withdraws it locks the members too, so one of the two comes second.
    """
    for rsvp in (Rsvp.PENDING, Rsvp.DECLINED, Rsvp.ACCEPTED):
        members = [member_id for member_id, wished in changed.items() if wished == rsvp]
        if members:
            at, by = (None, None) if rsvp == Rsvp.PENDING else (now, viewer.actor)
            told = _write(members=members, answer=rsvp, at=at, by=by, invitation=viewer.invitation_id)
            if len(told) < len(members):
                raise LINK_REVOKED.conflict()


@command
def _write() -> Any:
    theirs = InvitationGuest.id.in_(bindparam("members", expanding=True))
    living = select(Invitation.id).where(Invitation.id == bindparam("invitation"), Invitation.revoked_at.is_(None))
    return (
        update(InvitationGuest)
        .where(theirs, InvitationGuest.invitation_id.in_(living))
        .values(rsvp=bindparam("answer"), responded_at=bindparam("at"), responded_by=bindparam("by"))
        .returning(InvitationGuest.id)
    )


def _record_answers(viewer: Viewer, changed: Mapping[int, Rsvp], now: datetime) -> None:
    names: dict[str, list[str]] = {}
    for member in viewer.members:
        if member.id in changed:
            names.setdefault(changed[member.id].value, []).append(member.name)
    record_by_guest(
        viewer, "invitation.answered", now=now, detail={"of": len(viewer.members), "member_ids": list(changed), **names}
    )
