"""What the hosts did to the seating: the steps that can be taken back, and what a household has not been told yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import Base, JSONColumn, same


class SeatingStep(Base):
    """What a host moved in one go, so that it can be taken back, the newest step first.

    ``moves`` holds, for each place: its id, its table and seat before, its
    table and seat after.
    """

    __tablename__ = "seating_steps"
    __table_args__ = (Index("ix_seating_steps_event_id_actor_id", "event_id", "actor", "id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    actor: Mapped[str] = mapped_column(String(40))
    moves: Mapped[list[list[int | None]]] = mapped_column(JSONColumn)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SeatNotice(Base):
    """The hosts moved a member, and their household has not seen it yet.

    ``had_seat`` says whether it knows of a seat; ``seat_id`` is that seat, as long as it is in the room.
    """

    __tablename__ = "seat_notices"
    __table_args__ = (
        Index(
            "uq_seat_notices_member_id",
            "member_id",
            unique=True,
            info=says("This household is told already.", "Esta familia ya está avisada."),
        ),
        same(["invitation_id", "event_id"], "invitations", ["id", "event_id"]),
        same(["member_id", "invitation_id"], "invitation_guests", ["id", "invitation_id"], ondelete="CASCADE"),
        Index("ix_seat_notices_invitation_id_event_id", "invitation_id", "event_id"),
        Index("ix_seat_notices_member_id_invitation_id", "member_id", "invitation_id"),
        Index("ix_seat_notices_seat_id", "seat_id"),
    )

    event_id: Mapped[int]
    invitation_id: Mapped[int]
    member_id: Mapped[int]
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id", ondelete="SET NULL"))
    had_seat: Mapped[bool] = mapped_column(Boolean, server_default=false())
