"""Real servers that are watched, the hardships they are put through, and what was measured meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.endurance.watch import Watch, answering
from tests.migrations.scratch import drop_database, new_database
from tests.patience import wait_for
from tests.races.conftest import Venue, open_venue

WORKERS = 2

SLOWEST_FORM = 2.0
"""Seconds that a form may take to arrive at these servers."""

IS_LONG = bool(os.environ.get("PLACECARD_SOAK"))
"""Whether this is a run of ``script/soak``: full length, and the figures are judged."""


class Figures:
    """What was measured. It is printed and judged where the machine has nothing else to do, and only there."""

    def __init__(self, keep: Callable[[str, object], None]) -> None:
        self._keep = keep

    def note(self, what: str) -> None:
        """Something to know."""
        self._keep("figure", what)

    def milliseconds(self, what: str, seconds: float, *, at_most: float | None = None) -> None:
        """How long something took, and how long it may."""
        bound = "" if at_most is None else f" (at most {at_most:.0f})"
        self.note(f"{what}: {seconds * 1000:.0f} ms{bound}")
        if IS_LONG and at_most is not None:
            assert seconds * 1000 <= at_most, what


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Where a proof writes down what it measured."""
    return Figures(record_property)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, under the proof it belongs to."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            noted = [value for name, value in report.user_properties if name == "figure"]
            if report.when == "call" and noted:
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}:")
                for value in noted:
                    terminalreporter.write_line(f"  {value}")


@dataclass(frozen=True)
class Watched(Venue):
    """A venue whose workers are known."""

    folder: Path = Path()

    def workers(self) -> list[int]:
        """The ids of the processes that answer now."""
        return answering(self.folder)

    def watches(self) -> list[Watch]:
        """What their event loops do."""
        return [Watch(self.folder / str(pid)) for pid in self.workers()]

    def memory(self) -> float:
        """MB that the workers have in memory."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers())
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def open_watched(url: str, folder: Path, **environment: str) -> Iterator[Watched]:
    """A server of two processes that are watched, on an empty database."""
    folder.mkdir()
    environment = {"SLOWEST_FORM": str(SLOWEST_FORM), **environment}
    config = str(Path(__file__).with_name("watched.py"))
    with open_venue(url, "--config", config, workers=WORKERS, WATCH=str(folder), **environment) as venue:
        watched = Watched(venue.app, venue.server, folder=folder)
        wait_for(lambda: len(watched.workers()) == WORKERS, "not every worker starts")
        yield watched
        watched.hang_up()


@pytest.fixture(scope="session")
def venues() -> Iterator[tuple[ExitStack, dict[str, Watched]]]:
    """The servers of this run, each started when it is first needed."""
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture(params=ENGINES)
def venue(
    request: pytest.FixtureRequest,
    venues: tuple[ExitStack, dict[str, Watched]],
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[Watched]:
    """A server on each engine in turn, the same for all hardships: it has to get over each of them."""
    stack, opened = venues
    engine: str = request.param
    if engine not in opened:
        folder = tmp_path_factory.mktemp(f"endurance_{engine}")
        url = new_database(engine, folder, f"endurance_{worker_id}")
        stack.callback(drop_database, url)
        opened[engine] = stack.enter_context(open_watched(url, folder / "watch", TRUSTED_PROXIES="1"))
    yield opened[engine]
    opened[engine].hang_up()
