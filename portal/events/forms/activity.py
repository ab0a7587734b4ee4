"""What a host's request for the log may contain."""

from __future__ import annotations

import re

from flask import request

from portal.events.forms.life import LARGEST_ID, read_before
from portal.events.queries.activity import GUESTS, Kind, Search
from portal.kit.text import tidy

ACTOR = re.compile(r"user:[0-9]{1,10}|system")


def read_search() -> Search:
    """What the address asks for; a filter nobody offers shows everything, a number that is none counts as absent."""
    kind, actor = request.args.get("kind", ""), request.args.get("actor", "")
    table_id = request.args.get("table", type=int)
    return Search(
        words=tidy(request.args.get("q", ""))[:100],
        table_id=table_id if table_id is not None and 0 < table_id <= LARGEST_ID else None,
        actor=actor if actor == GUESTS or ACTOR.fullmatch(actor) else "",
        kind=Kind(kind) if kind in set(Kind) else Kind.ALL,
        before=read_before(),
    )
