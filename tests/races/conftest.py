"""A crowd for all races of this worker, and the state of the room after one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.races.crowd import Crowd

PROCESSES = 3


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Three processes, each with threads of its own."""
    crowd = Crowd(PROCESSES)
    yield crowd
    crowd.close()
