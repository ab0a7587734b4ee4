"""What a household asks of another: to sit near each other, or to swap seats."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import Base, one_of, same


class RequestKind(StrEnum):
    """What is asked."""

    NEAR = "near"
    SWAP = "swap"


class RequestState(StrEnum):
    """Open, or how it ended: the other household said yes or no, or the asking one took it back."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


IS_OPEN = text("state = 'asked'")


class HouseholdRequest(Base):
    """A household asks for another by a name it typed.

    A name that is nobody's, or several people's, leaves ``to_invitation_id``
    empty: the asking household sees the same either way, and so learns nothing
    about who is invited. Each of its open requests fills one of five slots.
    """

    __tablename__ = "household_requests"
    __table_args__ = (
        Index(
            "uq_household_requests_open",
            "from_invitation_id",
            "to_invitation_id",
            "kind",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
            info=says("You have asked for this already.", "Ya lo pidieron."),
        ),
        Index(
            "uq_household_requests_slot",
            "from_invitation_id",
            "slot",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
            info=says(
                "Another of your phones asked at the same moment. Please try again.",
                "Otro de sus teléfonos pidió algo al mismo tiempo. Inténtenlo otra vez.",
            ),
        ),
        same(["from_invitation_id", "event_id"], "invitations", ["id", "event_id"]),
        same(["to_invitation_id", "event_id"], "invitations", ["id", "event_id"]),
        one_of("kind", RequestKind, table="household_requests"),
        one_of("state", RequestState, table="household_requests"),
        CheckConstraint(
            "to_invitation_id IS NULL OR to_invitation_id <> from_invitation_id",
            name="ck_household_requests_two",
            info=says("A household sits near itself already.", "Una familia ya está cerca de sí misma."),
        ),
        CheckConstraint(
            "slot BETWEEN 1 AND 5",
            name="ck_household_requests_slot",
            info=says(
                "You have asked for five things already. Take one of them back, or wait for an answer.",
                "Ya pidieron cinco cosas. Retiren una, o esperen una respuesta.",
            ),
        ),
        CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name="ck_household_requests_answered_at",
            info=says("An answer has its moment.", "Una respuesta tiene su momento."),
        ),
        CheckConstraint(
            "to_invitation_id IS NOT NULL OR state IN ('asked', 'withdrawn')",
            name="ck_household_requests_answered_by",
            info=says(
                "Only the household that was asked can answer.", "Solo puede responder la familia a la que se le pidió."
            ),
        ),
        Index("ix_household_requests_from_invitation_id_event_id", "from_invitation_id", "event_id"),
        Index("ix_household_requests_to_invitation_id_event_id", "to_invitation_id", "event_id"),
    )

    event_id: Mapped[int]
    from_invitation_id: Mapped[int]
    to_invitation_id: Mapped[int | None]
    kind: Mapped[RequestKind] = mapped_column(String(20))
    state: Mapped[RequestState] = mapped_column(String(20), default=RequestState.ASKED)
    wanted: Mapped[str] = mapped_column(String(200))
    slot: Mapped[int] = mapped_column(Integer)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
