"""Changing the address book: an entry, and two entries that are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.audit.actions import record
from portal.events.queries import find_event
from portal.invitations.actions.groups import explain_owner
from portal.invitations.actions.leaving import lock_households, lock_members, take_off, withdraw
from portal.invitations.actions.people import show_everywhere
from portal.invitations.models import Guest, Invitation, InvitationGuest, SessionAnswer
from portal.invitations.queries.book import PersonView
from portal.invitations.rules import Viewer
from portal.invitations.rules.people import CHANGED_MEANWHILE, Person, merged
from portal.kit.database import action, explain
from portal.kit.schema import Base, db
from portal.kit.text import email_key, search_key
from portal.seating.models import GuestAssignment, SeatClaim, Table
from portal.waiting.actions.line import answered, lock_line
from portal.waiting.rules import Line


@action
def change_person(view: PersonView, shown: Person, wished: Person, *, actor: str, now: datetime) -> None:
    """Change an entry of the address book, wherever it is shown.

    Raises:
        Conflict: it is not as it was ``shown``; somebody else has the e-mail address.
    """
    if not (changes := shown.changes(wished)):
        return
    explain(name=wished.name)
    explain_owner(view.organization_id, wished.email)
    written = db.session.execute(
        update(Guest)
        .where(Guest.id == view.id, Guest.organization_id == view.organization_id, *_as_shown(shown))
        .values(_columns(wished))
        .returning(Guest.id)
    ).all()
    if not written:
        raise CHANGED_MEANWHILE.conflict()
    _tell(view, "guest.changed", actor, now, name=wished.name, changes=changes)
    show_everywhere(view.id, wished.name)


@action
def merge_people(
    one: PersonView,
    other: PersonView,
    *,
    chosen: Mapping[str, str],
    stands: Sequence[int],
    actor: str,
    now: datetime,
) -> None:
    """Make one entry of two; answers and seats of both survive.

    Where both are invited to one event, one of the two memberships stands and
    the other is taken off its invitation: its seat is free at once.

    Args:
        one: the entry that stays, as it was shown.
        other: the entry that goes.
        chosen: for every field in which they disagree, ``one`` or ``other``.
        stands: of each event they are both invited to, the member that stands.
        actor: the host, as ``user:7``.
        now: when.

    Raises:
        Conflict: something of it is not as it was shown; a constraint refused.
    """
    person = merged(one.person, other.person, chosen)
    explain(name=person.name)
    lines = _lock_lines(one, other, now)
    members = _lock_both(one, other)
    _require_shown(one)
    _require_shown(other)
    for event_id, pair in _shared(members).items():
        leaving = [member for member in pair if member.id not in stands]
        if len(leaving) != 1:
            raise CHANGED_MEANWHILE.conflict()
        (staying,) = (member for member in pair if member.id in stands)
        captained = (Table.event_id == event_id, Table.captain_id == leaving[0].guest_id)
        db.session.execute(update(Table).where(*captained).values(captain_id=staying.guest_id))
        _leave(one if leaving[0].guest_id == one.id else other, leaving[0], lines.get(event_id), actor, now)
    _hand_over(one.id, other.id)
    consents = _consents([one.id, other.id])
    db.session.execute(delete(Guest).where(Guest.id == other.id))
    db.session.execute(update(Guest).where(Guest.id == one.id).values(**_columns(person), **consents))
    _tell(one, "guest.merged", actor, now, name=person.name, other=other.person.name, other_id=other.id)
    show_everywhere(one.id, person.name)


def _as_shown(shown: Person) -> list[Any]:
    columns = {"name": Guest.name, "email": Guest.email, "phone": Guest.phone, "company": Guest.company}
    values = asdict(shown)
    same = [column.is_not_distinct_from(values[name]) for name, column in columns.items()]
    return [*same, Guest.language.is_not_distinct_from(shown.language)]


def _columns(person: Person) -> dict[str, Any]:
    address = email_key(person.email) if person.email else None
    return {**asdict(person), "search_key": search_key(person.name), "email_key": address}


def _lock_lines(one: PersonView, other: PersonView, now: datetime) -> dict[int, tuple[Any, Line]]:
    """The lines of the events at which both are invited: an event before everything else, one after the other."""
    theirs = {visit.event_id for visit in one.visits} & {visit.event_id for visit in other.visits}
    lines = {}
    for event_id in sorted(theirs):
        event = find_event(event_id, organization_ids=[one.organization_id])
        if event is not None and (line := lock_line(event, now)) is not None:
            lines[event_id] = (event, line)
    return lines


def _lock_both(one: PersonView, other: PersonView) -> list[Any]:
    """The memberships of both, of the one first, locked in id order with the families they are in."""
    theirs = select(InvitationGuest.invitation_id).where(InvitationGuest.guest_id.in_([one.id, other.id])).distinct()
    members = lock_members(list(db.session.scalars(theirs)))
    both = [member for member in members if member.guest_id in {one.id, other.id}]
    return sorted(both, key=lambda member: member.guest_id != one.id)


def _require_shown(view: PersonView) -> None:
    entry = select(Guest.id).where(Guest.id == view.id, Guest.organization_id == view.organization_id)
    if not db.session.execute(entry.where(*_as_shown(view.person)).with_for_update()).all():
        raise CHANGED_MEANWHILE.conflict()


def _shared(members: Sequence[Any]) -> dict[int, list[Any]]:
    """The events of which there are two memberships."""
    found: dict[int, list[Any]] = {}
    for member in members:
        found.setdefault(member.event_id, []).append(member)
    return {event_id: pair for event_id, pair in found.items() if len(pair) > 1}


def _leave(view: PersonView, member: Any, waited: tuple[Any, Line] | None, actor: str, now: datetime) -> None:
    """Take the membership off that does not stand, and tell its event; an invitation of nobody else is withdrawn."""
    household = db.session.scalar(select(Invitation.name).where(Invitation.id == member.invitation_id)) or ""
    family = lock_households([member.invitation_id])
    take_off(member, family)
    if len(family) == 1:
        withdraw(member.invitation_id, now)
    record(
        "member.removed",
        organization_id=view.organization_id,
        event_id=member.event_id,
        actor=actor,
        subject=f"member:{member.id}",
        now=now,
        detail={"household": household, "name": view.person.name, "merged": True},
    )
    if waited is not None:
        event, line = waited
        answered(Viewer(member.invitation_id, "", "", household, None, event, (), actor), line, 0, first=(), now=now)


def _hand_over(one_id: int, other_id: int) -> None:
    """Put everything that is the other's into the name of the one, with the same ids.

    What depends on a membership is taken up and put down again around it: its
    keys name the guest, too.
    """
    theirs = select(InvitationGuest.id).where(InvitationGuest.guest_id == other_id)
    places = select(GuestAssignment.id).where(GuestAssignment.guest_id == other_id)
    captained = list(db.session.scalars(select(Table.id).where(Table.captain_id == other_id).order_by(Table.id)))
    db.session.execute(places.order_by(GuestAssignment.id).with_for_update())
    claims = _take_up(SeatClaim, SeatClaim.assignment_id.in_(places))
    parts = _take_up(SessionAnswer, SessionAnswer.member_id.in_(theirs))
    standing = _take_up(GuestAssignment, GuestAssignment.guest_id == other_id)
    db.session.execute(update(Table).where(Table.id.in_(captained)).values(captain_id=None))
    db.session.execute(update(InvitationGuest).where(InvitationGuest.guest_id == other_id).values(guest_id=one_id))
    _put_down(GuestAssignment, standing, guest_id=one_id)
    _put_down(SessionAnswer, parts, guest_id=one_id)
    _put_down(SeatClaim, claims)
    db.session.execute(update(Table).where(Table.id.in_(captained)).values(captain_id=one_id))


def _take_up(model: type[Base], condition: Any) -> list[dict[str, Any]]:
    table = model.__table__
    rows = [dict(row) for row in db.session.execute(select(table).where(condition).order_by(table.c.id)).mappings()]
    db.session.execute(delete(model).where(model.id.in_([row["id"] for row in rows])))
    return rows


def _put_down(model: type[Base], rows: Sequence[dict[str, Any]], **changed: Any) -> None:
    if rows:
        db.session.execute(insert(model), [{**row, **changed} for row in rows])


def _consents(guest_ids: Sequence[int]) -> dict[str, Any]:
    """Whoever has opted out anywhere has opted out; an account stays with its person."""
    columns = ("email_opted_out_at", "sms_opted_out_at", "whatsapp_opted_out_at", "user_id")
    rows = db.session.execute(
        select(*(getattr(Guest, column) for column in columns)).where(Guest.id.in_(guest_ids)).order_by(Guest.id)
    ).all()
    return {column: next((getattr(row, column) for row in rows if getattr(row, column)), None) for column in columns}


def _tell(view: PersonView, verb: str, actor: str, now: datetime, **detail: Any) -> None:
    record(
        verb,
        organization_id=view.organization_id,
        event_id=None,
        actor=actor,
        subject=f"guest:{view.id}",
        now=now,
        detail=detail,
    )
