"""Tables, seats, places, and who has which."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.seating import models  # noqa: F401
