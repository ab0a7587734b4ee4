"""A room as values: its tables with their seats, and what else stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.seating.models import Category, Shape

WIDTH = 358
"""How wide every floor plan is, in its units; it is as high as it needs to be."""

AROUND = 37
"""From the centre of a table to the edge of the floor it needs, in floor-plan units."""

DEEPEST = 20_000
"""How far down a table may stand: enough for many hundreds of tables."""

MOST_TABLES = 600
MOST_SEATS = 100
MOST_LANDMARKS = 40
LONGEST_NAME, LONGEST_NOTE, LONGEST_LABEL, LONGEST_MARK = 80, 120, 20, 40


@dataclass(frozen=True)
class DraftSeat:
    """A chair: the seat it is already, or one that will be made (no id)."""

    label: str
    id: int | None = None
    category: str = Category.REGULAR
    step_free: bool = False


@dataclass(frozen=True)
class DraftTable:
    """A table as it shall be; one that is not published yet has a negative id, which is its own in this draft."""

    id: int
    name: str
    seats: tuple[DraftSeat, ...]
    shape: str = Shape.ROUND
    x: int = AROUND
    y: int = AROUND
    rotation: int = 0
    note: str = ""
    is_quiet: bool = False
    captain_id: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether guests have not seen it yet."""
        return self.id < 0

    @property
    def seat_ids(self) -> set[int]:
        """The seats that stand here already."""
        return {seat.id for seat in self.seats if seat.id is not None}


@dataclass(frozen=True)
class Landmark:
    """What else stands in the room; ``x`` and ``y`` are its upper left corner, in floor-plan units."""

    id: int
    label: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """A whole room.

    Attributes:
        tables: by their ids; the published ones first, in the order they were laid.
        landmarks: by their ids.
        known: the published tables that whoever made this layout had before them; of these, one that is missing
            shall be removed, and any other is there to stay.
    """

    tables: Mapping[int, DraftTable] = field(default_factory=dict)
    landmarks: Mapping[int, Landmark] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    @property
    def seats(self) -> int:
        """How many chairs there are."""
        return sum(len(table.seats) for table in self.tables.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here at all."""
        return not self.tables and not self.landmarks

    def with_tables(self, tables: Iterable[DraftTable]) -> Layout:
        """The room with these tables put in, or in the place of those with their ids."""
        merged = {**self.tables, **{table.id: table for table in tables}}
        return replace(self, tables={each: merged[each] for each in sorted(merged, key=_order)})

    def without_table(self, table_id: int) -> Layout:
        """The room without a table."""
        return replace(self, tables={each: table for each, table in self.tables.items() if each != table_id})

    def with_landmark(self, landmark: Landmark) -> Layout:
        """The room with a landmark put in, or in the place of the one with its id."""
        return replace(self, landmarks=dict(sorted({**self.landmarks, landmark.id: landmark}.items())))

    def without_landmark(self, landmark_id: int) -> Layout:
        """The room without a landmark."""
        return replace(self, landmarks={each: mark for each, mark in self.landmarks.items() if each != landmark_id})

    def next_table_id(self) -> int:
        """The id of a table that is new."""
        return min([0, *self.tables]) - 1

    def next_landmark_id(self) -> int:
        """The id of a landmark that is new."""
        return max([0, *self.landmarks]) + 1


def _order(table_id: int) -> tuple[bool, int]:
    return table_id < 0, abs(table_id)


def landmarks_of(settings: Iterable[Mapping[str, Any]]) -> dict[int, Landmark]:
    """The landmarks as the event's settings have them, numbered in their order."""
    return {
        number: Landmark(number, str(mark["label"]), *(int(mark[side]) for side in ("x", "y", "width", "height")))
        for number, mark in enumerate(settings, start=1)
    }


def landmark_settings(landmarks: Mapping[int, Landmark]) -> list[dict[str, Any]]:
    """The landmarks as the event's settings have them."""
    return [
        {"label": mark.label, "x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height}
        for mark in landmarks.values()
    ]


def table_document(table: DraftTable) -> dict[str, Any]:
    """A table as it is stored."""
    return {
        "name": table.name,
        "shape": str(table.shape),
        "x": table.x,
        "y": table.y,
        "rotation": table.rotation,
        "note": table.note,
        "quiet": table.is_quiet,
        "captain": table.captain_id,
        "seats": [[seat.id, seat.label, str(seat.category), seat.step_free] for seat in table.seats],
    }


def table_of(table_id: int, stored: Mapping[str, Any]) -> DraftTable:
    """A table from what was stored."""
    return DraftTable(
        id=table_id,
        name=stored["name"],
        seats=tuple(DraftSeat(label, seat, category, free) for seat, label, category, free in stored["seats"]),
        shape=stored["shape"],
        x=stored["x"],
        y=stored["y"],
        rotation=stored["rotation"],
        note=stored["note"],
        is_quiet=stored["quiet"],
        captain_id=stored["captain"],
    )


def landmark_document(mark: Landmark) -> dict[str, Any]:
    """A landmark as it is stored."""
    return {"label": mark.label, "x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height}


def document_of(layout: Layout) -> dict[str, Any]:
    """A layout as it is stored."""
    return {
        "known": sorted(layout.known),
        "tables": {str(each): table_document(table) for each, table in layout.tables.items()},
        "landmarks": {str(each): landmark_document(mark) for each, mark in layout.landmarks.items()},
    }


def layout_of(document: Mapping[str, Any], published: Layout) -> Layout:
    """The layout that was stored, beside the room as it is published.

    A table that was laid by other ways since the draft was begun is there too;
    a draft without a document is the published room.
    """
    if not document:
        return published
    known = frozenset(document["known"])
    tables = [table_of(int(each), stored) for each, stored in document["tables"].items()]
    later = [table for each, table in published.tables.items() if each not in known]
    landmarks = {int(each): Landmark(int(each), **stored) for each, stored in document["landmarks"].items()}
    return Layout({}, dict(sorted(landmarks.items())), known | {table.id for table in later}).with_tables(
        tables + later
    )


def patch_between(one: Layout, other: Layout) -> dict[str, Any]:
    """What of ``one`` is not in ``other``: the step back from the one to the other, in what is stored."""
    stored, against = document_of(one), document_of(other)
    changed: dict[str, Any] = {}
    for kind in ("tables", "landmarks"):
        keys = {key for key in {**stored[kind], **against[kind]} if stored[kind].get(key) != against[kind].get(key)}
        changed[kind] = {key: stored[kind].get(key) for key in sorted(keys)}
    return changed


def patched(layout: Layout, patch: Mapping[str, Any]) -> Layout:
    """The layout with what a step holds put in the place of what there is."""
    for each, stored in patch["tables"].items():
        one = int(each)
        layout = layout.with_tables([table_of(one, stored)]) if stored else layout.without_table(one)
    for each, stored in patch["landmarks"].items():
        one = int(each)
        layout = layout.with_landmark(Landmark(one, **stored)) if stored else layout.without_landmark(one)
    return layout
