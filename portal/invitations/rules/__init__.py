"""Decisions about invitations: what is derived, what may be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.events.rules import EVENT_CANCELED, EventView, why_replies_closed
from portal.invitations.models import Rsvp
from portal.kit.conflicts import Rule, rule
from portal.seating.models import Category

DIETARY_NEEDS = ("vegetarian", "vegan", "halal", "kosher", "gluten free", "coeliac", "lactose", "no nuts", "sesame")
"""Needs that have a box of their own; anything else is free text beside them."""

ALLERGIES = ("coeliac", "gluten free", "lactose", "no nuts", "sesame")
"""Needs that the kitchen is told about in particular."""


MOST_STREAMS = 6
"""Pages of one invitation that are told of changes at once; beyond that they ask now and then."""

LINK_REVOKED = rule(
    "link_revoked",
    "This link is not in use any more. Please ask for a new one.",
    "Este enlace ya no está en uso. Pidan uno nuevo, por favor.",
)
ANSWERED_MEANWHILE = rule(
    "answered_meanwhile",
    "{name} has answered meanwhile. Nothing was changed.",
    "{name} respondió mientras tanto. No se cambió nada.",
)
JOINED_MEANWHILE = rule(
    "joined_meanwhile",
    "{name} has joined meanwhile. Nothing was changed.",
    "{name} se unió mientras tanto. No se cambió nada.",
)


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
class NoticeView:
    """The hosts moved a member, and the household has not said yet that it saw it.

    ``had_seat`` is whether it knew of a seat; ``table`` where the member belongs without a seat.
    """

    id: int
    had_seat: bool
    table: str | None


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
    notice: NoticeView | None = None
    """What the hosts changed, until the household has seen it."""

    @property
    def seat(self) -> SeatView | None:
        """The seat they have, or else the one that is held for them."""
        return self.taken or self.held


@dataclass(frozen=True)
class Viewer:
    """Whoever holds an invitation's link, or acts for them: the invitation, its event, its members in order."""

    invitation_id: int
    token: str
    code: str
    name: str
    opened_at: datetime | None
    event: EventView
    members: tuple[MemberView, ...]
    host: str = ""
    """The host who acts for them, as ``user:7``; empty while they act themselves."""
    is_preview: bool = False
    """Whether a host is looking over a guest's shoulder."""

    @property
    def actor(self) -> str:
        """How the log names whoever acts."""
        return self.host or f"guest:{self.invitation_id}"

    @property
    def listens_as(self) -> str:
        """Among whose streams theirs count: hosts who look over a shoulder take none from the household."""
        return f"preview:{self.token}" if self.is_preview else f"invitation:{self.invitation_id}"

    def find_member(self, member_id: int | None) -> MemberView | None:
        """The member of this invitation with this id."""
        return next((member for member in self.members if member.id == member_id), None)

    @property
    def accepted(self) -> list[MemberView]:
        """Those who come."""
        return [member for member in self.members if member.rsvp == Rsvp.ACCEPTED]

    @property
    def moved(self) -> list[MemberView]:
        """Those who come and were moved by the hosts, as long as nobody of the household has seen it."""
        return [member for member in self.accepted if member.notice is not None]

    @property
    def unseated(self) -> list[MemberView]:
        """Those who come and have no seat yet, though one may be held for them."""
        return [member for member in self.accepted if member.taken is None]

    @property
    def standing(self) -> list[MemberView]:
        """Those who come and have neither a seat nor a hold."""
        return [member for member in self.accepted if member.seat is None]


def why_not_answer(viewer: Viewer, now: datetime) -> Rule | None:
    """What forbids this viewer to answer now: a host may, also when it is too late for guests."""
    closed = why_replies_closed(viewer.event, now)
    return closed if not viewer.host or closed is EVENT_CANCELED else None


PREVIEW_ONLY = rule(
    "preview_only",
    "This is a preview: what you press here is not saved.",
    "Esta es una vista previa: lo que toques aquí no se guarda.",
)
SAMPLE_CODE = "000000000000"
"""Stands on the preview of an event to which nobody is invited yet; it opens nothing."""


def sample_members(names: Sequence[str]) -> tuple[MemberView, ...]:
    """A household that is made up, the last of it a child, none of whom has answered."""
    return tuple(
        MemberView(
            id=number,
            guest_id=0,
            name=name,
            rsvp=Rsvp.PENDING,
            is_child=number == len(names),
            plus_one_of=None,
            meal=None,
            dietary="",
            note="",
            seat_category=Category.REGULAR,
            reference_code=None,
            assignment_id=None,
        )
        for number, name in enumerate(names, start=1)
    )


@dataclass(frozen=True)
class Details:
    """What a member's form holds; ``name`` is read only for a plus-one, a note that is None stays as it is."""

    meal: str | None
    dietary: str
    note: str | None
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
