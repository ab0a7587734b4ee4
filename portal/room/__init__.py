"""How the room is laid: a draft that hosts edit, and the room that guests see once it is published."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.room import cli, host
    from portal.room.host import files, laying, publishing
    from portal.room.rules.drawing import chair_size, chairs, floor_height

    app.jinja_env.filters.update(chairs=chairs, chair_size=chair_size, floor_height=floor_height)
    app.register_blueprint(host.blueprint)
    app.cli.add_command(cli.group)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(laying.blueprint)
    app.register_blueprint(publishing.blueprint)
