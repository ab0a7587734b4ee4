"""Tables, seats, places and claims: one guest per seat, one seat per guest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import IDS_ONCE, Base, one_of, same


class Category(StrEnum):
    """Who may sit on a seat: anybody, members the host lets, or whom the host puts there."""

    REGULAR = "regular"
    VIP = "vip"
    RESERVED = "reserved"


class Shape(StrEnum):
    """How a table stands in the room; a hall row is a table of shape ``row``."""

    ROUND = "round"
    LONG = "long"
    ROW = "row"


class TableKind(StrEnum):
    """Who fills a table: its guests, a buyer, or its host."""

    OPEN = "open"
    PREPAID = "prepaid"
    HOSTED = "hosted"


class ClaimState(StrEnum):
    """A seat that is being chosen, or one that is somebody's."""

    HELD = "held"
    TAKEN = "taken"


class Table(Base):
    """A table of an event; ``x`` and ``y`` are its centre on the floor plan.

    The floor plan is 358 units wide and as high as it needs to be.
    """

    __tablename__ = "tables"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "event_id",
            name="uq_tables_id_event_id",
            info=says("This table exists already.", "Esta mesa ya existe."),
        ),
        UniqueConstraint(
            "event_id",
            "name",
            name="uq_tables_event_id_name",
            info=says(
                "There is already a table with this name. Give it another one.",
                "Ya hay una mesa con este nombre. Ponle otro.",
            ),
        ),
        UniqueConstraint(
            "event_id",
            "slug",
            name="uq_tables_event_id_slug",
            info=says(
                "There is already a table with a name like this. Give it another one.",
                "Ya hay una mesa con un nombre parecido. Ponle otro.",
            ),
        ),
        same(["event_id", "captain_id"], "invitation_guests", ["event_id", "guest_id"]),
        one_of("shape", Shape, table="tables"),
        one_of("kind", TableKind, table="tables"),
        Index("ix_tables_event_id_captain_id", "event_id", "captain_id"),
        CheckConstraint(
            "capacity > 0",
            name="ck_tables_capacity",
            info=says("A table needs at least one seat.", "Una mesa necesita al menos un asiento."),
        ),
        IDS_ONCE,
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(120), default="")
    shape: Mapped[Shape] = mapped_column(String(20), default=Shape.ROUND)
    capacity: Mapped[int] = mapped_column(Integer)
    x: Mapped[int] = mapped_column(Integer, default=0)
    y: Mapped[int] = mapped_column(Integer, default=0)
    rotation: Mapped[int] = mapped_column(Integer, default=0)
    captain_id: Mapped[int | None]
    is_quiet: Mapped[bool] = mapped_column(Boolean, default=False)
    kind: Mapped[TableKind] = mapped_column(String(20), default=TableKind.OPEN)


