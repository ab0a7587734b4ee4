"""PostgreSQL goes away under sixteen households and comes back: they are told to wait, and keep what they were told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.endurance.conftest import IS_LONG, Figures, Watched, open_watched
from tests.endurance.households import at_home, check_kept, trouble_of, wait_until_all_are_told_yes
from tests.endurance.own_postgres import Mode, OwnPostgres

RESTARTS = 5 if IS_LONG else 1
MODES: list[Mode] = ["fast", "immediate"]


@pytest.fixture
def postgres() -> Iterator[OwnPostgres]:
    postgres = OwnPostgres()
    yield postgres
    postgres.stop()


@pytest.fixture
def restless(postgres: OwnPostgres, tmp_path: Path) -> Iterator[Watched]:
    """A server whose database can be restarted; what that database has told is on its disk."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restless")
        connection.execute("ALTER DATABASE restless SET synchronous_commit = on")
    with open_watched(f"{postgres.url.rsplit('/', 1)[0]}/restless", tmp_path / "watch") as venue:
        yield venue


def test_a_database_that_comes_back_is_found_again_by_itself(
    postgres: OwnPostgres, restless: Watched, figures: Figures
) -> None:
    cast = restless.cast("restless", invitations=16, members=2, tables=2, seats=12)
    workers = restless.workers()
    last_errors = []
    with at_home(restless, cast) as households:
        for mode in MODES * RESTARTS:
            wait_until_all_are_told_yes(households)
            postgres.restart(mode)
            back = time.monotonic()
            wait_until_all_are_told_yes(households)
            last_errors.append(max(each.at for each in trouble_of(households)) - back)
    trouble = trouble_of(households)
    assert {(each.status, each.retry_after) for each in trouble} == {(503, "2")}, "told to wait, and how long"
    assert restless.workers() == workers, "the server was not started anew"
    check_kept(cast, households)
    figures.note(f"{len(last_errors)} restarts, {len(trouble)} answers that asked to wait")
    figures.milliseconds("last error after it was back", max(0.0, *last_errors), at_most=5000)
    figures.milliseconds("longest wait for an answer", max(household.longest_wait for household in households))
