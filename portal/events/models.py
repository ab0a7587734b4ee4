"""Events and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import refuses, says
from portal.kit.schema import IDS_ONCE, Base, JSONColumn, one_of, same


class Status(StrEnum):
    """The life of an event; a draft is invisible to guests."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELED = "canceled"
    COMPLETED = "completed"


class Event(Base):
    """What people are invited to.

    ``settings`` holds what only pages read: ``meals`` (the host's own words),
    ``landmarks`` of the room ({label, x, y, width, height} in floor-plan units),
    ``contact`` (whom a guest may ask), ``hue`` and ``motif`` of its pages.
    ``version`` counts the changes of what a host can fill in, so that nobody
    saves over what somebody else has changed meanwhile.

    ``coming`` counts the members who have accepted, where there is a
    ``capacity``; triggers keep it, so that the CHECK beside it can see it.
    A place that is freed is kept for ``offer_seconds`` for whoever waits for it.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "organization_id",
            name="uq_events_id_organization_id",
            info=says("This event exists already.", "Este evento ya existe."),
        ),
        Index(
            "uq_events_organization_id_slug",
            "organization_id",
            "slug",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
            info=says(
                "You already have an event at this address. Choose another one.",
                "Ya tienes un evento en esta dirección. Elige otra.",
            ),
        ),
        one_of("status", Status, table="events"),
        CheckConstraint(
            "ends_at > starts_at",
            name="ck_events_ends_after_start",
            info=says("The event must end after it starts.", "El evento debe terminar después de empezar."),
        ),
        CheckConstraint(
            "hold_seconds >= 0",
            name="ck_events_hold_seconds",
            info=says("The hold time cannot be negative.", "El tiempo de apartado no puede ser negativo."),
        ),
        Index("ix_events_status_is_public", "status", "is_public"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    time_zone: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status] = mapped_column(String(20), default=Status.DRAFT)
    rsvp_deadline: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seats_open_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seats_close_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hold_seconds: Mapped[int] = mapped_column(Integer, default=0)
    show_names: Mapped[bool] = mapped_column(Boolean, default=False)
    capacity: Mapped[int | None] = mapped_column(Integer)
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    coming: Mapped[int] = mapped_column(
        Integer,
        CheckConstraint(
            "capacity IS NULL OR coming <= capacity",
            name="ck_events_capacity",
            info=says("There are not enough places for everybody.", "No hay lugares suficientes para todos."),
        ),
        server_default="0",
    )
    offer_seconds: Mapped[int] = mapped_column(
        Integer,
        CheckConstraint(
            "offer_seconds > 0",
            name="ck_events_offer_seconds",
            info=says("An offer must stand for a while.", "Una oferta debe durar un rato."),
        ),
        server_default="86400",
    )


class EventSession(Base):
    """A part of an event that members attend or not: a ceremony, a dinner, a workshop.

    Triggers keep those who come and attend within its ``capacity``, and let go
    of the choice of whoever changes back to a part that is full by then.
    ``version`` counts its changes.
    """

    __tablename__ = "event_sessions"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "event_id",
            name="uq_event_sessions_id_event_id",
            info=says("This part of the event exists already.", "Esta parte del evento ya existe."),
        ),
        CheckConstraint(
            "ends_at > starts_at",
            name="ck_event_sessions_ends_after_start",
            info=says("This part must end after it starts.", "Esta parte debe terminar después de empezar."),
        ),
        Index("ix_event_sessions_event_id_starts_at", "event_id", "starts_at"),
        {
            **IDS_ONCE,
            "info": refuses(
                "part_has_room",
                "There is not enough room in this part of the event.",
                "No hay lugar suficiente en esta parte del evento.",
            ),
        },
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    title: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    capacity: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class EventRole(StrEnum):
    """What somebody with an account is at one event."""

    ADMIN = "admin"
    ORGANIZER = "organizer"
    MODERATOR = "moderator"
    PARTICIPANT = "participant"
    VIEWER = "viewer"


class Participant(Base):
    """Somebody with an account at an event, in one role; a trigger keeps the last organizer."""

    __tablename__ = "participants"
    __table_args__ = (
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        one_of("role", EventRole, table="participants"),
        Index(
            "uq_participants_event_id_user_id",
            "event_id",
            "user_id",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
            info=says("{name} already takes part in this event.", "{name} ya participa en este evento."),
        ),
        Index("ix_participants_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_participants_event_id_role", "event_id", "role"),
        Index("ix_participants_user_id_event_id", "user_id", "event_id"),
        {
            "info": refuses(
                "event_keeps_an_organizer",
                "{name} is the last organizer of this event. Add somebody else first.",
                "{name} es la última persona que organiza este evento. Agrega primero a otra.",
            )
        },
    )

    organization_id: Mapped[int]
    event_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[EventRole] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONColumn, default=dict)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
