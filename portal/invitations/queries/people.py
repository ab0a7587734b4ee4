"""Nouns about a household as its hosts know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.accounts.models import User
from portal.audit.models import Activity
from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.invitations.queries import members_of, token_of
from portal.invitations.rules import InvitationStatus, MemberView, Viewer, invitation_status
from portal.invitations.rules.people import Familiar, Known, Named
from portal.kit.schema import db
from portal.kit.text import email_key, search_key


@dataclass(frozen=True)
class HouseholdView:
    """An invitation with all that its hosts know: contacts and notes by member, and who gave each answer."""

    viewer: Viewer
    code_version: int
    sent_at: datetime | None
    revoked_at: datetime | None
    language: str | None
    known: dict[int, Known]
    answered_by: dict[int, str]

    @property
    def id(self) -> int:
        """The invitation's."""
        return self.viewer.invitation_id

    @property
    def name(self) -> str:
        """As the hosts call them."""
        return self.viewer.name

    @property
    def path(self) -> str:
        """The address of their page, under this host."""
        return f"/i/{self.viewer.token}"

    @property
    def status(self) -> InvitationStatus:
        """Derived from the members' answers."""
        return invitation_status(member.rsvp for member in self.viewer.members)

    @property
    def email(self) -> str:
        """The first address there is among them."""
        return next((known.email for known in self.known.values() if known.email), "")

    @property
    def phone(self) -> str:
        """The first number there is among them."""
        return next((known.phone for known in self.known.values() if known.phone), "")

    def with_moved(self, member_id: int, step: int) -> list[int]:
        """The members' order if one of them changes places with the one before (-1) or after (1)."""
        order = [member.id for member in self.viewer.members]
        if member_id in order and 0 <= (other := order.index(member_id) + step) < len(order):
            order[other - step], order[other] = order[other], order[other - step]
        return order

    def find_member(self, member_id: int) -> MemberView | None:
        """One of them."""
        return self.viewer.find_member(member_id)


def find_household(event: EventView, invitation_id: int, now: datetime, *, host: str) -> HouseholdView | None:
    """An invitation of this event; three statements.

    Args:
        event: where they are invited.
        invitation_id: which one.
        now: when.
        host: who looks, as ``user:7``; what is done with the viewer is done by them.
    """
    row = db.session.execute(
        select(
            Invitation.id,
            Invitation.name,
            Invitation.code,
            Invitation.code_version,
            Invitation.sent_at,
            Invitation.opened_at,
            Invitation.revoked_at,
        ).where(Invitation.id == invitation_id, Invitation.event_id == event.id)
    ).first()
    if row is None:
        return None
    members, language = members_of(row.id, now)
    known = _known(row.id)
    viewer = Viewer(row.id, token_of(row.code), row.code, row.name, row.opened_at, event, members, host)
    return HouseholdView(
        viewer,
        row.code_version,
        row.sent_at,
        row.revoked_at,
        language,
        {each.id: Known(*each[1:8]) for each in known},
        {each.id: each.responded_by for each in known if each.responded_by},
    )


def _known(invitation_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            InvitationGuest.id,
            Guest.name,
            Guest.email,
            Guest.phone,
            Guest.language,
            InvitationGuest.is_child,
            InvitationGuest.host_note,
            InvitationGuest.seat_category,
            InvitationGuest.responded_by,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(InvitationGuest.invitation_id == invitation_id)
        .order_by(InvitationGuest.position, InvitationGuest.id)
    ).all()


def familiar_people(event: EventView, people: Sequence[Named]) -> list[Familiar]:
    """Those of the organization's address book who have one of these names or addresses; one statement."""
    names = {search_key(named.name) for named in people if named.name}
    addresses = {email_key(named.email) for named in people if named.email}
    rows = db.session.execute(
        select(
            Guest.id,
            Guest.name,
            Guest.email,
            Guest.phone,
            Guest.search_key,
            Guest.email_key,
            Invitation.id,
            Invitation.name,
        )
        .outerjoin(InvitationGuest, (InvitationGuest.guest_id == Guest.id) & (InvitationGuest.event_id == event.id))
        .outerjoin(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            Guest.organization_id == event.organization_id,
            Guest.name != "",
            or_(Guest.search_key.in_(names), Guest.email_key.in_(addresses)),
        )
        .order_by(Guest.id)
        .limit(200)
    )
    return [Familiar(*row) for row in rows]


@dataclass(frozen=True)
class Change:
    """Who changed something last, and when; ``by`` is empty where it was the household itself."""

    by: str
    at: datetime


def find_change(organization_id: int, subjects: Sequence[str]) -> Change | None:
    """The last change to one of these, as the log tells; two statements."""
    row = db.session.execute(
        select(Activity.actor, Activity.at)
        .where(Activity.organization_id == organization_id, Activity.subject.in_(subjects))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    kind, _, number = row.actor.partition(":")
    by = db.session.scalar(select(User.name).where(User.id == int(number))) if kind == "user" else ""
    return Change(by or "", row.at)
