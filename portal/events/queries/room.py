"""The room as the host sees it: how full each table is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.events.rules import EventView
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, SeatClaim, Table

WIDTH = 358
AROUND = 46
"""Free floor between a table's centre and the edge of the plan, in floor-plan units."""

MOST_ON_A_PLAN = 24


@dataclass(frozen=True)
class TableTally:
    """A table: its chairs, the seats that are taken, and everybody whose place is at it."""

    id: int
    name: str
    x: int
    y: int
    capacity: int
    taken: int
    guests: int

    @property
    def is_over(self) -> bool:
        """Whether more people have their place here than there are chairs."""
        return self.guests > self.capacity

    @property
    def filled(self) -> int:
        """What the ring shows: seats that are taken, or everybody if there are too many."""
        return self.guests if self.is_over else self.taken

    @property
    def share(self) -> float:
        """How much of the ring is closed, from 0 to 1."""
        return min(1.0, self.filled / self.capacity)


@dataclass(frozen=True)
class Room:
    """All tables and what else stands in the room, in floor-plan units."""

    tables: list[TableTally]
    landmarks: list[dict[str, Any]]

    @property
    def is_plan(self) -> bool:
        """Whether the tables still fit on a plan; a larger room is shown as a list of rings."""
        return len(self.tables) <= MOST_ON_A_PLAN

    @property
    def width(self) -> int:
        """The plan's width: the usual one, or more if something stands farther out."""
        return max([WIDTH, *(table.x + AROUND for table in self.tables)])

    @property
    def top(self) -> int:
        """Where the plan begins: at the highest table or landmark."""
        landmarks = [landmark["y"] - 4 for landmark in self.landmarks]
        return min([*(table.y - AROUND for table in self.tables), *landmarks], default=0)

    @property
    def bottom(self) -> int:
        """Where the plan ends: at the lowest table or landmark."""
        landmarks = [landmark["y"] + landmark["height"] + 4 for landmark in self.landmarks]
        return max([*(table.y + AROUND for table in self.tables), *landmarks], default=0)

    @property
    def over(self) -> list[TableTally]:
        """The tables with more people than chairs."""
        return [table for table in self.tables if table.is_over]

    @property
    def chairs(self) -> int:
        """All chairs of the room."""
        return sum(table.capacity for table in self.tables)

    @property
    def taken(self) -> int:
        """All seats that are taken."""
        return sum(table.taken for table in self.tables)


def room(event: EventView) -> Room:
    """The tables with their numbers, in the order they were laid; one statement.

    Counted table by table, each by an index: joined to both counts, PostgreSQL reads all seats for every table until
    it has statistics, which it gathers only a minute after a room has filled.
    """
    taken = (
        select(func.count())
        .where(
            SeatClaim.event_id == Table.event_id,
            SeatClaim.table_id == Table.id,
            SeatClaim.state == ClaimState.TAKEN,
        )
        .scalar_subquery()
    )
    guests = (
        select(func.count())
        .where(GuestAssignment.table_id == Table.id, GuestAssignment.event_id == Table.event_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Table.id, Table.name, Table.x, Table.y, Table.capacity, taken, guests)
        .where(Table.event_id == event.id)
        .order_by(Table.id)
    )
    return Room([TableTally(*row) for row in rows], event.landmarks)
