"""The list of invitations with their members, answers and seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.invitations.queries import token_of
from portal.invitations.rules import InvitationStatus, invitation_status
from portal.kit import tokens
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, Table
from portal.waiting.models import Waiting

PAGE = 50


class Show(StrEnum):
    """Which invitations a host wants to see."""

    ALL = "all"
    PENDING = "pending"
    PARTIAL = "partial"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LISTED = "listed"
    UNSENT = "unsent"
    UNOPENED = "unopened"
    UNSEATED = "unseated"
    UNNAMED = "unnamed"
    NEEDS = "needs"
    NOTES = "notes"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Wish:
    """What a host looks for: a kind, words, a table, and after which invitation the page begins."""

    show: Show = Show.ALL
    words: str = ""
    table_id: int | None = None
    after: int = 0

    def arguments(self, after: int = 0) -> dict[str, Any]:
        """The query of the address that asks for this; from the beginning unless ``after`` says otherwise."""
        asked = {"show": self.show if self.show != Show.ALL else None, "q": self.words or None}
        return {**asked, "table": self.table_id, "after": after or None}


@dataclass(frozen=True)
class GuestRow:
    """A member as the list shows them."""

    id: int
    invitation_id: int
    name: str
    rsvp: str
    is_child: bool
    plus_one_of: int | None
    meal: str | None
    dietary: str
    note: str
    table: str | None
    seat: str | None


@dataclass(frozen=True)
class InvitationRow:
    """An invitation as the list shows it."""

    id: int
    name: str
    code: str
    sent_at: datetime | None
    opened_at: datetime | None
    revoked_at: datetime | None
    members: tuple[GuestRow, ...]

    @property
    def status(self) -> InvitationStatus:
        """Derived from the members' answers."""
        return invitation_status(member.rsvp for member in self.members)

    @property
    def path(self) -> str:
        """The address of its page, under this host."""
        return f"/i/{token_of(self.code)}"


@dataclass(frozen=True)
class GuestPage:
    """One page of the list; ``next_after`` is where the next one begins, None on the last."""

    invitations: list[InvitationRow]
    next_after: int | None


