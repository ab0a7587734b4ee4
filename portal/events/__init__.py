"""What people are invited to, and what a host sees of it."""

from __future__ import annotations

from flask import Flask, abort
from flask_login import current_user

from portal.events import queries
from portal.events.rules import EventView


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.events import cli, guest, host
    from portal.events.host import activity, editing, life, organizers, sessions

    for served in (guest, host, activity, editing, life, organizers, sessions):
        app.register_blueprint(served.blueprint)
    app.cli.add_command(cli.group)


def event_gate(event_id: int) -> EventView:
    """One of the signed-in user's events; another organization's is as if it were not there (404)."""
    return queries.find_event(event_id, organization_ids=current_user.organization_ids) or abort(404)
