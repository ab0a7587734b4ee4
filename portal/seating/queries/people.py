"""Guests with a place at the event, as their hosts see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.kit.schema import db
from portal.kit.text import search_key
from portal.seating.models import Category, ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.seating.rules.people import Person, Pick

HOUSEHOLDS = 15
"""How many households a page of the list shows."""

ALONE = 4_000_000_000
"""Added to the place of somebody without an invitation, who is a household of their own."""


def people_at(event_id: int, places: Collection[int]) -> dict[int, Person]:
    """These people by their places; whoever is not of this event is left out. One statement."""
    if not places:
        return {}
    return _read(_people(event_id).where(GuestAssignment.id.in_(places)))


def people_of(
    event_id: int, *, places: Collection[int], tables: Collection[int], relatives_of: Collection[int] = ()
) -> dict[int, Person]:
    """Everybody with one of these places, at one of these tables, or invited together with some; one statement."""
    invitations = (
        select(InvitationGuest.invitation_id)
        .join(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .where(GuestAssignment.event_id == event_id, GuestAssignment.id.in_(relatives_of))
    )
    wanted = (
        GuestAssignment.id.in_(places),
        GuestAssignment.table_id.in_(tables),
        InvitationGuest.invitation_id.in_(invitations),
    )
    return _read(_people(event_id).where(or_(*wanted)))


class PersonNotFound(LookupError):
    """No place of this event has that id."""


def get_person(event_id: int, place_id: int) -> Person:
    """Whoever has this place at this event.

    Raises:
        PersonNotFound: nobody has.
    """
    found = people_at(event_id, [place_id]).get(place_id)
    if found is None:
        raise PersonNotFound(place_id)
    return found


def find_sitter(event_id: int, seat_id: int) -> Pick | None:
    """Whoever has taken this seat of this event."""
    people = _read(_people(event_id).where(SeatClaim.seat_id == seat_id))
    return next((Pick(person.id, seat_id) for person in people.values()), None)


def household_page(
    event_id: int, *, after: int = 0, words: str = "", limit: int = HOUSEHOLDS
) -> tuple[list[Person], int | None]:
    """The people without a seat, household by household; or whoever is found by a name, seated or not.

    Args:
        event_id: whose guests.
        after: the household after which the page begins.
        words: part of a guest's or a household's name; without any, all who have no seat.
        limit: how many households at most.

    Returns:
        The people in order, and the household after which the next page begins; None on the last.
    """
    found = _matches(event_id, words) if words else [SeatClaim.id.is_(None)]
    key = _household().label("key")
    keys = (
        _joined(select(key).distinct())
        .where(GuestAssignment.event_id == event_id, _household() > after, Invitation.revoked_at.is_(None), *found)
        .order_by(key)
        .limit(limit + 1)
    )
    households = list(db.session.scalars(keys))
    shown = _people(event_id).where(_household().in_(households[:limit]), *found)
    people = _read(shown) if households else {}
    return list(people.values()), households[limit - 1] if len(households) > limit else None


def everybody(event_id: int) -> list[Person]:
    """All who come, household by household, but those whose link was withdrawn; one statement."""
    return list(_read(_people(event_id).where(Invitation.revoked_at.is_(None))).values())


def unseated_count(event_id: int) -> int:
    """How many of those who come have no seat; one statement."""
    counted = _joined(select(func.count()).select_from(GuestAssignment)).where(
        GuestAssignment.event_id == event_id, SeatClaim.id.is_(None), Invitation.revoked_at.is_(None)
    )
    return db.session.scalar(counted) or 0


def unseated_of(event_id: int, households: Sequence[int]) -> list[Person]:
    """Those of these invitations who have no seat."""
    if not households:
        return []
    theirs = _people(event_id).where(_household().in_(households), SeatClaim.id.is_(None))
    return list(_read(theirs).values())


def _read(wanted: Select[Any]) -> dict[int, Person]:
    return {row[0]: Person(*row) for row in db.session.execute(wanted)}


def _people(event_id: int) -> Select[Any]:
    """Everybody with a place at the event, with or without an invitation, household by household."""
    columns = select(
        GuestAssignment.id,
        GuestAssignment.guest_id,
        GuestAssignment.member_id,
        InvitationGuest.invitation_id,
        _household().label("household_id"),
        func.coalesce(Invitation.name, ""),
        func.coalesce(func.nullif(GuestAssignment.display_name, ""), Guest.name),
        func.coalesce(InvitationGuest.is_child, False),
        func.coalesce(InvitationGuest.seat_category, Category.REGULAR.value),
        case((GuestAssignment.member_id.is_(None), GuestAssignment.dietary), else_=InvitationGuest.dietary),
        GuestAssignment.table_id,
        Table.name.label("table"),
        SeatClaim.seat_id,
        Seat.label.label("seat"),
    )
    return (
        _joined(columns)
        .join(Guest, GuestAssignment.guest_id == Guest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
        .where(GuestAssignment.event_id == event_id)
        .order_by(_household(), InvitationGuest.position, GuestAssignment.id)
    )


def _joined(columns: Select[Any]) -> Select[Any]:
    taken = (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN)
    return (
        columns.select_from(GuestAssignment)
        .outerjoin(InvitationGuest, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(SeatClaim, taken)
    )


def _household() -> ColumnElement[int]:
    return func.coalesce(cast(InvitationGuest.invitation_id, BigInteger), cast(GuestAssignment.id, BigInteger) + ALONE)


def _matches(event_id: int, words: str) -> list[ColumnElement[bool]]:
    """People found by their own name or their household's; the latter has no key in the database."""
    key = search_key(words)
    names = db.session.execute(select(Invitation.id, Invitation.name).where(Invitation.event_id == event_id))
    households = [row.id for row in names if key in search_key(row.name)]
    person = aliased(Guest)
    named = select(person.id).where(person.search_key.contains(key, autoescape=True))
    return [or_(InvitationGuest.invitation_id.in_(households), GuestAssignment.guest_id.in_(named))]