def guest_page(event: EventView, wish: Wish) -> GuestPage:
    """At most ``PAGE`` invitations in the order they were made, paged by key: two statements, three with a search."""
    rows = db.session.execute(
        select(
            Invitation.id,
            Invitation.name,
            Invitation.code,
            Invitation.sent_at,
            Invitation.opened_at,
            Invitation.revoked_at,
        )
        .where(Invitation.event_id == event.id, Invitation.id > wish.after, *_conditions(event, wish))
        .order_by(Invitation.id)
        .limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    members = _members([row.id for row in shown])
    return GuestPage(
        [InvitationRow(*row, members=tuple(members.get(row.id, ()))) for row in shown],
        shown[-1].id if len(rows) > PAGE else None,
    )


def guest_counts(event: EventView) -> dict[Show, int]:
    """How many invitations there are of each kind; one statement."""
    counts = [func.count(case((_kind(show), 1))) for show in Show]
    row = db.session.execute(select(*counts).where(Invitation.event_id == event.id)).one()
    return dict(zip(Show, row, strict=True))


def find_table_name(event: EventView, table_id: int) -> str | None:
    """The name of a table of this event."""
    return db.session.scalar(select(Table.name).where(Table.event_id == event.id, Table.id == table_id))


def _conditions(event: EventView, wish: Wish) -> list[ColumnElement[bool]]:
    conditions = [_kind(wish.show)]
    if wish.table_id is not None:
        conditions.append(
            _some_member(
                InvitationGuest.id.in_(
                    select(GuestAssignment.member_id).where(
                        GuestAssignment.event_id == event.id, GuestAssignment.table_id == wish.table_id
                    )
                )
            )
        )
    if wish.words:
        conditions.append(_matches(event, wish.words))
    return conditions


def _kind(show: Show) -> ColumnElement[bool]:
    """The invitations of a kind; the first four agree with ``invitation_status``."""
    rsvp = InvitationGuest.rsvp
    coming = rsvp == Rsvp.ACCEPTED
    kinds: dict[Show, ColumnElement[bool]] = {
        Show.ALL: Invitation.id.is_not(None),
        Show.PENDING: ~_some_member(rsvp != Rsvp.PENDING),
        Show.PARTIAL: _some_member(rsvp != Rsvp.PENDING)
        & _some_member(rsvp != Rsvp.ACCEPTED)
        & _some_member(rsvp != Rsvp.DECLINED),
        Show.ACCEPTED: _some_member(coming) & ~_some_member(rsvp != Rsvp.ACCEPTED),
        Show.DECLINED: _some_member(rsvp == Rsvp.DECLINED) & ~_some_member(rsvp != Rsvp.DECLINED),
        Show.LISTED: _some_member(rsvp == Rsvp.PENDING) & Invitation.id.in_(select(Waiting.invitation_id)),
        Show.UNSENT: Invitation.sent_at.is_(None) & Invitation.revoked_at.is_(None),
        Show.REVOKED: Invitation.revoked_at.is_not(None),
        Show.UNOPENED: Invitation.sent_at.is_not(None)
        & Invitation.opened_at.is_(None)
        & Invitation.revoked_at.is_(None),
        Show.UNSEATED: _some_member(coming & ~_has_seat()),
        Show.UNNAMED: _some_member(coming & InvitationGuest.guest_id.in_(select(Guest.id).where(Guest.name == ""))),
        Show.NEEDS: _some_member(coming & (InvitationGuest.dietary != "")),
        Show.NOTES: _some_member(InvitationGuest.note != ""),
    }
    return kinds[show]


def _some_member(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(InvitationGuest.id)
        .where(InvitationGuest.invitation_id == Invitation.id, condition)
        .correlate(Invitation)
    ).exists()


def _has_seat() -> ColumnElement[bool]:
    return (
        select(SeatClaim.id)
        .join(GuestAssignment, SeatClaim.assignment_id == GuestAssignment.id)
        .where(GuestAssignment.member_id == InvitationGuest.id, SeatClaim.state == ClaimState.TAKEN)
        .correlate(InvitationGuest)
    ).exists()


def _matches(event: EventView, words: str) -> ColumnElement[bool]:
    """Invitations found by a member's name or e-mail, the household's name, or the code on the card.

    The household's name has no key of its own in the database, so the names
    of the event's invitations are compared here.
    """
    key = search_key(words)
    names = db.session.execute(select(Invitation.id, Invitation.name).where(Invitation.event_id == event.id))
    households = [row.id for row in names if key in search_key(row.name)]
    people = (
        select(InvitationGuest.invitation_id)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(
            InvitationGuest.event_id == event.id,
            or_(
                Guest.search_key.contains(key, autoescape=True),
                Guest.email_key.contains(email_key(words), autoescape=True),
            ),
        )
    )
    return or_(
        Invitation.id.in_(households), Invitation.id.in_(people), Invitation.code == (tokens.read_code(words) or "")
    )


def _members(invitation_ids: Sequence[int]) -> dict[int, list[GuestRow]]:
    rows: Sequence[Any] = db.session.execute(
        select(
            InvitationGuest.id,
            InvitationGuest.invitation_id,
            Guest.name,
            InvitationGuest.rsvp,
            InvitationGuest.is_child,
            InvitationGuest.plus_one_of,
            InvitationGuest.meal,
            InvitationGuest.dietary,
            InvitationGuest.note,
            Table.name.label("table"),
            Seat.label.label("seat"),
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
        .outerjoin(SeatClaim, (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN))
        .outerjoin(Seat, SeatClaim.seat_id == Seat.id)
        .where(InvitationGuest.invitation_id.in_(invitation_ids))
        .order_by(InvitationGuest.invitation_id, InvitationGuest.position, InvitationGuest.id)
    ).all()
    members: dict[int, list[GuestRow]] = {}
    for row in rows:
        members.setdefault(row.invitation_id, []).append(GuestRow(*row))
    return members
