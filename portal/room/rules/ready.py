"""Rooms that are ready to be picked: what many evenings look like."""

from __future__ import annotations

from dataclasses import dataclass

from portal.room.rules.laying import lay, read_parts
from portal.room.rules.layout import Landmark, Layout


@dataclass(frozen=True)
class ReadyRoom:
    """A room to begin with: its tables in words, and what stands in front of them.

    Attributes:
        key: how it is named in an address.
        words: what ``read_parts`` reads.
        marks: the landmarks, whose labels the page says in its language.
    """

    key: str
    words: str
    marks: tuple[Landmark, ...] = ()


STAGE = Landmark(1, "stage", 100, 6, 158, 52)
DANCE_FLOOR = Landmark(1, "dance floor", 104, 6, 150, 110)

READY = (
    ReadyRoom("supper", "8 round tables of 8", (DANCE_FLOOR,)),
    ReadyRoom("gala", "12 round tables of 10", (STAGE,)),
    ReadyRoom("feast", "6 long tables of 12"),
    ReadyRoom("hall", "rows A–N of 20", (STAGE,)),
    ReadyRoom("workshop", "4 long tables of 6", (Landmark(1, "screen", 110, 6, 138, 26),)),
    ReadyRoom("ball", "30 round tables of 10", (STAGE,)),
)


def laid_ready(room: ReadyRoom) -> Layout:
    """The room as it would stand on an empty floor."""
    return lay(Layout(), read_parts(room.words), room.marks)


def find_ready(key: str) -> ReadyRoom | None:
    """The room of this name."""
    return next((room for room in READY if room.key == key), None)
