"""What has changed in a room, and who looks at it in which way."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.invitations.rules import SeatView, Viewer
from portal.seating.rules.cards import chosen_member, shared_categories, to_be_seated
from portal.seating.rules.views import Look, SeatRow, TableRow, open_categories

OVERLAP = timedelta(seconds=5)
"""A change is heard a little after it was made, and clocks differ; so much is told again."""

MEMORY = timedelta(minutes=5)
"""How long it is remembered which seats changed; whoever was away longer fetches the map."""


@dataclass(frozen=True)
class Glance:
    """How the room looks to somebody; all who share it get the same bytes.

    Attributes:
        language: ``en`` or ``es``.
        table: the slug of the one table they look at.
        is_plan: whether they see the floor plan instead of the cards.
        people: how many they are to be seated.
        categories: the seats that all of these may take.
        open_to: the seats of whom a seat is being picked for; empty if there is nobody.
    """

    language: str
    table: str | None
    is_plan: bool
    people: int
    categories: frozenset[str]
    open_to: frozenset[str]


def glance(viewer: Viewer, look: Look, language: str) -> Glance:
    """How the room looks to a household."""
    people, chosen = to_be_seated(viewer), chosen_member(viewer, look)
    categories = shared_categories(people)
    open_to = open_categories(chosen.seat_category) if chosen else frozenset[str]()
    return Glance(language, look.table, look.view == "plan", len(people), categories, open_to)


@dataclass(frozen=True)
class Change:
    """Seats that turned, with their tables, and the households that had or have one of them, or keep it longer."""

    at: datetime
    seats: frozenset[int] = frozenset()
    tables: frozenset[int] = frozenset()
    households: frozenset[int] = frozenset()


def change_between(
    before: Sequence[TableRow], after: Sequence[TableRow], households: Mapping[int, int], at: datetime
) -> Change | None:
    """What changed between two looks at a room; None if it was furnished anew, or described otherwise.

    Args:
        before: the room then.
        after: the room now.
        households: whose the places are that had or have a seat.
        at: now.
    """
    if len(before) != len(after):
        return None
    moved = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    if any(_furniture(one) != _furniture(other) for one, other in moved):
        return None
    pairs = [(old, new) for one, other in moved for old, new in zip(one.seats, other.seats, strict=True) if old != new]
    turned = [new for old, new in pairs if (old.assignment_id, old.state) != (new.assignment_id, new.state)]
    places = {row.assignment_id for pair in pairs for row in pair if row.assignment_id is not None}
    return Change(
        at,
        seats=frozenset(seat.id for seat in turned),
        tables=frozenset(seat.table_id for seat in turned),
        households=frozenset(households[place] for place in places if place in households),
    )


class Memory:
    """The changes of the last minutes.

    Args:
        complete_since: from when on every change is in it.
    """

    def __init__(self, complete_since: datetime) -> None:
        self._complete_since = complete_since
        self._changes: deque[Change] = deque()

    def add(self, change: Change) -> None:
        """Remember a change, and forget what is too long ago."""
        if change.seats or change.households:
            self._changes.append(change)
        while self._changes and self._changes[0].at < change.at - MEMORY:
            self._complete_since = self._changes.popleft().at

    def forget(self, now: datetime) -> None:
        """What was before cannot be told by seats any more."""
        self._complete_since = now
        self._changes.clear()

    def since(self, moment: datetime, now: datetime) -> Change | None:
        """All that changed since, a little more rather than less; None if that is not known any more."""
        if moment - OVERLAP < self._complete_since:
            return None
        missed = [change for change in self._changes if change.at > moment - OVERLAP]
        return Change(
            now,
            seats=frozenset(seat for change in missed for seat in change.seats),
            tables=frozenset(table for change in missed for table in change.tables),
            households=frozenset(household for change in missed for household in change.households),
        )


def mark_of(seats: Iterable[SeatRow | SeatView]) -> str:
    """A few characters that change with the seats and holds of a household: a page that has them is up to date."""
    told = sorted((seat.id, str(seat.state), str(seat.held_until)) for seat in seats)
    return f"{zlib.crc32(repr(told).encode()):08x}"


def _furniture(table: TableRow) -> tuple[object, ...]:
    """What of a table does not depend on who sits there."""
    bare = [replace(seat, assignment_id=None, state=None, held_until=None) for seat in table.seats]
    return replace(table, seats=()), *bare
