"""Everybody in this process who listens to an event, and what they are told: read once, written in turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog
from flask import Flask

from portal.kit import clock
from portal.kit.live.ears import Ears
from portal.kit.live.listener import Listener, message

log = structlog.get_logger()

AT_ONCE, BREATH = 100, 0.004
"""So many are written to, then pages have this many seconds to be answered."""

CHECK = 2.0
"""Seconds between two looks for listeners who have hung up."""

SILENCE = 20.0
"""Seconds between two heartbeats."""

NEVER = float("inf")


class Source(Protocol):
    """What a channel tells; asked by one thread at a time, inside an application context.

    Attributes:
        pace: seconds between two tellings; what is heard meanwhile is told together.
    """

    pace: float

    def read(self, topics: frozenset[str], now: datetime) -> datetime | None:
        """Take in the world as it is now; when it will change by itself, if it will.

        Args:
            topics: what was heard since the last reading; empty for the first and
                for a change without a word, ``EVERYTHING`` if anything may be new.
            now: when.
        """

    def news(self, about: Any) -> bytes:
        """What the last reading found, for a listener of this kind; nothing for nothing."""

    def since(self, about: Any, moment: datetime) -> bytes:
        """What a listener missed who saw the world as it was at ``moment``; at least from when on it is told."""


EVERYTHING = "everything"
"""The topic of not knowing what has changed."""


class Channel:
    """The listeners of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.listeners: set[Listener] = set()
        self.newcomers: list[tuple[Listener, datetime]] = []
        self.topics: set[str] = set()
        self.until: datetime | None = None
        self.is_read = False
        self.rests_until = 0.0

    def waits(self, now: datetime) -> float:
        """Seconds until there is something to do."""
        if self.newcomers:
            return 0.0
        rest = self.rests_until - time.monotonic()
        if self.topics:
            return max(0.0, rest)
        return max(0.0, rest, (self.until - now).total_seconds()) if self.until else NEVER


class Hub:
    """One thread a process that reads and tells; it begins with the first listener."""

    def __init__(self, app: Flask, ears: Ears) -> None:
        self._app = app
        self._ears = ears
        self._channels: dict[tuple[str, int], Channel] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._checked = self._beaten = time.monotonic()
        ears.want(self._hear)

    @property
    def listeners(self) -> list[Listener]:
        """Everybody who listens now."""
        with self._lock:
            return [listener for channel in self._channels.values() for listener in channel.listeners]

    def join(
        self, kind: str, event_id: int, source: Callable[[], Source], listener: Listener, *, seen: datetime
    ) -> None:
        """Tell ``listener`` from now on, beginning with what has changed since it looked last.

        Args:
            kind: the name of the channel among those of the event.
            event_id: the event that is listened to.
            source: makes what the channel tells, for the first of its listeners.
            listener: who.
            seen: the moment that the listener's page shows.
        """
        key = kind, event_id
        listener.on_leave(lambda: self._leave(key, listener))
        with self._lock:
            channel = self._channels.get(key)
            if channel is None:
                channel = self._channels[key] = Channel(source())
            channel.listeners.add(listener)
            channel.newcomers.append((listener, seen))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        self._wake.set()

    def let_go(self) -> bool:
        """End the streams of those who have hung up; whether there were any."""
        gone = [listener for listener in self.listeners if listener.has_hung_up()]
        for listener in gone:
            listener.close()
        return bool(gone)

    def close(self) -> None:
        """Wait until everybody has been sent home, once this process listens no more."""
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _leave(self, key: tuple[str, int], listener: Listener) -> None:
        with self._lock:
            channel = self._channels.get(key)
            if channel is not None:
                channel.listeners.discard(listener)
                if not channel.listeners:
                    del self._channels[key]

    def _hear(self, event_id: int | None, topic: str) -> None:
        with self._lock:
            for (_kind, of), channel in self._channels.items():
                if event_id in {of, None}:
                    channel.topics.add(topic or EVERYTHING)
        self._wake.set()

    def _run(self) -> None:
        while not self._ears.closed.is_set():
            with self._lock:
                channels = list(self._channels.values())
            now = clock.now()
            self._wake.wait(min([CHECK, *(channel.waits(now) for channel in channels)]))
            self._wake.clear()
            for channel in channels:
                if channel.waits(clock.now()) <= 0:
                    self._serve(channel)
            self._look_after()
        for listener in self.listeners:
            listener.close()

    def _serve(self, channel: Channel) -> None:
        """One turn of a channel; listeners of one that fails are sent away, and come back to a new one."""
        try:
            with self._app.app_context():
                self._tell(channel)
        except Exception:
            log.exception("live")
            for listener in list(channel.listeners):
                listener.close()

    def _tell(self, channel: Channel) -> None:
        with self._lock:
            newcomers, channel.newcomers = channel.newcomers, []
            is_due = bool(channel.topics) or (channel.until is not None and channel.until <= clock.now())
            topics = frozenset(channel.topics)
            if is_due or not channel.is_read:
                channel.topics.clear()
        if is_due or not channel.is_read:
            channel.until = channel.source.read(topics, clock.now())
            channel.rests_until = time.monotonic() + channel.source.pace
        known = channel.listeners.difference(listener for listener, _seen in newcomers)
        if is_due and channel.is_read:
            _write([(listener, channel.source.news(listener.about)) for listener in known])
        channel.is_read = True
        _write([(listener, channel.source.since(listener.about, seen)) for listener, seen in newcomers])

    def _look_after(self) -> None:
        """Now and then: let go of whoever hung up, and keep the lines of the others warm."""
        now = time.monotonic()
        if now - self._checked >= CHECK:
            self._checked = now
            self.let_go()
        if now - self._beaten >= SILENCE:
            self._beaten = now
            heartbeat = message(event="beat", at=clock.now())
            _write([(listener, heartbeat) for listener in self.listeners])


def _write(messages: Sequence[tuple[Listener, bytes]]) -> None:
    for number, (listener, words) in enumerate(messages, start=1):
        if words:
            listener.put(words)
        if number % AT_ONCE == 0:
            time.sleep(BREATH)
