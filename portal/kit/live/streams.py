"""Opening a stream: who may, how many, and the headers that let it flow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from portal.kit import clock
from portal.kit.live.ears import Ears
from portal.kit.live.hub import Hub, Source
from portal.kit.live.listener import Listener
from portal.kit.live.slots import Slots

RETRY_AFTER = 30
"""Seconds after which whoever was refused may ask again; until then the page polls."""


class Streams:
    """The streams of this process, and what limits them."""

    def __init__(self, app: Flask, ears: Ears) -> None:
        self.hub = Hub(app, ears)
        self._ears = ears
        self._per_address = int(app.config.get("STREAMS_PER_ADDRESS", 500))
        place = app.config["SQLALCHEMY_DATABASE_URI"]
        self._owners, self._addresses = Slots(f"{place} owners"), Slots(f"{place} addresses")

    def open(
        self, kind: str, event_id: int, source: Callable[[], Source], about: Any, *, owner: str, most: int
    ) -> Response:
        """As ``live.stream`` says."""
        if not self._ears.listens:
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        listener = Listener(about, request.environ.get("gunicorn.socket"))
        for slots, name, limit in (
            (self._owners, owner, most),
            (self._addresses, request.remote_addr or "", self._per_address),
        ):
            self._take(listener, slots, name, limit)
        self.hub.join(kind, event_id, source, listener, seen=_seen())
        return Response(listener, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})

    def _take(self, listener: Listener, slots: Slots, name: str, limit: int) -> None:
        slot = slots.find(name, limit)
        if slot is None and self.hub.let_go():
            slot = slots.find(name, limit)
        if slot is None:
            listener.close()
            raise TooManyRequests(retry_after=RETRY_AFTER)
        listener.on_leave(lambda: slots.free(slot))


def _seen() -> datetime:
    """The moment that the page shows: as the last message said, or as the page was written; by default, now."""
    try:
        told = float(request.headers.get("Last-Event-ID") or request.args.get("since", ""))
        return min(datetime.fromtimestamp(told, UTC), clock.now())
    except (ValueError, OverflowError, OSError):
        return clock.now()
