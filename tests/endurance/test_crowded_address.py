"""A whole venue sits behind one address and asks for streams: so many are had, the others ask now and then."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from functools import partial

from tests.cast import Family
from tests.endurance.conftest import IS_LONG, Figures, Watched
from tests.endurance.streams import Stream, listening
from tests.patience import wait_for
from tests.races.server import Phone, at_once

HOUSEHOLDS, STREAMS_EACH = (200, 5) if IS_LONG else (4, 10)
PER_INVITATION, PER_ADDRESS = 6, 500
HAD = min(HOUSEHOLDS * min(STREAMS_EACH, PER_INVITATION), PER_ADDRESS)
"""How many streams there are then."""

MOST_EACH = 30
"""Kilobytes that a stream may take, the figure to reach of docs/performance.md; a few streams say nothing of one."""

ADDRESS = "198.18.0.1"
PAGES = 40 if IS_LONG else 3


def answered(streams: list[Stream]) -> Counter[bytes]:
    """How each request for a stream was answered, as far as it was."""
    return Counter(stream.beginning[9:12] for stream in streams if len(stream.beginning) > 12)


def open_pages(phone: Phone, family: Family) -> list[float]:
    """Open the map again and again; says how long each took."""
    waits = []
    for _ in range(PAGES):
        began = time.monotonic()
        assert phone.get(family.path("/seats/map")).status == 200
        waits.append(time.monotonic() - began)
    return waits


def test_one_address_has_so_many_streams_and_everybody_has_pages(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("crowded", invitations=HOUSEHOLDS, members=1, tables=1, seats=4)
    phones = [venue.phone(htmx=False) for _ in range(4)]
    phones[0].address = ADDRESS
    visits = [partial(open_pages, phone, family) for phone, family in zip(phones, cast.families, strict=False)]
    port, half = venue.server.port, HOUSEHOLDS // 2
    with listening(port, cast.families[: half // 2], STREAMS_EACH, address=ADDRESS) as first:
        wait_for(lambda: answered(first).total() == len(first), "somebody was not answered")
        at_once(visits)  # what a process makes once is made by now
        before = venue.memory()
        with listening(port, cast.families[half // 2 : half], STREAMS_EACH, address=ADDRESS) as more:
            wait_for(lambda: answered(more).total() == len(more), "somebody was not answered")
            each = (venue.memory() - before) * 1000 / answered(more)[b"200"]
            with listening(port, cast.families[half:], STREAMS_EACH, address=ADDRESS) as late:
                wait_for(lambda: answered(late).total() == len(late), "somebody was not answered")
                had = answered([*first, *more, *late])
                assert had == {b"200": HAD, b"429": HOUSEHOLDS * STREAMS_EACH - HAD}
                waits = [wait for visit in at_once(visits) for wait in visit]
    figures.milliseconds("95 of 100 maps meanwhile", statistics.quantiles(waits, n=20)[-1], at_most=100)
    figures.note(f"{HAD} of {had.total()} streams were had, {each:.1f} KB each (at most {MOST_EACH})")
    assert not IS_LONG or each <= MOST_EACH
