"""A database of its own for each test, at whichever revision it likes."""

from __future__ import annotations

from tests.migrations.conftest import scratch

__all__ = ["scratch"]
