"""The address book of an organization: its people, where they are invited, and who may be there twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.events.models import Event
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.invitations.rules.people import Person
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table

PAGE = 50
MOST_ALIKE = 20
"""How many possible doubles of one person are shown."""


@dataclass(frozen=True)
class Entry:
    """Somebody of the address book, as a list shows them."""

    id: int
    name: str
    email: str | None
    phone: str | None
    company: str | None
    events: int


@dataclass(frozen=True)
class BookPage:
    """One page of a list; ``next_after`` is where the next one begins, None on the last."""

    people: list[Entry]
    next_after: int | None


@dataclass(frozen=True)
class Visit:
    """Somebody at one event: where they are invited, what they answered, where they sit."""

    event_id: int
    event: str
    starts_at: datetime
    time_zone: str
    invitation_id: int
    household: str
    is_revoked: bool
    member_id: int
    rsvp: str
    meal: str | None
    table: str | None
    seat: str | None


@dataclass(frozen=True)
class PersonView:
    """Somebody of the address book with everything that hangs on them."""

    id: int
    organization_id: int
    person: Person
    visits: tuple[Visit, ...]


def book_page(organization_ids: Sequence[int], words: str, after: int) -> BookPage:
    """At most ``PAGE`` people in the order of their names, paged by key; one statement."""
    people = _entries().where(_living(organization_ids))
    if words:
        people = people.where(_matches(words))
    if after:
        before = select(Guest.search_key).where(Guest.id == after).scalar_subquery()
        later = (Guest.search_key > before) | ((Guest.search_key == before) & (Guest.id > after))
        people = people.where(later)
    rows = db.session.execute(people.order_by(Guest.search_key, Guest.id).limit(PAGE + 1)).all()
    return BookPage([Entry(*row) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None)


def find_person(organization_ids: Sequence[int], guest_id: int) -> PersonView | None:
    """Somebody of these organizations' address books; two statements."""
    row = db.session.execute(
        select(
            Guest.id, Guest.organization_id, Guest.name, Guest.email, Guest.phone, Guest.company, Guest.language
        ).where(Guest.id == guest_id, Guest.organization_id.in_(organization_ids))
    ).first()
    return PersonView(row[0], row[1], Person(*row[2:]), _visits(row.id)) if row else None


def people_alike(view: PersonView) -> list[Entry]:
    """Who else in the same address book has this name or this number; one statement."""
    alike = Guest.search_key == search_key(view.person.name)
    if view.person.phone:
        alike = or_(alike, Guest.phone == view.person.phone)
    others = _entries().where(_living([view.organization_id]), Guest.id != view.id, alike)
    rows = db.session.execute(others.order_by(Guest.search_key, Guest.id).limit(MOST_ALIKE))
    return [Entry(*row) for row in rows]


def doubles_page(organization_ids: Sequence[int], after: int) -> BookPage:
    """People whose name or number somebody before them in the same address book has, paged by key; one statement."""
    firsts = (
        select(Guest.id, _first_with(Guest.search_key).label("by_name"), _first_with(Guest.phone).label("by_phone"))
        .where(_living(organization_ids))
        .subquery()
    )
    before = (firsts.c.id > firsts.c.by_name) | (Guest.phone.is_not(None) & (firsts.c.id > firsts.c.by_phone))
    doubles = _entries().join(firsts, firsts.c.id == Guest.id).where(Guest.id > after, before)
    rows = db.session.execute(doubles.order_by(Guest.id).limit(PAGE + 1)).all()
    return BookPage([Entry(*row) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None)


def _first_with(column: Any) -> Any:
    """The oldest entry of the same address book that says the same here: read once for all, whatever the size."""
    return func.min(Guest.id).over(partition_by=(Guest.organization_id, column))


def _entries() -> Select[Any]:
    invited = (
        select(func.count())
        .select_from(InvitationGuest)
        .where(InvitationGuest.guest_id == Guest.id)
        .correlate(Guest)
        .scalar_subquery()
    )
    return select(Guest.id, Guest.name, Guest.email, Guest.phone, Guest.company, invited)


def _living(organization_ids: Sequence[int]) -> ColumnElement[bool]:
    """Everybody who has a name: a plus-one without one is nobody to be looked up."""
    return Guest.organization_id.in_(organization_ids) & (Guest.name != "")


def _matches(words: str) -> ColumnElement[bool]:
    """Found by name whatever accents and case, by e-mail, or by the digits of a number however it is written."""
    found = [
        Guest.search_key.contains(search_key(words), autoescape=True),
        Guest.email_key.contains(email_key(words), autoescape=True),
    ]
    digits = "".join(c for c in words if c.isdigit() and c.isascii()).lstrip("0")
    if len(digits) > 3:
        found.append(_digits(Guest.phone).contains(digits))
    return or_(*found)


def _digits(column: Any) -> Any:
    for mark in " -./()":
        column = func.replace(column, mark, "")
    return column


def _visits(guest_id: int) -> tuple[Visit, ...]:
    rows = db.session.execute(
        select(
            Event.id,
            Event.title,
            Event.starts_at,
            Event.time_zone,
            Invitation.id,
            Invitation.name,
            Invitation.revoked_at.is_not(None),
            InvitationGuest.id,
            InvitationGuest.rsvp,
            InvitationGuest.meal,
            Table.name,
            Seat.label,
        )
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .join(Event, InvitationGuest.event_id == Event.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(SeatClaim, (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN))
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
        .outerjoin(Table, Seat.table_id == Table.id)
        .where(InvitationGuest.guest_id == guest_id)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(100)
    )
    return tuple(Visit(*tuple(row)) for row in rows)
