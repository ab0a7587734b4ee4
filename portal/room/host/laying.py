"""Laying a room in a few words, by fields, or from a picture: shown first, made when the host says so."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.events import event_gate
from portal.events.rules import EventView
from portal.kit import clock, errors
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.room import forms
from portal.room.actions.drafts import change_draft
from portal.room.queries.drafts import Draft, get_draft
from portal.room.rules.ready import READY, laid_ready

LAY = f"{EVENT}/room-plan/lay"

blueprint = Blueprint("room_laying", __name__)


@blueprint.get(LAY)
@requires("room.edit")
def show(event: EventView) -> ResponseReturnValue:
    """Ask what the room shall hold, and show what would be made of it."""
    draft = get_draft(event.id)
    order = forms.read_order(draft.layout, _names())
    page = render_template("room/lay.html", **_words(event, draft, order))
    return page, 422 if order.wrong else 200


@blueprint.post(LAY)
@requires("room.edit")
def lay(event: EventView) -> ResponseReturnValue:
    """Put into the draft what was shown."""
    draft = get_draft(event.id)
    order = forms.read_order(draft.layout, _names())
    if order.layout is None:
        return render_template("room/lay.html", **_words(event, draft, order)), 422
    change_draft(
        event, draft, order.layout, "laid", [order.words], version=forms.read_version(),
        actor=f"user:{current_user.id}", now=clock.now(),
    )  # fmt: skip
    return _done(event)


def speak(conflict: Conflict | None) -> Response:
    """The same wish beside the room as it is now, to be said again."""
    event = event_gate((request.view_args or {})["event_id"])
    if conflict is None:
        return _done(event)
    draft = get_draft(event.id)
    words = _words(event, draft, forms.read_order(draft.layout, _names()), conflict)
    return make_response(render_template("room/lay.html", **words), 409)


errors.speaks(blueprint, speak)


def _done(event: EventView) -> Response:
    return make_response(redirect(url_for("room.edit", event_id=event.id), code=303))


def _names() -> dict[str, str]:
    """What the landmarks of the ready rooms are called."""
    return {"stage": _("Stage"), "dance floor": _("Dance floor"), "screen": _("Screen")}


def _words(event: EventView, draft: Draft, order: forms.Order, conflict: Conflict | None = None) -> dict[str, object]:
    rooms = [(room, laid_ready(room)) for room in READY]
    return {"event": event, "draft": draft, "order": order, "rooms": rooms, "conflict": conflict}
