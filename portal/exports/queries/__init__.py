"""Nouns about what leaves the house."""

from __future__ import annotations

from typing import Any

from portal.events.rules import EventView
from portal.exports.queries.feeds import feeds_of
from portal.exports.queries.sheets import stock


def desk(event: EventView) -> dict[str, Any]:
    """What the page of everything that can be printed or followed shows; two statements."""
    return {"event": event, "stock": stock(event), "feeds": feeds_of(event)}
