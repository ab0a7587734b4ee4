"""Addresses under which a spreadsheet follows an event."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import Base, one_of, same


class Kind(StrEnum):
    """What a list is about."""

    GUESTS = "guests"
    SEATING = "seating"
    ANSWERS = "answers"


class Feed(Base):
    """Whoever knows its signed code reads one kind of list, until it is withdrawn; when they do is not kept."""

    __tablename__ = "export_feeds"
    __table_args__ = (
        Index(
            "uq_export_feeds_code",
            "code",
            unique=True,
            info=says(
                "That address is already in use. Please try again.", "Esa dirección ya está en uso. Inténtalo otra vez."
            ),
        ),
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        one_of("kind", Kind, table="export_feeds"),
        Index("ix_export_feeds_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_export_feeds_created_by", "created_by"),
    )

    organization_id: Mapped[int]
    event_id: Mapped[int]
    kind: Mapped[Kind] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(12))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
