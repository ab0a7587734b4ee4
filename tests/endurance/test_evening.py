"""An evening in small: people browse, pick and listen, all at the same time, and the server stays as it was."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.cast import Family
from tests.endurance.conftest import IS_LONG, Figures, Watched
from tests.endurance.households import at_home, check_kept, trouble_of
from tests.endurance.streams import listening
from tests.patience import wait_for
from tests.races.server import PATIENCE, Phone

HOUSEHOLDS, BROWSERS, PICKERS, STREAMS_EACH = (100, 200, 50, 5) if IS_LONG else (10, 20, 5, 5)
SECONDS = 600 if IS_LONG else 2
PAUSES = (1.5, 4.5) if IS_LONG else (0.1, 0.5)
"""Seconds in which a person looks at what they got."""

P95 = 300
"""Milliseconds that 95 of 100 answers may take at most."""

PAGES = ("", "/seats", "/seats?table=1", "/seats/map", "/seats?view=plan")


@dataclass
class Browser:
    """Somebody who looks at one page after another."""

    phone: Phone
    family: Family
    told: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def live(self, is_over: threading.Event) -> None:
        """Look and look again."""
        while not is_over.wait(random.uniform(*PAUSES)):
            asked = time.monotonic()
            self.told[self.phone.get(self.family.path(random.choice(PAGES))).status] += 1
            self.waits.append(time.monotonic() - asked)


@contextmanager
def browsing(venue: Watched, families: Sequence[Family]) -> Iterator[list[Browser]]:
    """They look around until the block ends."""
    browsers = [Browser(venue.phone(htmx=False), families[number % len(families)]) for number in range(BROWSERS)]
    is_over = threading.Event()
    threads = [threading.Thread(target=browser.live, args=(is_over,), daemon=True) for browser in browsers]
    for thread in threads:
        thread.start()
    try:
        yield browsers
    finally:
        is_over.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "nobody hangs"


def test_people_browse_pick_and_listen_at_the_same_time(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("evening", invitations=HOUSEHOLDS, members=4, tables=HOUSEHOLDS // 2, seats=10)
    port, workers = venue.server.port, venue.workers()
    with (
        listening(port, cast.families, STREAMS_EACH) as streams,
        browsing(venue, cast.families) as browsers,
        at_home(venue, cast, number=PICKERS, pauses=PAUSES) as households,
    ):
        time.sleep(SECONDS / 5)  # the evening's first part, no result is waited for: what is made once is made by then
        before = venue.memory()
        time.sleep(SECONDS * 4 / 5)
        wait_for(lambda: all(stream.told for stream in streams), "some stream was told nothing")
        after = venue.memory()
    statuses = sum((browser.told for browser in browsers), Counter[int]())
    assert set(statuses) == {200}, statuses
    assert {stream.beginning[:12] for stream in streams} == {b"HTTP/1.1 200"}
    assert not any(stream.has_ended for stream in streams), "a stream was given up"
    assert trouble_of(households) == []
    assert venue.workers() == workers
    check_kept(cast, households)
    waits = [wait for browser in browsers for wait in browser.waits]
    waits += [wait for household in households for wait in household.waits]
    figures.note(f"{len(waits)} answers, {sum(stream.told for stream in streams)} messages to {len(streams)} streams")
    figures.milliseconds("95 of 100 answers", statistics.quantiles(waits, n=20)[-1], at_most=P95)
    figures.note(f"memory of the workers: {before:.0f} MB after a fifth of the time, {after:.0f} MB in the end")
    assert not IS_LONG or abs(after - before) <= before / 10, "memory is flat"
