"""A guest list on its way in: its rows, what was found about them, and what was done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import IDS_ONCE, Base, JSONColumn, one_of, same


class State(StrEnum):
    """Where a list stands; of those that end in -ing, but for mapping, a process is at work."""

    READING = "reading"
    REFUSED = "refused"
    MAPPING = "mapping"
    CHECKING = "checking"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    LEFT_OUT = "left_out"


class Import(Base):
    """A list that a host brought, from the upload to what was done with it.

    ``content`` is the file until its rows are read; ``columns`` says which
    column holds what; ``findings`` counts what the check found. ``done`` of
    ``total`` tells how far the work of the present state is, and ``worked_at``
    when it last went on. ``version`` grows with everything a host changes.
    """

    __tablename__ = "imports"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "event_id",
            name="uq_imports_id_event_id",
            info=says("This import exists already.", "Esta importación ya existe."),
        ),
        one_of("state", State, table="imports"),
        CheckConstraint(
            "(state = 'reading') = (content IS NOT NULL)",
            name="ck_imports_content",
            info=says("A file is kept until it has been read.", "Un archivo se guarda hasta que se ha leído."),
        ),
        CheckConstraint(
            "done >= 0",
            name="ck_imports_done",
            info=says("Nothing can be less than begun.", "Nada puede estar menos que empezado."),
        ),
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        Index("ix_imports_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_imports_user_id", "user_id"),
        Index("ix_imports_expires_at", "expires_at"),
        IDS_ONCE,
    )

    organization_id: Mapped[int]
    event_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[State] = mapped_column(String(20), default=State.READING)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    header_row: Mapped[int] = mapped_column(Integer, default=0)
    columns: Mapped[dict[str, int]] = mapped_column(JSONColumn, default=dict)
    refusal: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    findings: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    worked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ImportRow(Base):
    """A row of the list as it was brought, or as a host mended it since, and what was found about it.

    ``place`` is the household on the list that it belongs to, from 0;
    ``kinds`` names the kinds of its ``notices`` between bars: ``|same_name|``.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        same(["import_id", "event_id"], "imports", ["id", "event_id"], ondelete="CASCADE"),
        one_of("fate", RowFate, table="import_rows"),
        Index(
            "uq_import_rows_number",
            "import_id",
            "event_id",
            "number",
            unique=True,
            info=says("This row is there already.", "Esta fila ya está."),
        ),
        Index("ix_import_rows_place", "import_id", "place"),
    )

    event_id: Mapped[int]
    import_id: Mapped[int]
    number: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list[str]] = mapped_column(JSONColumn)
    is_left_out: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    place: Mapped[int | None] = mapped_column(Integer)
    fate: Mapped[RowFate | None] = mapped_column(String(20))
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSONColumn, default=list)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(JSONColumn, default=list)
    kinds: Mapped[str] = mapped_column(String(300), default="")


class ImportHousehold(Base):
    """A household of the list and, once it is written, what was done with it.

    The counts are people by their fate. ``traces`` holds what taking it back
    needs: who was added and who of them is new to the address book, and what
    stood before; it ``is_kept`` if it could not be taken back because somebody touched it since.
    """

    __tablename__ = "import_households"
    __table_args__ = (
        same(["import_id", "event_id"], "imports", ["id", "event_id"], ondelete="CASCADE"),
        Index(
            "uq_import_households_place",
            "import_id",
            "event_id",
            "place",
            unique=True,
            info=says("This household is there already.", "Esta familia ya está."),
        ),
        Index("ix_import_households_invitation_id", "invitation_id"),
    )

    event_id: Mapped[int]
    import_id: Mapped[int]
    place: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    new: Mapped[int] = mapped_column(Integer, default=0)
    updated: Mapped[int] = mapped_column(Integer, default=0)
    unchanged: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    is_new: Mapped[bool] = mapped_column(Boolean, default=False)
    is_kept: Mapped[bool] = mapped_column(Boolean, default=False)
    waits: Mapped[bool] = mapped_column(Boolean, default=False)
    frees: Mapped[bool] = mapped_column(Boolean, default=False)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id", ondelete="SET NULL"))
    refusal: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
    traces: Mapped[dict[str, Any]] = mapped_column(JSONColumn, default=dict)
