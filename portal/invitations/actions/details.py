"""What a member adds to a yes: meal, needs, a note, the name of a plus-one, the parts they come to."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from portal.invitations.actions.answers import deadline_words, mark_opened
from portal.invitations.actions.entries import record_by_guest
from portal.invitations.actions.people import show_everywhere
from portal.invitations.models import Guest, InvitationGuest, SessionAnswer
from portal.invitations.rules import Details, MemberView, Viewer, why_not_answer
from portal.invitations.rules.people import CHANGED_MEANWHILE
from portal.kit.conflicts import FOREIGN_KEY
from portal.kit.database import action, explain, phrasebook
from portal.kit.schema import db
from portal.kit.text import search_key, tidy


@action
def change_details(
    viewer: Viewer,
    member: MemberView,
    details: Details,
    *,
    also_meal_of: Sequence[MemberView] = (),
    shown: Details | None = None,
    now: datetime,
) -> None:
    """Keep what a member wants to eat, needs, and tells the hosts; ``also_meal_of`` get the same meal.

    Saying again what was said before changes nothing and leaves no entry.

    Args:
        viewer: whoever holds the link, or the host who fills in for them.
        member: whose details they are.
        details: what the form says.
        also_meal_of: who gets the same meal.
        shown: what a host's form was filled from; what a guest has written since is not overwritten.
        now: when.

    Raises:
        Conflict: replies have closed; something is not as it was ``shown``; the member is on it no more.
    """
    if (closed := why_not_answer(viewer, now)) is not None:
        raise closed.conflict(when=deadline_words(viewer.event))
    if _stands_already(member, details) and not (details.meal and also_meal_of):
        return
    explain(name=member.name)
    _write(viewer, member, details, shown)
    if details.meal and also_meal_of:
        db.session.execute(
            update(InvitationGuest)
            .where(
                InvitationGuest.id.in_([other.id for other in also_meal_of]),
                InvitationGuest.invitation_id == viewer.invitation_id,
            )
            .values(meal=details.meal)
        )
    if details.name is not None and member.plus_one_of is not None:
        _rename(member, tidy(details.name))
    _set_sessions(viewer, member, details.session_ids)
    if not viewer.host:
        mark_opened(viewer, now)
    record_by_guest(
        viewer,
        "member.updated",
        now=now,
        subject=f"member:{member.id}",
        detail={
            "name": details.name or member.name,
            "meal": details.meal,
            "note": details.note if details.note and details.note != member.note else "",
            **({"needs": True} if details.dietary != member.dietary else {}),
        },
    )


@action
def choose_language(viewer: Viewer, language: str, *, now: datetime) -> None:
    """Speak this language to everybody on the invitation from now on; leaves no entry if it was theirs already."""
    guests = select(InvitationGuest.guest_id).where(InvitationGuest.invitation_id == viewer.invitation_id)
    changed = db.session.execute(
        update(Guest)
        .where(Guest.id.in_(guests), Guest.language.is_distinct_from(language))
        .values(language=language)
        .returning(Guest.id)
    ).all()
    if not changed:
        return
    record_by_guest(viewer, "language.chosen", now=now, detail={"language": language})


def _write(viewer: Viewer, member: MemberView, details: Details, shown: Details | None) -> None:
    """Write what the member says, unless it is not what it was when it was shown."""
    said = {"meal": details.meal, "dietary": details.dietary}
    own = (InvitationGuest.id == member.id, InvitationGuest.invitation_id == viewer.invitation_id)
    theirs = update(InvitationGuest).where(*own)
    if shown is not None:
        as_shown = (InvitationGuest.meal.is_not_distinct_from(shown.meal), InvitationGuest.dietary == shown.dietary)
        theirs = theirs.where(*as_shown)
    written = db.session.execute(
        theirs.values(**said, **({} if details.note is None else {"note": details.note})).returning(InvitationGuest.id)
    ).all()
    if shown is not None and (not written or _attending(member) != shown.session_ids):
        raise CHANGED_MEANWHILE.conflict()
    if not written:
        raise phrasebook().refusal(FOREIGN_KEY, {})


def _attending(member: MemberView) -> set[int]:
    return set(db.session.scalars(select(SessionAnswer.session_id).where(SessionAnswer.member_id == member.id)))


def _stands_already(member: MemberView, details: Details) -> bool:
    """Whether all of this is known; a name is only read for a plus-one."""
    note = member.note if details.note is None else details.note
    said = (details.meal, details.dietary, note) == (member.meal, member.dietary, member.note)
    named = details.name is None or member.plus_one_of is None or tidy(details.name) == member.name
    return said and named and _attending(member) == details.session_ids


def _rename(member: MemberView, name: str) -> None:
    db.session.execute(update(Guest).where(Guest.id == member.guest_id).values(name=name, search_key=search_key(name)))
    show_everywhere(member.guest_id, name)


def _set_sessions(viewer: Viewer, member: MemberView, session_ids: Set[int]) -> None:
    db.session.execute(delete(SessionAnswer).where(SessionAnswer.member_id == member.id))
    if session_ids:
        db.session.execute(
            insert(SessionAnswer),
            [
                {
                    "event_id": viewer.event.id,
                    "guest_id": member.guest_id,
                    "member_id": member.id,
                    "session_id": session_id,
                }
                for session_id in sorted(session_ids)
            ],
        )
