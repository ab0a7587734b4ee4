"""Sample events: the one a newcomer meets, and the plain one that programs test against."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the command that makes them."""
    from portal.demo import cli

    app.cli.add_command(cli.command)
