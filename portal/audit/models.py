"""The activity log: a trigger refuses every change to what was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import refuses
from portal.kit.schema import Base, JSONColumn, same


class Activity(Base):
    """Somebody did something: ``verb`` is ``subject.past-participle`` (``seat.taken``).

    ``actor`` is ``user:7``, ``guest:12`` (an invitation's link) or ``system``;
    ``detail`` holds what a reader needs to follow it: names as they were.
    """

    __tablename__ = "activity"
    __table_args__ = (
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        Index("ix_activity_event_id_at", "event_id", "at"),
        Index("ix_activity_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_activity_organization_id_at", "organization_id", "at"),
        Index("ix_activity_subject", "subject"),
        {
            "info": refuses(
                "activity_is_only_added_to",
                "What was done cannot be rewritten.",
                "Lo que se hizo no se puede reescribir.",
            )
        },
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    event_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
