"""Old data under the rules: found, put right as far as that takes nobody's decision, and brought back."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the commands."""
    from portal.integrity.cli import group

    app.cli.add_command(group)
