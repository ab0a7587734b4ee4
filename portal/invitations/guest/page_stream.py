"""What the stream of an invitation's page carries: that the page is to look again, to the households it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.events.rules import EventView
from portal.invitations.queries import get_viewer, is_revoked
from portal.invitations.queries.standing import mark_of, standing_of_all
from portal.kit import clock
from portal.kit.live import message
from portal.kit.live.hub import EVERYTHING

EVERYBODY = frozenset({"events", "rooms", "sessions", EVERYTHING})
"""Topics of what stands on every page."""

AGAIN = "again"
"""The mark of no page: whoever hears it looks again."""


@dataclass(frozen=True)
class Reader:
    """A listener: whose page is open."""

    invitation_id: int
    token: str


class InvitationSource:
    """How the households of an event stand: one that stands otherwise is told the mark its page has now."""

    pace = 1.0

    def __init__(self, event: EventView) -> None:
        self._event_id = event.id
        self._standing: dict[int, int] = {}
        self._changed: set[int] = set()
        self._is_for_all = False

    def read(self, topics: frozenset[str], _now: datetime) -> None:
        """Compare how the households stand with how they stood before."""
        before, self._standing = self._standing, standing_of_all(self._event_id)
        stood = before.keys() | self._standing.keys()
        self._changed = {each for each in stood if before.get(each) != self._standing.get(each)}
        self._is_for_all = bool(topics & EVERYBODY)

    def news(self, about: Reader) -> bytes:
        """Nothing, the mark of the household's page, or that everybody is to look again."""
        if self._is_for_all:
            return message(AGAIN, event="ours", at=clock.now())
        return self.since(about, clock.now()) if about.invitation_id in self._changed else b""

    def since(self, about: Reader, _moment: datetime) -> bytes:
        """The mark that the page has now; one that shows it has missed nothing."""
        now = clock.now()
        try:
            mark = AGAIN if is_revoked(about.invitation_id) else mark_of(get_viewer(about.token, now), now)
        except LookupError:
            mark = AGAIN
        return message(mark, event="ours", at=now)
