"""Pages: how many a second, and how long they are waited for, beside an empty view on the same server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

from benchmark.crowd import Unexpected, Waits, for_a_while, typical
from benchmark.ground import Ground, Server, interleaved
from benchmark.phone import Phone
from benchmark.report import Table
from portal.invitations.queries import get_viewer
from portal.kit import clock
from portal.seating.actions.together import seat_together

CLIENTS = (1, 16, 64)
ROUNDS, SECONDS = 3, 0.7
EMPTY = "an empty Flask view"
PAGES = ("invitation page of four", "seat map of 300 seats", "one table of ten")
Key = tuple[str, str, int]


def pages(grounds: Sequence[Ground]) -> list[Table]:
    """Measure the pages on every engine and the empty view in one interleaved run."""
    servers = {ground.engine: Server(ground.environment) for ground in grounds}
    empty = Server(grounds[0].environment, "benchmark.empty:app")
    try:
        asked = {(EMPTY, ""): (empty.port, ["/"])}
        for ground in grounds:
            port = servers[ground.engine].port
            asked |= {(page, ground.engine): (port, paths) for page, paths in _paths(ground).items()}
        works = [(page, engine, clients) for clients in CLIENTS for page, engine in asked]
        runs: dict[Key, list[Waits]] = {work: [] for work in works}
        for page, engine, clients in interleaved(ROUNDS, works):
            runs[page, engine, clients].append(_ask(*asked[page, engine], clients))
    finally:
        for server in (empty, *servers.values()):
            server.__exit__()
    return [_table(runs)]


def _paths(ground: Ground) -> Mapping[str, list[str]]:
    """What is opened: the page of families who have not answered, the room of some who came; a third of it is taken."""
    pending = ground.evening(75, 30, 10)
    coming = ground.evening(75, 30, 10, coming=True)
    with ground.application():
        for household in coming.households[50:]:
            viewer = get_viewer(household.path.removeprefix("/i/"), clock.now())
            seat_together(viewer, table_slug=None, now=clock.now())
    standing = coming.households[:50]
    return {
        PAGES[0]: [household.path for household in pending.households],
        PAGES[1]: [f"{household.path}/seats/map" for household in standing],
        PAGES[2]: [f"{household.path}/seats/map?table=1" for household in standing],
    }


def _ask(port: int, paths: list[str], clients: int) -> Waits:
    phones = [Phone(port) for _ in range(clients)]
    for phone, path in zip(phones, cycle(paths), strict=False):
        phone.get(path)
    waits = for_a_while([_opener(phone, paths) for phone in phones], SECONDS)
    for phone in phones:
        phone.hang_up()
    return waits


def _opener(phone: Phone, paths: list[str]) -> Callable[[], None]:
    requests = cycle([phone.request("GET", path) for path in paths])

    def open_next() -> None:
        if (answer := phone.send(next(requests))).status != 200:
            raise Unexpected(f"a page answered {answer.status}")

    return open_next


def _table(runs: Mapping[Key, Sequence[Waits]]) -> Table:
    table = Table("Pages", ("page", "engine", "clients", "requests/s", "of the empty view", "p50 ms", "p99 ms"))
    figures = {key: typical(waits) for key, waits in runs.items()}
    for (page, engine, clients), found in figures.items():
        share = found["rate"] / figures[EMPTY, "", clients]["rate"]
        table.add(page, engine, clients, found["rate"], f"{share:.0%}", found["p50"], found["p99"])
    return table
