"""The draft of a room as it is now, beside the room that guests see."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import select

from portal.audit.queries import latest_entries
from portal.events.models import Event
from portal.events.rules import EventView
from portal.kit.schema import db
from portal.room.models import RoomDraft, RoomStep
from portal.room.rules.layout import DraftSeat, DraftTable, Layout, landmarks_of, layout_of
from portal.room.rules.publishing import Difference, difference
from portal.seating.models import Seat, Table

DEEDS = ("laid", "moved", "changed", "copied", "added", "removed", "undone", "redone", "discarded", "imported")
"""What is done to a draft; each is an entry ``draft.<deed>`` in the log."""

MOST_TOLD = 20
"""So many changes of others are told of; whoever was away longer looks at the room itself."""


@dataclass(frozen=True)
class Step:
    """A change that can be undone or redone: what was done, and to what."""

    number: int
    deed: str
    names: list[str]


@dataclass(frozen=True)
class Draft:
    """The draft of an event's room.

    Attributes:
        id: of its row; None before the first change.
        version: what every change of it has to name.
        layout: the room as it shall be.
        published: the room as guests see it.
        undo: what was done last.
        redo: what was undone last.
    """

    id: int | None
    version: int
    layout: Layout
    published: Layout
    undo: Step | None = None
    redo: Step | None = None

    @property
    def difference(self) -> Difference:
        """What publishing would change."""
        return difference(self.layout, self.published)


@dataclass(frozen=True)
class Told:
    """What somebody did to the draft, for those who were not there."""

    actor: str
    deed: str
    names: list[str]


def published_layout(event_id: int) -> Layout:
    """The room as guests see it; two statements, however large it is: tables and seats are of one moment."""
    rows = db.session.execute(
        select(
            Table.id, Table.name, Table.shape, Table.x, Table.y, Table.rotation, Table.note, Table.is_quiet,
            Table.captain_id, Seat.label, Seat.id, Seat.category, Seat.step_free,
        )
        .outerjoin(Seat, Seat.table_id == Table.id)
        .where(Table.event_id == event_id)
        .order_by(Table.id, Seat.position, Seat.id)
    )  # fmt: skip
    tables = {}
    for (table_id, name, *others), those in groupby(rows, itemgetter(slice(0, 9))):
        seats = tuple(DraftSeat(*row[9:]) for row in those if row[10] is not None)
        tables[table_id] = DraftTable(table_id, name, seats, *others)
    settings = db.session.scalar(select(Event.settings).where(Event.id == event_id)) or {}
    return Layout(tables, landmarks_of(settings.get("landmarks", [])), frozenset(tables))


def get_draft(event_id: int) -> Draft:
    """The draft as it is now, whether or not anybody has begun one."""
    published = published_layout(event_id)
    columns = RoomDraft.id, RoomDraft.version, RoomDraft.step, RoomDraft.document
    row = db.session.execute(select(*columns).where(RoomDraft.event_id == event_id)).first()
    if row is None:
        return Draft(None, 0, published, published)
    near = select(RoomStep.number, RoomStep.deed, RoomStep.names).where(
        RoomStep.draft_id == row.id, RoomStep.number.in_([row.step, row.step + 1])
    )
    steps = {step.number: Step(*step) for step in db.session.execute(near)}
    layout = layout_of(row.document, published)
    return Draft(row.id, row.version, layout, published, steps.get(row.step), steps.get(row.step + 1))


def changes_since(event: EventView, version: int) -> list[Told]:
    """What was done to the draft after this version, the latest first."""
    verbs = [*(f"draft.{deed}" for deed in DEEDS), "room.published"]
    entries = latest_entries(event.id, organization_id=event.organization_id, verbs=verbs, limit=MOST_TOLD)
    return [
        Told(entry.actor, entry.verb.partition(".")[2], list(entry.detail.get("names", [])))
        for entry in entries
        if entry.detail.get("version", 0) > version
    ]
