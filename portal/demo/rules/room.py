"""Where the tables of the sample event stand, and who has which seat."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.rules.people import HOUSEHOLDS
from portal.invitations.models import Rsvp
from portal.seating.models import Category
from portal.seating.rules.room import NewSeat, NewTable, floor_position


@dataclass(frozen=True)
class Sketch:
    """A table in one line: its note, and a letter for each seat.

    ``x`` somebody sits here, ``.`` free; ``V`` and ``v`` the same for VIP
    seats; ``r`` reserved.
    """

    name: str
    note: str
    seats: str
    is_quiet: bool = False
    step_free: bool = False

    @property
    def taken(self) -> list[str]:
        """The labels of the seats that somebody has, in order."""
        return [str(position + 1) for position, letter in enumerate(self.seats) if letter in "xV"]


TABLES = (
    Sketch("1", "beside the stage", "VVVVVVvvvv"),
    Sketch("2", "along the windows", "xxxx.xxx.x"),
    Sketch("3", "by the entrance", "xxxxxxxxxx", step_free=True),
    Sketch("4", "in front of the stage", "xxxxx.xxxx"),
    Sketch("5", "middle of the room", "xx.xxx.xx."),
    Sketch("6", "by the entrance", "xxxxxxxxxx", step_free=True),
    Sketch("7", "beside the stage", "vr.....xxx"),
    Sketch("8", "middle of the room", "xxxxxxxxxx"),
    Sketch("9", "near the bar", "....xxx..x"),
    Sketch("10", "beside the stage", "xxxxxxxxxx"),
    Sketch("11", "quiet corner", "xx....xx.x", is_quiet=True, step_free=True),
    Sketch("12", "near the bar", "xxxxxx...."),
)


def room() -> list[NewTable]:
    """The twelve tables as they stand on the floor."""
    return [_table(index, sketch) for index, sketch in enumerate(TABLES)]


def seating() -> dict[str, list[str]]:
    """The labels of the seats of each seated household: next to each other where the sketch allows it."""
    left = {sketch.name: sketch.taken for sketch in TABLES}
    plan = {}
    for household in HOUSEHOLDS:
        if household.table is not None:
            coming = sum(person.answer == Rsvp.ACCEPTED for person in household.members)
            plan[household.name], left[household.table] = left[household.table][:coming], left[household.table][coming:]
    return plan


def _table(index: int, sketch: Sketch) -> NewTable:
    categories = {"v": Category.VIP, "r": Category.RESERVED}
    x, y = floor_position(index)
    return NewTable(
        name=sketch.name,
        seats=tuple(
            NewSeat(str(position + 1), categories.get(letter.lower(), Category.REGULAR), sketch.step_free)
            for position, letter in enumerate(sketch.seats)
        ),
        note=sketch.note,
        is_quiet=sketch.is_quiet,
        x=x,
        y=y,
    )
