"""Decisions about the addresses that a spreadsheet follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.exports.models import Kind
from portal.kit.conflicts import rule

PURPOSE = "feed"
"""What the code in such an address is signed for."""

LONGEST_NAME = 80
MOST_FEEDS = 20

TOO_MANY_FEEDS = rule(
    "too_many_feeds",
    "An event can have 20 such addresses. Withdraw one that nobody needs any more, then make another.",
    "Un evento puede tener 20 de estas direcciones. Retira una que ya nadie necesite y luego crea otra.",
)


@dataclass(frozen=True)
class FeedView:
    """An address that works, as its hosts see it."""

    id: int
    kind: Kind
    name: str
    path: str
    made_by: str
    made_at: datetime
