"""The desk at which guest lists are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.imports.world import Desk


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    """The command line, on each engine, with the cast's event to import into."""
    return Desk(cast.app, tmp_path)
