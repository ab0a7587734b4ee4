"""Who organizes an event; the last of them stays."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.actions.organizers import add_organizer, remove_organizer
from portal.events.queries import find_event
from portal.events.queries.organizers import colleagues_of, find_colleague
from portal.events.rules import EventView
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict

ORGANIZER = f"{EVENT}/organizers/<int(max=2147483647):user_id>"

blueprint = Blueprint("organizers", __name__)


@blueprint.get(f"{EVENT}/organizers")
@requires("events.edit")
def index(event: EventView) -> ResponseReturnValue:
    """Who organizes it, and who could."""
    return _page(event)


@blueprint.post(f"{ORGANIZER}/add")
@requires("events.edit")
def add(event: EventView, user_id: int) -> ResponseReturnValue:
    """Let one more organize it."""
    colleague = find_colleague(event, user_id) or abort(404)
    add_organizer(event, colleague, actor=current_user.actor, now=clock.now())
    return redirect(url_for("organizers.index", event_id=event.id), code=303)


@blueprint.post(f"{ORGANIZER}/remove")
@requires("events.edit")
def remove(event: EventView, user_id: int) -> ResponseReturnValue:
    """Let one fewer organize it."""
    colleague = find_colleague(event, user_id) or abort(404)
    remove_organizer(event, colleague, actor=current_user.actor, now=clock.now())
    return redirect(url_for("organizers.index", event_id=event.id), code=303)


def speak(conflict: Conflict | None) -> Response:
    """Who organizes it now, with what was refused."""
    event_id = (request.view_args or {})["event_id"]
    event = find_event(event_id, organization_ids=current_user.organization_ids) or abort(404)
    if conflict is None:
        return make_response(redirect(url_for("organizers.index", event_id=event_id), code=303))
    return make_response(_page(event, sentence=conflict.sentence(language.current())), 409)


errors.speaks(blueprint, speak)


def _page(event: EventView, *, sentence: str = "") -> str:
    colleagues = colleagues_of(event)
    return render_template("events/organizers.html", event=event, colleagues=colleagues, sentence=sentence)
