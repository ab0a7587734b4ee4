"""Many phones at once, and how long each of them waited."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median

import gevent


@dataclass
class Waits:
    """How long requests took, in seconds, and in which time all of them were answered."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """How many a second."""
        return len(self.each) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class Unexpected(AssertionError):
    """The server answered what no phone should see; what was measured is worth nothing."""


def for_a_while(ask: Sequence[Callable[[], object]], seconds: float) -> Waits:
    """Every client asks again as soon as it is answered, until the time is over."""
    waits = Waits()
    until = time.perf_counter() + seconds

    def run(one: Callable[[], object]) -> None:
        before = time.perf_counter()
        while before < until:
            one()
            now = time.perf_counter()
            waits.each.append(now - before)
            before = now

    waits.seconds = at_once([partial(run, one) for one in ask])
    return waits


def until_done(clients: int, errands: Iterable[Callable[[], object]]) -> Waits:
    """Clients take one errand after the other until none is left."""
    waits, left = Waits(), iter(errands)

    def run() -> None:
        for errand in left:
            before = time.perf_counter()
            errand()
            waits.each.append(time.perf_counter() - before)

    waits.seconds = at_once([run] * clients)
    return waits


def at_once(work: Sequence[Callable[[], object]]) -> float:
    """Do everything at the same time; the seconds until the last is done. The first error ends it."""
    before = time.perf_counter()
    gevent.joinall([gevent.spawn(one) for one in work], raise_error=True)
    return time.perf_counter() - before


def typical(runs: Sequence[Waits]) -> dict[str, float]:
    """The medians of several runs: how many a second, and milliseconds."""
    return {
        "rate": median(run.rate for run in runs),
        "p50": median(run.percentile(0.5) for run in runs),
        "p99": median(run.percentile(0.99) for run in runs),
    }
