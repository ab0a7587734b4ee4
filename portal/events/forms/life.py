"""Which step a host takes, and which page of what was put away is asked for."""

from __future__ import annotations

from flask import request

from portal.events.rules.life import Step

LARGEST_ID = 2**31 - 1


def read_step(named: str) -> Step | None:
    """The step of this name."""
    return Step(named) if named in set(Step) else None


def read_before() -> int | None:
    """The event before which the page begins; a number that is none counts as absent."""
    number = request.args.get("before", type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None
