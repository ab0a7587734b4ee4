"""Publishing the room: who is affected is shown before, and a new seat proposed for each."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events import event_gate
from portal.events.rules import EventView
from portal.kit import clock, errors
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.room import forms
from portal.room.actions.publish import publish_room
from portal.room.queries.editor import publish_page

PUBLISH = f"{EVENT}/room-plan/publish"

blueprint = Blueprint("room_publishing", __name__)


@blueprint.get(PUBLISH)
@requires("room.edit")
def show(event: EventView) -> ResponseReturnValue:
    """What publishing would change, and for whom."""
    return render_template("room/publish.html", page=publish_page(event, clock.now()), event=event, left=())


@blueprint.post(PUBLISH)
@requires("room.edit")
def publish(event: EventView) -> ResponseReturnValue:
    """Let guests see the draft, and whoever lost a chair sit where the host chose."""
    publish_room(
        event, forms.read_choices(), version=forms.read_version(), actor=f"user:{current_user.id}", now=clock.now()
    )
    return _done(event)


def speak(conflict: Conflict | None) -> Response:
    """What publishing would change now, with why it did not."""
    event = event_gate((request.view_args or {})["event_id"])
    if conflict is None:
        return _done(event)
    page = publish_page(event, clock.now(), conflict=conflict)
    words = {"page": page, "event": event, "left": forms.read_left()}
    return make_response(render_template("room/publish.html", **words), 409)


errors.speaks(blueprint, speak)


def _done(event: EventView) -> Response:
    return make_response(redirect(url_for("room.edit", event_id=event.id), code=303))
