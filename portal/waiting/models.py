"""The waiting list of events that are full."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import Base, same


class Waiting(Base):
    """A household that waits for places; its members without an answer are those who wait.

    ``wants`` is the least number of places that helps them, None: all of them
    or nobody. ``offered`` places are kept for them until ``offered_until``. An
    offer that ran out stays as it was: it says that they had their turn.
    """

    __tablename__ = "waiting_list"
    __table_args__ = (
        Index(
            "uq_waiting_list_event_id_invitation_id",
            "event_id",
            "invitation_id",
            unique=True,
            info=says("You are on the waiting list already.", "Ya están en la lista de espera."),
        ),
        same(["invitation_id", "event_id"], "invitations", ["id", "event_id"]),
        CheckConstraint(
            "wants IS NULL OR wants > 0",
            name="ck_waiting_list_wants",
            info=says("Please wait for one place at least.", "Esperen al menos un lugar, por favor."),
        ),
        CheckConstraint(
            "(offered IS NULL AND offered_until IS NULL)"
            " OR (offered IS NOT NULL AND offered > 0 AND offered_until IS NOT NULL)",
            name="ck_waiting_list_offer",
            info=says("Places are offered until a moment.", "Los lugares se ofrecen hasta un momento."),
        ),
    )

    event_id: Mapped[int]
    invitation_id: Mapped[int]
    wants: Mapped[int | None]
    offered: Mapped[int | None]
    offered_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
