"""What the kitchen must know: meals and dietary needs of those who come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.invitations.rules import ALLERGIES, DIETARY_NEEDS, join_dietary, split_dietary
from portal.kit.schema import db
from portal.seating.models import GuestAssignment, Table

MOST_TABLES = 12
MOST_NAMED = 24
"""How many tables and people are told at a glance; all of them stand on the kitchen sheet."""

_TASTES = [need for need in DIETARY_NEEDS if need not in ALLERGIES]
NO_ALLERGY = [join_dietary(some, "") for size in range(len(_TASTES) + 1) for some in combinations(_TASTES, size)]
"""Everything that boxes say without an allergy, and nothing at all."""


@dataclass(frozen=True)
class Kitchen:
    """Meals in the host's order, and allergies by name, each with how many people."""

    coming: int
    meals: list[tuple[str, int]]
    unchosen: int
    allergies: list[tuple[str, int]]
    own_words: int
    with_needs: int

    @property
    def most(self) -> int:
        """The longest bar."""
        return max([count for _, count in self.meals] + [self.unchosen, 1])


@dataclass(frozen=True)
class Helping:
    """A table, under no name those without one: how many of each meal, how many have not chosen, and everybody."""

    table: str
    counts: tuple[int, ...]
    unchosen: int
    total: int


@dataclass(frozen=True)
class Eater:
    """Somebody the kitchen must know by name, and the name of their table, if they have one."""

    name: str
    dietary: str
    table: str


@dataclass(frozen=True)
class Served:
    """The first tables with their meals, none until somebody has one; the first people with an allergy or own words."""

    tables: list[Helping]
    has_more_tables: bool
    named: list[Eater]
    has_more_named: bool


def kitchen(event: EventView) -> Kitchen:
    """What those who come will eat and must not eat; one statement."""
    rows = db.session.execute(
        select(InvitationGuest.meal, InvitationGuest.dietary, func.count())
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(*_coming(event))
        .group_by(InvitationGuest.meal, InvitationGuest.dietary)
        .order_by(InvitationGuest.meal)
    ).all()
    meals: Counter[str] = Counter(dict.fromkeys(event.meals, 0))
    allergies: Counter[str] = Counter()
    unchosen = own_words = with_needs = 0
    for meal, dietary, count in rows:
        if meal:
            meals[meal] += count
        else:
            unchosen += count
        known, words = split_dietary(dietary)
        allergies.update({need: count for need in known if need in ALLERGIES})
        own_words += count if words else 0
        with_needs += count if known or words else 0
    return Kitchen(
        coming=sum(count for *_, count in rows),
        meals=list(meals.items()),
        unchosen=unchosen if meals else 0,
        allergies=sorted(allergies.items(), key=lambda found: (-found[1], ALLERGIES.index(found[0]))),
        own_words=own_words,
        with_needs=with_needs,
    )


def served(event: EventView, food: Kitchen) -> Served:
    """Who of those who come eats what where; two statements, and few rows however many come."""
    tables = _helpings(event, [meal for meal, _ in food.meals]) if food.meals and food.coming else []
    laid = [each for each in tables if each.table]
    named = _named(event) if food.with_needs else []
    return Served(
        [*laid[:MOST_TABLES], *(each for each in tables if not each.table)] if laid else [],
        len(laid) > MOST_TABLES,
        [Eater(*row) for row in named[:MOST_NAMED] if _must_know(row.dietary)],
        len(named) > MOST_NAMED,
    )


def _helpings(event: EventView, meals: list[str]) -> list[Helping]:
    """The tables in the order they were laid, one more than are told; then those without a table."""
    used = select(GuestAssignment.id).where(GuestAssignment.table_id == Table.id).exists()
    first = select(Table.id).where(Table.event_id == event.id, used).order_by(Table.id).limit(MOST_TABLES + 1)
    rows = db.session.execute(
        _eating(GuestAssignment.table_id, func.coalesce(Table.name, ""), InvitationGuest.meal, func.count())
        .where(*_coming(event), GuestAssignment.table_id.is_(None) | GuestAssignment.table_id.in_(first))
        .group_by(GuestAssignment.table_id, Table.name, InvitationGuest.meal)
        .order_by(GuestAssignment.table_id.is_(None), GuestAssignment.table_id)
    )
    at: dict[tuple[int | None, str], Counter[str]] = {}
    for table_id, name, meal, count in rows:
        at.setdefault((table_id, name), Counter())[meal or ""] += count
    return [
        Helping(name, tuple(chosen[meal] for meal in meals), chosen[""], chosen.total())
        for (_, name), chosen in at.items()
    ]


def _named(event: EventView) -> list[Any]:
    """Whoever may have an allergy, table by table, one more than are told."""
    return list(
        db.session.execute(
            _eating(Guest.name, InvitationGuest.dietary, func.coalesce(Table.name, "").label("table"))
            .join(Guest, InvitationGuest.guest_id == Guest.id)
            .where(*_coming(event), InvitationGuest.dietary.not_in(NO_ALLERGY))
            .order_by(GuestAssignment.table_id.is_(None), GuestAssignment.table_id, InvitationGuest.id)
            .limit(MOST_NAMED + 1)
        )
    )


def _must_know(dietary: str) -> bool:
    known, words = split_dietary(dietary)
    return bool(words) or any(need in ALLERGIES for need in known)


def _eating(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(InvitationGuest)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
    )


def _coming(event: EventView) -> list[ColumnElement[bool]]:
    return [
        InvitationGuest.event_id == event.id,
        InvitationGuest.rsvp == Rsvp.ACCEPTED,
        Invitation.revoked_at.is_(None),
    ]
