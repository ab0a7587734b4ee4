"""Nouns about invitations."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from portal.events.models import Event, Status
from portal.events.queries import EVENT_COLUMNS, living_events, sessions_of
from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp, SessionAnswer
from portal.invitations.rules import SAMPLE_CODE, MemberView, NoticeView, SeatView, Viewer, sample_members
from portal.kit import tokens
from portal.kit.schema import db
from portal.kit.statements import question
from portal.organizations.models import Organization
from portal.seating.models import ClaimState, GuestAssignment, Seat, SeatClaim, SeatNotice, Table

PURPOSE = "invitation"
"""What an invitation's token is signed for."""

PREVIEW = "preview"
"""What the token of a host's preview is signed for: it opens nothing to anybody who is not signed in as one."""


def token_of(code: str) -> str:
    """The token that stands in an invitation's address."""
    return tokens.sign(code, PURPOSE)


def find_code(token: str) -> str | None:
    """The code in a token, without asking the database; None for a forged one."""
    return tokens.verify(token, PURPOSE)


def find_invitation(code: str) -> Any | None:
    """The row of an invitation to an event that guests may see, revoked or not."""
    return next(iter(_invitations(code=code)), None)


@question
def _invitations() -> Select[Any]:
    return (
        select(
            Invitation.id,
            Invitation.name,
            Invitation.opened_at,
            Invitation.revoked_at,
            *EVENT_COLUMNS,
        )
        .join(Event, Invitation.event_id == Event.id)
        .join(Organization, Event.organization_id == Organization.id)
        .where(Invitation.code == bindparam("code"), Event.deleted_at.is_(None), Event.status != Status.DRAFT)
    )


def viewer_of(row: Any, code: str, now: datetime) -> tuple[Viewer, str | None]:
    """The viewer behind the row of an invitation, and the language the household chose."""
    members, language = members_of(row[0], now)
    viewer = Viewer(
        invitation_id=row[0],
        token=token_of(code),
        code=code,
        name=row[1],
        opened_at=row[2],
        event=EventView(*row[4:]),
        members=members,
    )
    return viewer, language


def preview_token(event: EventView) -> str:
    """The token of a preview: of the first household that has not answered, else the first, else of one made up."""
    answered = select(InvitationGuest.id).where(
        InvitationGuest.invitation_id == Invitation.id, InvitationGuest.rsvp != Rsvp.PENDING
    )
    invitation_id = db.session.scalar(
        select(Invitation.id)
        .where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None))
        .order_by(answered.exists(), Invitation.id)
        .limit(1)
    )
    return tokens.sign(f"{event.id}-{invitation_id or 0}", PREVIEW)


def find_preview(token: str, now: datetime) -> Viewer | None:
    """The viewer of a preview's token, whoever asks; no statement for a token that is none."""
    signed = tokens.verify(token, PREVIEW)
    if signed is None:
        return None
    event_id, _dash, invitation_id = signed.partition("-")
    row = db.session.execute(living_events().where(Event.id == int(event_id))).first()
    if row is None:
        return None
    shown = db.session.execute(
        select(Invitation.id, Invitation.name, Invitation.code).where(
            Invitation.id == int(invitation_id), Invitation.event_id == int(event_id)
        )
    ).first()
    number, name, code = shown or (0, gettext("Sample family"), SAMPLE_CODE)
    sample = [gettext("Alex Sample"), gettext("Robin Sample"), gettext("Kim Sample")]
    members = members_of(number, now)[0] if shown else sample_members(sample)
    return Viewer(number, token, code, name, now, EventView(*row), members, is_preview=True)


def get_viewer(token: str, now: datetime) -> Viewer:
    """The viewer behind a token as the world is now, after a change."""
    if (previewed := find_preview(token, now)) is not None:
        return previewed
    code = find_code(token)
    row = find_invitation(code) if code else None
    if code is None or row is None:
        raise LookupError("the invitation has gone")
    return viewer_of(row, code, now)[0]


def refreshed(viewer: Viewer, now: datetime) -> Viewer:
    """The same viewer with the members as they are now, after a change of theirs: one statement."""
    return replace(viewer, members=members_of(viewer.invitation_id, now)[0])


