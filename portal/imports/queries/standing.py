"""What already stands of a household on a guest list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, select

from portal.events.rules import EventView
from portal.imports.rules.fates import Owner, StandingHousehold, StandingMember
from portal.imports.rules.households import Household
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.kit.schema import db
from portal.kit.text import email_key, search_key


def standing_households(event: EventView, household: Household, *, but_not: Collection[int]) -> list[StandingHousehold]:
    """The invitations of an event that have somebody of the name of the household's first person, oldest first.

    Args:
        event: whose invitations.
        household: as the list has it.
        but_not: invitations that other households of the same list are already.
    """
    named_so = select(Guest.id).where(
        Guest.organization_id == event.organization_id, Guest.search_key == search_key(household.first.name)
    )
    theirs = select(InvitationGuest.invitation_id).where(
        InvitationGuest.event_id == event.id, InvitationGuest.guest_id.in_(named_so)
    )
    invitations = db.session.execute(
        select(Invitation.id, Invitation.name, Invitation.revoked_at)
        .where(Invitation.id.in_(theirs))
        .order_by(Invitation.id)
    ).all()
    found = [row for row in invitations if row.id not in but_not]
    members = _members([row.id for row in found])
    return [
        StandingHousehold(row.id, row.name, row.revoked_at is not None, tuple(members.get(row.id, ()))) for row in found
    ]


def _members(invitation_ids: Sequence[int]) -> dict[int, list[StandingMember]]:
    """The members of these invitations in their order."""
    members: dict[int, list[StandingMember]] = {}
    if not invitation_ids:
        return members
    rows: Sequence[Any] = db.session.execute(
        select(
            InvitationGuest.id,
            InvitationGuest.guest_id,
            Guest.name,
            Guest.email,
            Guest.phone,
            InvitationGuest.rsvp,
            InvitationGuest.is_child,
            InvitationGuest.plus_one_of.is_not(None),
            InvitationGuest.dietary,
            InvitationGuest.host_note,
            InvitationGuest.position,
            InvitationGuest.invitation_id,
        )
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(InvitationGuest.invitation_id.in_(invitation_ids))
        .order_by(InvitationGuest.position, InvitationGuest.id)
    ).all()
    for row in rows:
        members.setdefault(row.invitation_id, []).append(StandingMember(*row[:11]))
    return members


def address_owners(event: EventView, household: Household) -> dict[str, Owner]:
    """Who of the organization's address book has the addresses of a household, by ``email_key``."""
    keys = {email_key(person.email) for person in household.people if person.email}
    if not keys:
        return {}
    is_invited = exists().where(InvitationGuest.guest_id == Guest.id, InvitationGuest.event_id == event.id)
    rows = db.session.execute(
        select(Guest.email_key, Guest.id, Guest.name, is_invited).where(
            Guest.organization_id == event.organization_id, Guest.email_key.in_(keys)
        )
    )
    return {str(row[0]): Owner(row[1], row[2], bool(row[3])) for row in rows}