class Seat(Base):
    """One chair. ``label`` is what stands on it; ``position`` its order around the table."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "table_id",
            "event_id",
            name="uq_seats_id_table_id_event_id",
            info=says("This seat exists already.", "Este asiento ya existe."),
        ),
        UniqueConstraint(
            "event_id",
            "table_id",
            "label",
            name="uq_seats_event_id_table_id_label",
            info=says(
                "There is already a seat with this label at the table.", "Ya hay un asiento con ese nombre en la mesa."
            ),
        ),
        same(["table_id", "event_id"], "tables", ["id", "event_id"]),
        one_of("category", Category, table="seats"),
        Index("ix_seats_table_id_event_id", "table_id", "event_id"),
        IDS_ONCE,
    )

    event_id: Mapped[int]
    table_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)
    category: Mapped[Category] = mapped_column(String(20), default=Category.REGULAR)
    step_free: Mapped[bool] = mapped_column(Boolean, default=False)
    x: Mapped[int] = mapped_column(Integer, default=0)
    y: Mapped[int] = mapped_column(Integer, default=0)


class GuestAssignment(Base):
    """A guest's place at the event; exists from the moment a member accepts.

    ``member_rsvp`` is a copy of the member's answer that the composite key
    keeps true (ON UPDATE CASCADE), so that the CHECK can see it: a member who
    has not accepted cannot hold a place, whoever writes.
    """

    __tablename__ = "guest_assignments"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "event_id",
            name="uq_guest_assignments_id_event_id",
            info=says("This place exists already.", "Este lugar ya existe."),
        ),
        UniqueConstraint(
            "id",
            "table_id",
            name="uq_guest_assignments_id_table_id",
            info=says("This place exists already.", "Este lugar ya existe."),
        ),
        Index(
            "uq_guest_assignments_member_id",
            "member_id",
            unique=True,
            info=says("{name} already has a place.", "{name} ya tiene lugar."),
        ),
        Index(
            "uq_guest_assignments_event_id_table_id_guest_id",
            "event_id",
            "table_id",
            "guest_id",
            unique=True,
            info=says("{name} already has a seat at this table.", "{name} ya tiene asiento en esta mesa."),
        ),
        Index(
            "uq_guest_assignments_organization_id_reference_code",
            "organization_id",
            "reference_code",
            unique=True,
            info=says(
                "That reference code is already in use. Try again.", "Ese código ya está en uso. Inténtalo otra vez."
            ),
        ),
        Index(
            "uq_guest_assignments_event_id_bidder_number",
            "event_id",
            "bidder_number",
            unique=True,
            info=says("That bidder number is already given out.", "Ese número de puja ya está asignado."),
        ),
        same(["event_id", "organization_id"], "events", ["id", "organization_id"]),
        same(["guest_id", "organization_id"], "guests", ["id", "organization_id"]),
        same(["table_id", "event_id"], "tables", ["id", "event_id"]),
        same(
            ["member_id", "event_id", "guest_id"],
            "invitation_guests",
            ["id", "event_id", "guest_id"],
            name="fk_guest_assignments_member",
        ),
        same(["member_id", "member_rsvp"], "invitation_guests", ["id", "rsvp"], onupdate="CASCADE"),
        CheckConstraint(
            "(member_id IS NULL AND member_rsvp IS NULL)"
            " OR (member_id IS NOT NULL AND member_rsvp IS NOT NULL AND member_rsvp = 'accepted')",
            name="ck_guest_assignments_member_accepted",
            info=says(
                "{name} has not said yes yet. Accept first, then pick a seat.",
                "{name} todavía no ha dicho que sí. Primero acepten, después elijan asiento.",
            ),
        ),
        Index("ix_guest_assignments_event_id_organization_id", "event_id", "organization_id"),
        Index("ix_guest_assignments_guest_id_organization_id", "guest_id", "organization_id"),
        Index("ix_guest_assignments_table_id_event_id", "table_id", "event_id"),
        Index("ix_guest_assignments_member_id_event_id_guest_id", "member_id", "event_id", "guest_id"),
        Index("ix_guest_assignments_member_id_member_rsvp", "member_id", "member_rsvp"),
        IDS_ONCE,
    )

    organization_id: Mapped[int]
    event_id: Mapped[int]
    table_id: Mapped[int | None]
    guest_id: Mapped[int]
    member_id: Mapped[int | None]
    member_rsvp: Mapped[str | None] = mapped_column(String(20))
    tier: Mapped[str | None] = mapped_column(String(80))
    reference_code: Mapped[str] = mapped_column(String(20))
    bidder_number: Mapped[int | None]
    display_name: Mapped[str] = mapped_column(String(200), default="")
    dietary: Mapped[str] = mapped_column(String(500), default="")


class SeatClaim(Base):
    """A seat that is held or taken: one row, one unique key, so that the two can never both win.

    ``taken_table_id`` repeats the table of a taken seat for the deferred key
    that makes the place agree with it at the end of the transaction.
    """

    __tablename__ = "seat_claims"
    __table_args__ = (
        Index(
            "uq_seat_claims_seat_id",
            "seat_id",
            unique=True,
            info=says(
                "That seat was just taken. Here is the map as it is now.",
                "Alguien acaba de tomar ese asiento. Este es el mapa como está ahora.",
            ),
        ),
        Index(
            "uq_seat_claims_assignment_id_state",
            "assignment_id",
            "state",
            unique=True,
            info=says(
                "{name} already has a seat. Pick another one to move.",
                "{name} ya tiene asiento. Elige otro para cambiarlo.",
            ),
        ),
        same(["seat_id", "table_id", "event_id"], "seats", ["id", "table_id", "event_id"]),
        same(["assignment_id", "event_id"], "guest_assignments", ["id", "event_id"]),
        same(
            ["assignment_id", "taken_table_id"],
            "guest_assignments",
            ["id", "table_id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        one_of("state", ClaimState, table="seat_claims"),
        CheckConstraint(
            "(state = 'held') = (held_until IS NOT NULL)",
            name="ck_seat_claims_held_until",
            info=says("A held seat needs an end.", "Un asiento apartado necesita un final."),
        ),
        CheckConstraint(
            "(state = 'taken' AND taken_table_id IS NOT NULL AND taken_table_id = table_id)"
            " OR (state = 'held' AND taken_table_id IS NULL)",
            name="ck_seat_claims_taken_table",
            info=says("A taken seat belongs to its table.", "Un asiento tomado pertenece a su mesa."),
        ),
        Index("ix_seat_claims_seat_id_table_id_event_id", "seat_id", "table_id", "event_id"),
        Index("ix_seat_claims_assignment_id_event_id", "assignment_id", "event_id"),
        Index("ix_seat_claims_assignment_id_taken_table_id", "assignment_id", "taken_table_id"),
        Index("ix_seat_claims_event_id_table_id", "event_id", "table_id"),
    )

    event_id: Mapped[int]
    table_id: Mapped[int]
    seat_id: Mapped[int]
    assignment_id: Mapped[int]
    state: Mapped[ClaimState] = mapped_column(String(20))
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_table_id: Mapped[int | None]
