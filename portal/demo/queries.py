"""What the demo tells about a sample event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.demo.rules.evening import HOST_PASSWORD, host_email
from portal.events.models import Event
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.invitations.queries import token_of
from portal.kit.presentation import public_url
from portal.kit.schema import db
from portal.seating.models import Seat, Table


def contract(event_id: int) -> dict[str, Any]:
    """Everything a program needs that tests from outside; the README says what it may rely on."""
    slug = db.session.execute(select(Event.slug).where(Event.id == event_id)).scalar_one()
    return {
        "event": {"id": event_id, "slug": slug},
        "host": {
            "email": host_email(slug),
            "password": HOST_PASSWORD,
            "url": public_url(f"/host/events/{event_id}"),
        },
        "invitations": _invitations(event_id),
        "seats": _seats(event_id),
    }


def first_invitation(event_id: int) -> tuple[str, str]:
    """The name and the link of the invitation that was made first."""
    row = db.session.execute(
        select(Invitation.name, Invitation.code).where(Invitation.event_id == event_id).order_by(Invitation.id).limit(1)
    ).one()
    return row.name, public_url(f"/i/{token_of(row.code)}")


def _invitations(event_id: int) -> list[dict[str, Any]]:
    members: dict[int, list[dict[str, Any]]] = {}
    for member in db.session.execute(
        select(InvitationGuest.id, InvitationGuest.invitation_id, Guest.name)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(InvitationGuest.event_id == event_id)
        .order_by(InvitationGuest.position, InvitationGuest.id)
    ):
        members.setdefault(member.invitation_id, []).append({"id": member.id, "name": member.name})
    rows = db.session.execute(
        select(Invitation.id, Invitation.code).where(Invitation.event_id == event_id).order_by(Invitation.id)
    )
    return [
        {
            "token": (token := token_of(row.code)),
            "code": row.code,
            "url": public_url(f"/i/{token}"),
            "members": members.get(row.id, []),
        }
        for row in rows
    ]


def _seats(event_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Seat.id, Seat.label, Table.name.label("table"), Seat.category)
        .join(Table, Seat.table_id == Table.id)
        .where(Seat.event_id == event_id)
        .order_by(Table.id, Seat.position, Seat.id)
    )
    return [dict(row._mapping) for row in rows]
