"""The draft of an event's room, and the steps that led to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.conflicts import says
from portal.kit.schema import Base, JSONColumn


class RoomDraft(Base):
    """What hosts make of the room before guests see it.

    ``document`` is the layout as it shall be, empty while it is the published
    one; ``version`` grows with every change and never begins anew; ``step`` is
    how many of the kept steps are done, so that those beyond it can be redone.
    """

    __tablename__ = "room_drafts"
    __table_args__ = (
        Index(
            "uq_room_drafts_event_id",
            "event_id",
            unique=True,
            info=says(
                "Somebody else has just begun to change this room.",
                "Alguien más acaba de empezar a cambiar esta sala.",
            ),
        ),
        CheckConstraint(
            "version > 0",
            name="ck_room_drafts_version",
            info=says("A draft begins with its first change.", "Un borrador empieza con su primer cambio."),
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    version: Mapped[int] = mapped_column(Integer)
    step: Mapped[int] = mapped_column(Integer, default=0)
    document: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)


class RoomStep(Base):
    """One change of a draft, so that it can be undone and redone.

    ``before`` and ``after`` hold the tables and landmarks that it changed, by
    their ids; nothing where there was none.
    """

    __tablename__ = "room_steps"
    __table_args__ = (
        Index(
            "uq_room_steps_draft_id_number",
            "draft_id",
            "number",
            unique=True,
            info=says("Somebody else has just changed this room.", "Alguien más acaba de cambiar esta sala."),
        ),
    )

    draft_id: Mapped[int] = mapped_column(ForeignKey("room_drafts.id"))
    number: Mapped[int] = mapped_column(Integer)
    deed: Mapped[str] = mapped_column(String(40))
    names: Mapped[list[str]] = mapped_column(JSONColumn, default=list)
    before: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
