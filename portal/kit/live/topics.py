"""Channels that only say what kind of thing has changed: the parts of the page that show it fetch themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.kit.live.hub import EVERYTHING
from portal.kit.live.listener import message

OVERLAP = timedelta(seconds=5)
"""A change is heard a little after it was made; so much is told again to whoever comes back."""

ANYTHING = "news"
"""The event that comes with every change, whatever it was."""


class Topics:
    """A named event for every topic, at most once a second.

    Args:
        last_change: when something changed last, before anybody listened.
    """

    pace = 1.0

    def __init__(self, last_change: Callable[[], datetime | None]) -> None:
        self._last_change = last_change
        self._known_since: datetime | None = None
        self._changed: dict[str, datetime] = {}
        self._news = b""

    def read(self, topics: frozenset[str], now: datetime) -> None:
        """Remember when each topic was heard of last."""
        if self._known_since is None:
            self._known_since = self._last_change() or datetime.min.replace(tzinfo=now.tzinfo)
        self._changed |= dict.fromkeys(topics, now)
        self._news = _events(topics, now)

    def news(self, _about: Any) -> bytes:
        """What was heard, to everybody alike."""
        return self._news

    def since(self, _about: Any, moment: datetime) -> bytes:
        """What was heard since; everything, if that is not known."""
        now = max([moment, *self._changed.values()])
        if self._known_since is None or moment - OVERLAP < self._known_since:
            return _events(frozenset({EVERYTHING}), now)
        missed = frozenset(topic for topic, at in self._changed.items() if at > moment - OVERLAP)
        return _events(missed, now) or message(at=now)


def _events(topics: frozenset[str], at: datetime) -> bytes:
    return b"".join(message(event=name, at=at) for name in [*sorted(topics), ANYTHING]) if topics else b""
