"""Seats and tables as values: what queries give and rules, pages and actions read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from portal.seating.models import Category, ClaimState, Shape


class SeatState(StrEnum):
    """What a seat is for one household; told apart by shape and words as well as by colour."""

    FREE = "free"
    MINE = "mine"
    MY_HOLD = "pick"
    HELD = "held"
    TAKEN = "taken"
    RESERVED = "resv"
    VIP = "vip"


@dataclass(frozen=True)
class SeatRow:
    """A seat and whoever has it at this moment (an expired hold has nobody)."""

    id: int
    table_id: int
    table: str
    label: str
    position: int
    category: str
    step_free: bool
    assignment_id: int | None
    state: str | None
    held_until: datetime | None = None

    def is_free_for(self, categories: Collection[str]) -> bool:
        """Whether a member who may take ``categories`` could take it now."""
        return self.assignment_id is None and self.category in categories


@dataclass(frozen=True)
class TableRow:
    """A table with its seats in their order.

    Attributes:
        plates: renderings of single seats, under all that they show; the table keeps them when another seat turns.
        made: what was made of the table as it is, for all who look at it alike.
    """

    id: int
    name: str
    slug: str
    note: str
    shape: str
    x: int
    y: int
    is_quiet: bool
    seats: tuple[SeatRow, ...]
    plates: dict[Any, str] = field(compare=False, repr=False, default_factory=dict)
    made: dict[Any, Any] = field(init=False, compare=False, repr=False, default_factory=dict)

    @property
    def is_round(self) -> bool:
        """Whether the last seat stands beside the first."""
        return self.shape == Shape.ROUND

    @property
    def is_step_free(self) -> bool:
        """Whether a seat here can be reached without a step."""
        return any(seat.step_free for seat in self.seats)

    def free(self, categories: Collection[str]) -> list[SeatRow]:
        """The seats here that a member who may take ``categories`` could take now."""
        return [seat for seat in self.seats if seat.is_free_for(categories)]


@dataclass(frozen=True)
class Look:
    """What of the room is looked at: one table, the cards, or the floor plan; through which filters; for whom.

    ``every`` shows all cards of a large room and not only the best ones.
    """

    table: str | None
    view: str
    member_id: int | None
    fits: bool
    step_free: bool
    quiet: bool
    every: bool = False

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The query string that looks the same way, but for ``changes``; what is not set is left out."""
        now: dict[str, Any] = {
            "table": self.table,
            "view": "plan" if self.view == "plan" else None,
            "for": self.member_id,
            "fits": 1 if self.fits else None,
            "step_free": 1 if self.step_free else None,
            "quiet": 1 if self.quiet else None,
            "all": 1 if self.every else None,
        }
        return {name: value for name, value in {**now, **changes}.items() if value is not None}

    def query(self, **changes: Any) -> str:
        """The same for a link that many share, without the table and the member; follows a ``?`` or ``&``."""
        shared = self.arguments(**{"table": None, "for": None, **changes})
        return urlencode(shared)

    @property
    def mine(self) -> str:
        """The part of the query that no other household has: for whom a seat is picked."""
        return f"for={self.member_id}" if self.member_id else ""


def open_categories(member_category: str) -> frozenset[str]:
    """The categories of seats that a member of this category may take; reserved ones are the host's to give."""
    if member_category == Category.VIP:
        return frozenset({Category.REGULAR, Category.VIP})
    return frozenset({Category.REGULAR})


def seat_state(seat: SeatRow, household: Collection[int], categories: Collection[str]) -> SeatState:
    """What ``seat`` is for a household.

    Args:
        seat: the seat as it is now.
        household: the places (assignment ids) of the household.
        categories: the seats the member may take for whom one is being picked.
    """
    if seat.assignment_id in household and seat.assignment_id is not None:
        return SeatState.MINE if seat.state == ClaimState.TAKEN else SeatState.MY_HOLD
    if seat.assignment_id is not None:
        return SeatState.TAKEN if seat.state == ClaimState.TAKEN else SeatState.HELD
    if seat.category in categories:
        return SeatState.FREE
    return SeatState.VIP if seat.category == Category.VIP else SeatState.RESERVED
