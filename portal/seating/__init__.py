"""Tables, seats, places, and who has which."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.seating import cli, guest
    from portal.seating.guest import requests
    from portal.seating.queries import room

    room.init_app(app)
    app.register_blueprint(guest.blueprint)
    app.register_blueprint(requests.blueprint)
    app.cli.add_command(cli.group)
