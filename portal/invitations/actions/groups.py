"""Making invitations: a group, its members, and their entries in the address book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, insert, select, update

from portal.audit.actions import record
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.kit import tokens
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import email_key, search_key, tidy
from portal.seating.models import Category, GuestAssignment


@dataclass(frozen=True)
class NewMember:
    """Somebody to be invited. A plus-one of the group's first member may have an empty name.

    ``guest_id`` is somebody whom the address book already has: their entry is
    used with its name, address and language; a phone number here is newer.
    """

    name: str
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    is_child: bool = False
    is_plus_one: bool = False
    dietary: str = ""
    host_note: str = ""
    seat_category: Category = Category.REGULAR
    guest_id: int | None = None


@action
def add_invitation(
    *, organization_id: int, event_id: int, name: str, members: Sequence[NewMember], actor: str, now: datetime
) -> int:
    """Invite a group: one link for all of ``members``, in their order.

    An e-mail address that the organization's address book already has stays
    with whom it is; the new guest is kept without it and reached through the
    invitation.

    Returns:
        The id of the invitation.

    Raises:
        Conflict: somebody is already invited to this event.
    """
    invitation_id = db.session.execute(
        insert(Invitation).values(event_id=event_id, code=tokens.new_code(), name=tidy(name)).returning(Invitation.id)
    ).scalar_one()
    first_id: int | None = None
    for position, member in enumerate(members):
        member_id = add_member(
            member,
            organization_id=organization_id,
            event_id=event_id,
            invitation_id=invitation_id,
            position=position,
            plus_one_of=first_id if member.is_plus_one else None,
        )
        first_id = first_id or member_id
    record(
        "invitation.created",
        organization_id=organization_id,
        event_id=event_id,
        actor=actor,
        subject=f"invitation:{invitation_id}",
        now=now,
        detail={"household": tidy(name), "members": len(members)},
    )
    return invitation_id


def add_member(
    member: NewMember,
    *,
    organization_id: int,
    event_id: int,
    invitation_id: int,
    position: int,
    plus_one_of: int | None = None,
) -> int:
    """Put one more person into the address book and onto an invitation, inside the running action."""
    explain(name=member.name or "A guest")
    if member.guest_id is None:
        guest_id = _add_guest(member, organization_id)
    else:
        guest_id = member.guest_id
        if (other := _household_of(guest_id, event_id)) is not None:
            explain(other=other)
        _set(update(Guest).where(Guest.id == guest_id), {"phone": member.phone})
    return db.session.execute(
        insert(InvitationGuest)
        .values(
            organization_id=organization_id,
            event_id=event_id,
            invitation_id=invitation_id,
            guest_id=guest_id,
            position=position,
            plus_one_of=plus_one_of,
            is_child=member.is_child,
            dietary=member.dietary,
            host_note=member.host_note,
            seat_category=member.seat_category,
        )
        .returning(InvitationGuest.id)
    ).scalar_one()


def amend_member(
    member_id: int,
    guest_id: int,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    is_child: bool | None = None,
    dietary: str | None = None,
    host_note: str | None = None,
) -> None:
    """Change what the hosts know of a member, inside the running action; None leaves a thing as it stands.

    What is the guest's own is only filled in where nothing stands: a name, and
    dietary needs before the answer. That condition is part of the statement,
    so a guest who writes at this very moment keeps what they wrote.
    """
    explain(name=name or "A guest")
    told = {"is_child": is_child, "host_note": host_note}
    member = update(InvitationGuest).where(InvitationGuest.id == member_id)
    _set(member, told)
    _set(member.where(InvitationGuest.rsvp == Rsvp.PENDING, InvitationGuest.dietary == ""), {"dietary": dietary})
    known = {"phone": phone, **({"email": email, "email_key": email_key(email)} if email else {})}
    _set(update(Guest).where(Guest.id == guest_id), known)
    if name:
        named = {"name": tidy(name), "search_key": search_key(name)}
        _set(update(Guest).where(Guest.id == guest_id, Guest.name == ""), named)
        place = update(GuestAssignment).where(GuestAssignment.member_id == member_id)
        _set(place.where(GuestAssignment.display_name == ""), {"display_name": tidy(name)})


def explain_owner(organization_id: int, address: str | None) -> None:
    """Say who of the address book has an address already: for the sentence of the key that keeps it theirs."""
    has_it = (Guest.organization_id == organization_id, Guest.email_key == email_key(address or ""))
    if owner := db.session.scalar(select(Guest.name).where(*has_it)):
        explain(owner=owner)


def _set(statement: Update, columns: Mapping[str, Any]) -> None:
    """Run ``statement`` over the columns that have a new value, if there are any."""
    wished = {column: value for column, value in columns.items() if value is not None}
    if wished:
        db.session.execute(statement.values(**wished))


def _household_of(guest_id: int, event_id: int) -> str | None:
    """With whom somebody is invited already: for the sentence of the key that refuses a second time."""
    return db.session.scalar(
        select(Invitation.name)
        .join(InvitationGuest, InvitationGuest.invitation_id == Invitation.id)
        .where(InvitationGuest.guest_id == guest_id, InvitationGuest.event_id == event_id)
    )


def _add_guest(member: NewMember, organization_id: int) -> int:
    """A new entry of the address book."""
    address = _free_address(organization_id, member.email)
    return db.session.execute(
        insert(Guest)
        .values(
            organization_id=organization_id,
            name=tidy(member.name),
            search_key=search_key(member.name),
            email=address,
            email_key=email_key(address) if address else None,
            phone=member.phone,
            language=member.language,
        )
        .returning(Guest.id)
    ).scalar_one()


def _free_address(organization_id: int, address: str | None) -> str | None:
    """``address`` unless somebody in the address book has it; the unique key stays the authority."""
    if not address:
        return None
    owner = select(Guest.id).where(Guest.organization_id == organization_id, Guest.email_key == email_key(address))
    return None if db.session.execute(owner).first() else address.strip()
