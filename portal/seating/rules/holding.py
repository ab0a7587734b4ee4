"""What a household held, has let go, and has lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from portal.events.rules import EventView
from portal.invitations.rules import MemberView, Viewer
from portal.seating.models import ClaimState

NEWS = timedelta(minutes=30)
"""How long after a hold ran out a page still begins with its loss."""


class Entry(Protocol):
    """A line of the activity log."""

    @property
    def verb(self) -> str:
        """What happened."""

    @property
    def detail(self) -> Mapping[str, Any]:
        """Names and values as they were."""


@dataclass(frozen=True)
class LostHold:
    """A seat that was held for a member who has none now."""

    member: MemberView
    seat_id: int


def lost_holds(viewer: Viewer, entries: Sequence[Entry]) -> list[LostHold]:
    """The holds that members had last, who have nothing now and gave nothing back themselves.

    Args:
        viewer: the household as it is now.
        entries: what it has done, the newest first.
    """
    bare = [member for member in viewer.standing if member.lapsed is None]
    found = [(member, _last_seat(member, entries)) for member in bare]
    return [LostHold(member, seat["seat_id"]) for member, seat in found if seat is not None]


def news_since(event: EventView, now: datetime) -> datetime:
    """After which moment a hold must have begun for its end to be news: whatever a household does begins them anew."""
    return now - timedelta(seconds=event.hold_seconds) - NEWS


def _last_seat(member: MemberView, entries: Sequence[Entry]) -> Mapping[str, Any] | None:
    """The seat of the newest entry about this member, if it was held and not given back."""
    for entry in entries:
        if member.id in entry.detail.get("member_ids", ()):
            return None
        for seat in entry.detail.get("seats", ()):
            if seat["member"] == member.id:
                held = seat.get("state") == ClaimState.HELD and entry.verb != "seat.released"
                return seat if held else None
    return None
