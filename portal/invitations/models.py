"""Guests, invitations, their members and what they answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import IDS_ONCE, Base, one_of, same
from portal.seating.models import Category


class Rsvp(StrEnum):
    """A member's answer."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Guest(Base):
    """A person of an organization's address book.

    A plus-one whom nobody has named yet has an empty name.
    """

    __tablename__ = "guests"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "organization_id",
            name="uq_guests_id_organization_id",
            info=says("This guest exists already.", "Este invitado ya existe."),
        ),
        Index(
            "uq_guests_organization_id_email_key",
            "organization_id",
            "email_key",
            unique=True,
            info=says("{owner} already has this e-mail address.", "{owner} ya tiene este correo."),
        ),
        Index("ix_guests_organization_id_search_key", "organization_id", "search_key"),
        Index("ix_guests_organization_id_phone", "organization_id", "phone"),
        Index("ix_guests_user_id", "user_id"),
        IDS_ONCE,
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(String(400))
    email: Mapped[str | None] = mapped_column(String(320))
    email_key: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(40))
    company: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    email_opted_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sms_opted_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    whatsapp_opted_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(Base):
    """One link for a group. Its status is derived from its members, never stored."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "event_id",
            name="uq_invitations_id_event_id",
            info=says("This invitation exists already.", "Esta invitación ya existe."),
        ),
        Index(
            "uq_invitations_code",
            "code",
            unique=True,
            info=says("That code is already in use. Try again.", "Ese código ya está en uso. Inténtalo otra vez."),
        ),
        Index("ix_invitations_event_id_id", "event_id", "id"),
        IDS_ONCE,
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    code: Mapped[str] = mapped_column(String(12))
    code_version: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(200))
    names_hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class InvitationGuest(Base):
    """A member: one guest on one invitation, and what they answered.

    ``note`` is the member's word to the host, ``host_note`` the host's own and
    never shown to guests. ``reference_code`` is the code of the member's last place, kept so that
    somebody who declines and comes back has the same one.
    """

    __tablename__ = "invitation_guests"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "rsvp",
            name="uq_invitation_guests_id_rsvp",
            info=says("This member exists already.", "Esta persona ya está en la lista."),
        ),
        UniqueConstraint(
            "id",
            "event_id",
            "guest_id",
            name="uq_invitation_guests_id_event_id_guest_id",
            info=says("This member exists already.", "Esta persona ya está en la lista."),
        ),
        UniqueConstraint(
            "id",
            "invitation_id",
            name="uq_invitation_guests_id_invitation_id",
            info=says("This member exists already.", "Esta persona ya está en la lista."),
        ),
        Index(
            "uq_invitation_guests_event_id_guest_id",
            "event_id",
            "guest_id",
            unique=True,
            info=says("{name} is already invited, with “{other}”.", "{name} ya tiene invitación, con «{other}»."),
        ),
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        same(["guest_id", "organization_id"], "guests", ["id", "organization_id"]),
        same(["invitation_id", "event_id"], "invitations", ["id", "event_id"]),
        same(["plus_one_of", "invitation_id"], "invitation_guests", ["id", "invitation_id"]),
        one_of("rsvp", Rsvp, table="invitation_guests"),
        one_of("seat_category", Category, table="invitation_guests"),
        Index("ix_invitation_guests_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_invitation_guests_guest_id_organization_id", "guest_id", "organization_id"),
        Index("ix_invitation_guests_invitation_id_event_id", "invitation_id", "event_id"),
        Index("ix_invitation_guests_plus_one_of_invitation_id", "plus_one_of", "invitation_id"),
        Index("ix_invitation_guests_event_id_rsvp", "event_id", "rsvp"),
        IDS_ONCE,
    )

    organization_id: Mapped[int]
    event_id: Mapped[int]
    invitation_id: Mapped[int]
    guest_id: Mapped[int]
    position: Mapped[int] = mapped_column(Integer, default=0)
    rsvp: Mapped[Rsvp] = mapped_column(String(20), default=Rsvp.PENDING)
    responded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    responded_by: Mapped[str | None] = mapped_column(String(40))
    plus_one_of: Mapped[int | None]
    is_child: Mapped[bool] = mapped_column(Boolean, default=False)
    meal: Mapped[str | None] = mapped_column(String(80))
    dietary: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    host_note: Mapped[str] = mapped_column(Text, default="")
    seat_category: Mapped[Category] = mapped_column(String(20), default=Category.REGULAR)
    reference_code: Mapped[str | None] = mapped_column(String(20))


class SessionAnswer(Base):
    """A member comes to a session."""

    __tablename__ = "session_answers"
    __table_args__ = (
        UniqueConstraint(
            "member_id",
            "session_id",
            name="uq_session_answers_member_id_session_id",
            info=says("{name} already comes to this part.", "{name} ya viene a esta parte."),
        ),
        same(
            ["member_id", "event_id", "guest_id"],
            "invitation_guests",
            ["id", "event_id", "guest_id"],
            ondelete="CASCADE",
        ),
        same(["session_id", "event_id"], "event_sessions", ["id", "event_id"]),
        Index("ix_session_answers_member_id_event_id_guest_id", "member_id", "event_id", "guest_id"),
        Index("ix_session_answers_session_id_event_id", "session_id", "event_id"),
    )

    event_id: Mapped[int]
    guest_id: Mapped[int]
    member_id: Mapped[int]
    session_id: Mapped[int]
