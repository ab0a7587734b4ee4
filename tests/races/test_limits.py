"""The counters of the rate limits are exact, however many processes count."""

from __future__ import annotations

from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import Crowd


def test_four_processes_count_as_one(database: Database, crowd: Crowd) -> None:
    keys = ["LIMITER/203.0.113.9", "LIMITER/203.0.113.10"] * 60
    outcomes = crowd.rush(database.url, errands.count, keys)
    for key in set(keys):
        said = sorted(int(outcome.said) for outcome in outcomes if outcome.wish == key)
        assert said == list(range(1, 61)), "each of them was told another number"
