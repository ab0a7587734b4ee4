"""Laying the room: tables and their seats in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from portal.audit.actions import record
from portal.kit.database import action, explain
from portal.kit.schema import db
from portal.kit.text import slugify
from portal.seating.models import Seat, Table
from portal.seating.rules.room import NewTable


@action
def add_tables(
    *, organization_id: int, event_id: int, tables: Sequence[NewTable], actor: str, now: datetime
) -> list[int]:
    """Put tables with their seats into the room, all or none.

    Returns:
        The ids of the tables, in order.

    Raises:
        Conflict: a table of that name is already there.
    """
    ids = []
    for table in tables:
        explain(name=table.name)
        table_id = db.session.execute(
            insert(Table)
            .values(
                event_id=event_id,
                name=table.name,
                slug=slugify(table.name),
                note=table.note,
                shape=table.shape,
                capacity=len(table.seats),
                x=table.x,
                y=table.y,
                is_quiet=table.is_quiet,
            )
            .returning(Table.id)
        ).scalar_one()
        db.session.execute(
            insert(Seat),
            [
                {
                    "event_id": event_id,
                    "table_id": table_id,
                    "label": seat.label,
                    "position": position,
                    "category": seat.category,
                    "step_free": seat.step_free,
                }
                for position, seat in enumerate(table.seats)
            ],
        )
        ids.append(table_id)
    record(
        "tables.added",
        organization_id=organization_id,
        event_id=event_id,
        actor=actor,
        subject=f"event:{event_id}",
        now=now,
        detail={"tables": [table.name for table in tables], "seats": sum(len(table.seats) for table in tables)},
    )
    return ids
