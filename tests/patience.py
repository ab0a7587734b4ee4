"""Waiting for what another thread, another process or a server does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds after which what should come has not come."""


def wait_for(look: Callable[[], T | None], why: str = "it never came") -> T:
    """What ``look`` finds, as soon as it finds something."""
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < until, why
        time.sleep(0.002)  # between two looks: it ends as soon as something is there, and never later than the deadline
    return found
