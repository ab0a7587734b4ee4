"""Decisions about invitations: what is derived, what may be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.events.rules import EventView
from portal.invitations.models import Rsvp

DIETARY_NEEDS = ("vegetarian", "vegan", "halal", "kosher", "gluten free", "coeliac", "lactose", "no nuts", "sesame")
"""Needs that have a box of their own; anything else is free text beside them."""

ALLERGIES = ("coeliac", "gluten free", "lactose", "no nuts", "sesame")
"""Needs that the kitchen is told about in particular."""


class InvitationStatus(StrEnum):
    """Derived from the members, never stored."""

    PENDING = "pending"
    PARTIAL = "partial"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ATTENDED = "attended"


def invitation_status(answers: Iterable[str], *, attended: bool = False) -> InvitationStatus:
    """What the answers of all members together mean.

    Nobody answered → pending; all accepted → accepted; all declined →
    declined; otherwise partial; somebody checked in → attended.
    """
    given = set(answers)
    if attended:
        return InvitationStatus.ATTENDED
    if given <= {Rsvp.PENDING}:
        return InvitationStatus.PENDING
    if given == {Rsvp.ACCEPTED}:
        return InvitationStatus.ACCEPTED
    if given == {Rsvp.DECLINED}:
        return InvitationStatus.DECLINED
    return InvitationStatus.PARTIAL


@dataclass(frozen=True)
class SeatView:
    """Where a member sits or is about to."""

    id: int
    label: str
    table_id: int
    table: str
    table_slug: str
    state: str
    held_until: datetime | None


@dataclass(frozen=True)
class MemberView:
    """A member as pages and rules see them."""

    id: int
    guest_id: int
    name: str
    rsvp: str
    is_child: bool
    plus_one_of: int | None
    meal: str | None
    dietary: str
    note: str
    seat_category: str
    reference_code: str | None
    assignment_id: int | None
    taken: SeatView | None = None
    held: SeatView | None = None
    lapsed: SeatView | None = None
    """A hold that has run out, of a seat that nobody has asked for since."""

    @property
    def seat(self) -> SeatView | None:
        """The seat they have, or else the one that is held for them."""
        return self.taken or self.held


@dataclass(frozen=True)
class Viewer:
    """Whoever holds an invitation's link: the invitation, its event, its members in order."""

    invitation_id: int
    token: str
    code: str
    name: str
    opened_at: datetime | None
    event: EventView
    members: tuple[MemberView, ...]

    @property
    def actor(self) -> str:
        """How the log names them."""
        return f"guest:{self.invitation_id}"

    def find_member(self, member_id: int | None) -> MemberView | None:
        """The member of this invitation with this id."""
        return next((member for member in self.members if member.id == member_id), None)

    @property
    def accepted(self) -> list[MemberView]:
        """Those who come."""
        return [member for member in self.members if member.rsvp == Rsvp.ACCEPTED]

    @property
    def unseated(self) -> list[MemberView]:
        """Those who come and have no seat yet, though one may be held for them."""
        return [member for member in self.accepted if member.taken is None]

    @property
    def standing(self) -> list[MemberView]:
        """Those who come and have neither a seat nor a hold."""
        return [member for member in self.accepted if member.seat is None]


@dataclass(frozen=True)
class Details:
    """What a member's form holds; ``name`` is read only for a plus-one."""

    meal: str | None
    dietary: str
    note: str
    name: str | None
    session_ids: Set[int]


def member_pass(event_id: int, member: MemberView) -> str:
    """What a member's own door pass says: the event and the reference code, nothing that opens the invitation."""
    return f"{event_id}-{member.reference_code}"


def household_pass(viewer: Viewer) -> str:
    """What the pass of a whole household says."""
    return f"{viewer.event.id}-I{viewer.invitation_id}"


def split_dietary(text: str) -> tuple[list[str], str]:
    """The needs of ``text`` that have a box, and the words that remain: ``"no nuts; severe"``."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    known = [need for need in DIETARY_NEEDS if need in {part.casefold() for part in parts}]
    rest = [part for part in parts if part.casefold() not in DIETARY_NEEDS]
    return known, "; ".join(rest)


def join_dietary(needs: Sequence[str], words: str) -> str:
    """The inverse of ``split_dietary``: boxes in their own order, then the free words."""
    known = [need for need in DIETARY_NEEDS if need in needs]
    return "; ".join([*known, *(part.strip() for part in words.split(";") if part.strip())])
