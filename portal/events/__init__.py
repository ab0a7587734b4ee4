"""What people are invited to, and what a host sees of it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.events import cli, host

    app.register_blueprint(host.blueprint)
    app.cli.add_command(cli.group)