def is_revoked(invitation_id: int) -> bool:
    """Whether the link has been withdrawn, as it is at this moment."""
    return db.session.scalar(select(Invitation.revoked_at).where(Invitation.id == invitation_id)) is not None


def has_seats(event_id: int) -> bool:
    """Whether there is anything to sit on."""
    return bool(_any_seat(event_id=event_id))


@question
def _any_seat() -> Select[Any]:
    return select(Seat.id).where(Seat.event_id == bindparam("event_id")).limit(1)


def members_of(invitation_id: int, now: datetime) -> tuple[tuple[MemberView, ...], str | None]:
    """The members in their order, each with their seat, and the first language any of them set; one statement."""
    rows = _members(invitation_id=invitation_id)
    members = tuple(_member(row, now) for row in rows)
    return members, next((row[26] for row in rows if row[26]), None)


@question
def _members() -> Any:
    taken, held = aliased(SeatClaim), aliased(SeatClaim)
    taken_seat, held_seat = aliased(Seat), aliased(Seat)
    taken_table, held_table, own_table = aliased(Table), aliased(Table), aliased(Table)
    return (
        select(
            InvitationGuest.id,
            InvitationGuest.guest_id,
            Guest.name,
            InvitationGuest.rsvp,
            InvitationGuest.is_child,
            InvitationGuest.plus_one_of,
            InvitationGuest.meal,
            InvitationGuest.dietary,
            InvitationGuest.note,
            InvitationGuest.seat_category,
            InvitationGuest.reference_code,
            GuestAssignment.id,
            *_seat_columns(taken_seat, taken_table, taken),
            *_seat_columns(held_seat, held_table, held),
            Guest.language,
            SeatNotice.id,
            SeatNotice.had_seat,
            own_table.name,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(taken, (taken.assignment_id == GuestAssignment.id) & (taken.state == ClaimState.TAKEN))
        .outerjoin(taken_seat, taken.seat_id == taken_seat.id)
        .outerjoin(taken_table, taken.table_id == taken_table.id)
        .outerjoin(held, (held.assignment_id == GuestAssignment.id) & (held.state == ClaimState.HELD))
        .outerjoin(held_seat, held.seat_id == held_seat.id)
        .outerjoin(held_table, held.table_id == held_table.id)
        .outerjoin(SeatNotice, SeatNotice.member_id == InvitationGuest.id)
        .outerjoin(own_table, GuestAssignment.table_id == own_table.id)
        .where(InvitationGuest.invitation_id == bindparam("invitation_id"))
        .order_by(InvitationGuest.position, InvitationGuest.id)
    )


def _member(row: Any, now: datetime) -> MemberView:
    taken = SeatView(*row[12:19]) if row[12] else None
    held = SeatView(*row[19:26]) if row[19] else None
    ran_out = held is not None and held.held_until is not None and held.held_until <= now
    notice = NoticeView(*row[27:30]) if row[27] else None
    seats = (taken, None, held) if ran_out else (taken, held, None)
    return MemberView(*row[:12], *(*seats, notice))


def _seat_columns(seat: Any, table: Any, claim: Any) -> list[Any]:
    return [seat.id, seat.label, table.id, table.name, table.slug, claim.state, claim.held_until]


def parts_lost(viewer: Viewer, hoped: Set[tuple[int, int]]) -> tuple[list[str], list[str]]:
    """Of what some had chosen, as ``hoped``, the parts in which there was no room for them, and their names."""
    gone = hoped - session_answers(viewer.invitation_id) if hoped else set()
    if not gone:
        return [], []
    parts, members = {part for _member, part in gone}, {member for member, _part in gone}
    return (
        [part.title for part in sessions_of(viewer.event.id) if part.id in parts],
        [member.name for member in viewer.members if member.id in members],
    )


def session_answers(invitation_id: int) -> set[tuple[int, int]]:
    """Which members come to which parts of the event, as (member id, session id)."""
    rows = db.session.execute(
        select(SessionAnswer.member_id, SessionAnswer.session_id)
        .join(InvitationGuest, SessionAnswer.member_id == InvitationGuest.id)
        .where(InvitationGuest.invitation_id == invitation_id)
    )
    return {(row[0], row[1]) for row in rows}
