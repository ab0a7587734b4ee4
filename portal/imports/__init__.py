"""Guest lists as people have them: read, checked whole, and written household by household."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.imports import cli, host

    app.register_blueprint(host.blueprint)
    app.cli.add_command(cli.group)
