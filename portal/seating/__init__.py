"""Tables, seats, places, and who has which."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.seating import guest, host
    from portal.seating.guest import requests
    from portal.seating.host import places, rest
    from portal.seating.queries import people, room

    room.init_app(app)
    app.jinja_env.globals["unseated_count"] = people.unseated_count
    app.register_blueprint(guest.blueprint)
    app.register_blueprint(requests.blueprint)
    for blueprint in (host.blueprint, rest.blueprint, places.blueprint):
        app.register_blueprint(blueprint)
