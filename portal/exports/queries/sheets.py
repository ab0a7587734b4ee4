"""What goes onto a sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal.events.models import EventSession
from portal.events.queries import sessions_of
from portal.events.rules import EventView
from portal.exports.queries.people import attending, people
from portal.exports.rules.kitchen import KitchenSheet, kitchen_sheet
from portal.exports.rules.people import Person
from portal.exports.rules.sheets import (
    Order,
    Printed,
    Sheet,
    Who,
    Wish,
    by_letter,
    by_table,
    chosen,
    meal_marks,
    natural,
    pages_of,
    part_of,
    sittings,
)
from portal.invitations.models import Invitation, InvitationGuest, Rsvp
from portal.invitations.queries import token_of
from portal.kit.schema import db
from portal.seating.models import GuestAssignment, Table


@dataclass(frozen=True)
class Stock:
    """How much there is to print."""

    coming: int
    at_tables: int
    households: int
    tables: int
    sessions: int


@dataclass(frozen=True)
class InvitationCard:
    """A household, its code, and the address of its page under this host."""

    name: str
    code: str

    @property
    def path(self) -> str:
        """Where the QR code leads."""
        return f"/i/{token_of(self.code)}"


def stock(event: EventView) -> Stock:
    """How much there is to print; one statement."""
    coming = (
        select(func.count())
        .select_from(InvitationGuest)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            InvitationGuest.event_id == event.id,
            InvitationGuest.rsvp == Rsvp.ACCEPTED,
            Invitation.revoked_at.is_(None),
        )
    )
    placed = select(func.count(GuestAssignment.table_id)).where(GuestAssignment.event_id == event.id)
    households = select(func.count()).where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None))
    others = [select(func.count()).where(model.event_id == event.id) for model in (Table, EventSession)]
    counts = [query.scalar_subquery() for query in (coming, placed, households, *others)]
    return Stock(*db.session.execute(select(*counts)).one())


def printed(event: EventView, sheet: Sheet, wish: Wish) -> Printed:
    """What goes onto a sheet of people or tables."""
    if sheet == Sheet.TABLES:
        return pages_of(sheet, wish, table_names(event))
    if sheet == Sheet.INVITATIONS:
        return pages_of(sheet, wish, invitation_cards(event, wish))
    if sheet == Sheet.SESSIONS:
        return _sessions(event, wish)
    return _people(event, sheet, wish, chosen(people(event), wish))


def _people(event: EventView, sheet: Sheet, wish: Wish, those: list[Person]) -> Printed:
    marks = meal_marks(list(dict.fromkeys([*event.meals, *(each.meal for each in those if each.meal)])))
    if sheet in {Sheet.CARDS, Sheet.BADGES}:
        return pages_of(sheet, wish, those, marks if wish.meals else None)
    if sheet == Sheet.FINDER:
        return by_letter(wish, [person for person in those if person.table])
    if sheet == Sheet.SEATING:
        return by_table(wish, those, marks if wish.meals else {})
    rows, parts = part_of(sheet, wish, those)
    return Printed(len(those), parts, rows=rows)


def kitchen(event: EventView) -> KitchenSheet:
    """What the caterer must know of everybody who comes, table by table."""
    return kitchen_sheet(event.meals, chosen(people(event), Wish(order=Order.TABLE)))


def party_sizes(event: EventView) -> dict[int, int]:
    """How many of each household come, by invitation."""
    rows = db.session.execute(
        select(InvitationGuest.invitation_id, func.count(case((InvitationGuest.rsvp == Rsvp.ACCEPTED, 1))))
        .where(InvitationGuest.event_id == event.id)
        .group_by(InvitationGuest.invitation_id)
    )
    return {row[0]: row[1] for row in rows}


def table_names(event: EventView) -> list[str]:
    """Every table of the room as people count them."""
    return sorted(db.session.scalars(select(Table.name).where(Table.event_id == event.id)), key=natural)


def invitation_cards(event: EventView, wish: Wish) -> list[InvitationCard]:
    """The households whose link works; those who have answered need no card if only open ones are wished."""
    answered = select(InvitationGuest.id).where(
        InvitationGuest.invitation_id == Invitation.id, InvitationGuest.rsvp != Rsvp.PENDING
    )
    wanted = [] if wish.who == Who.COMING else [~answered.exists()]
    rows = db.session.execute(
        select(Invitation.name, Invitation.code)
        .where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None), *wanted)
        .order_by(Invitation.id)
    )
    return [InvitationCard(*row) for row in rows]


def _sessions(event: EventView, wish: Wish) -> Printed:
    names = {session.id: session.title for session in sessions_of(event.id)}
    groups = list(sittings(names, attending(event), chosen(people(event), Wish(order=wish.order))))
    these, parts = part_of(Sheet.SESSIONS, wish, groups)
    return Printed(len(groups), parts, groups=these)
