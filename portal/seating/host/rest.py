"""Seating everybody who has no seat yet, in one go."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.rules import EventView
from portal.kit import clock, errors, htmx, language
from portal.kit.access import EVENT, requested_event, requires
from portal.kit.conflicts import Conflict
from portal.seating import forms
from portal.seating.actions.hosting import seat_people
from portal.seating.queries.rest import rest_page

blueprint = Blueprint("seating_rest", __name__)


@blueprint.get(f"{EVENT}/seating/rest")
@requires("seating.edit")
def preview(event: EventView) -> ResponseReturnValue:
    """Where everybody who stands could sit, to be looked through; nothing is changed."""
    page = rest_page(event, clock.now(), number=forms.read_page())
    return render_template("seating/rest.html", page=page, event=event)


@blueprint.post(f"{EVENT}/seating/rest")
@requires("seating.edit")
def seat(event: EventView) -> ResponseReturnValue:
    """Seat them all as it was shown, or nobody; one step that can be taken back."""
    seat_people(event, forms.read_moves(), actor=current_user.actor, now=clock.now())
    return htmx.reply(lambda: "", to=url_for("seating_host.plan", event_id=event.id))


def speak(conflict: Conflict | None) -> Response:
    """What has changed meanwhile, and a new proposal; or the plan, if it was done already."""
    event = requested_event()
    if conflict is None:
        return htmx.reply(lambda: "", to=url_for("seating_host.plan", event_id=event.id))
    refused = [each for each in conflict.detail or () if isinstance(each, Conflict)] or [conflict]
    changed = tuple(each.sentence(language.current()) for each in refused)
    page = rest_page(event, clock.now(), changed=changed)
    return htmx.refuse("seating/rest.html", "seating/rest.html", {"page": page, "event": event}, status=409)


errors.speaks(blueprint, speak)
