"""Measure what is asked for, or everything but what takes long."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmark.cost import cost
from benchmark.crowd import Unexpected
from benchmark.ground import ENGINES, Ground
from benchmark.growth import growth
from benchmark.pages import pages
from benchmark.picks import picks
from benchmark.report import Table, keep, say, show, write
from benchmark.rush import rush
from benchmark.streams import streams
from benchmark.visits import visits

WORKS: dict[str, Callable[[Sequence[Ground]], list[Table]]] = {
    "pages": pages,
    "picks": picks,
    "visits": visits,
    "streams": streams,
    "rush": rush,
    "cost": cost,
    "growth": growth,
}
LONG = {"growth"}
"""Works that are done only when asked for."""


def main() -> None:
    """Run the works, print their tables and keep them."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="work", help=f"what to measure: {', '.join(WORKS)}")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--long", action="store_true", help="also: " + ", ".join(sorted(LONG)))
    wished = parser.parse_args()
    if unknown := set(wished.works) - set(WORKS):
        parser.error(f"there is no work {', '.join(sorted(unknown))}")
    chosen = wished.works or [name for name in WORKS if wished.long or name not in LONG]
    tables = _measure(chosen)
    keep(tables)
    if wished.write:
        write(tables)


def _measure(works: Sequence[str]) -> list[Table]:
    tables: list[Table] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="placecard-bench-") as folder:
        say("Preparing a database on each engine")
        grounds = [Ground(engine, Path(folder)) for engine in ENGINES]
        try:
            for name in works:
                say(f"Measuring: {name}")
                try:
                    found = WORKS[name](grounds)
                except Unexpected as error:
                    say(f"Not measured: {error}")
                    continue
                for table in found:
                    show(table)
                tables += found
        finally:
            for ground in grounds:
                ground.drop()
    say(f"Done in {time.monotonic() - began:.0f} seconds")
    return tables


if __name__ == "__main__":
    main()
