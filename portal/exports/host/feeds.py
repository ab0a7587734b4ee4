"""Addresses that a spreadsheet follows: made and withdrawn by hosts."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.queries import find_event
from portal.events.rules import EventView
from portal.exports.actions import FeedNotFound, add_feed, revoke_feed
from portal.exports.forms import FeedForm
from portal.exports.models import Kind
from portal.exports.queries import desk
from portal.kit import clock, errors, htmx, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict

blueprint = Blueprint("feeds", __name__)
blueprint.register_error_handler(FeedNotFound, lambda _error: errors.not_found())


@blueprint.post(f"{EVENT}/feeds")
@requires("exports.share")
def add(event: EventView) -> ResponseReturnValue:
    """Make an address."""
    form = FeedForm()
    if not form.validate():
        return _refuse(event, 422, form)
    add_feed(event, Kind(form.kind.data), form.name.data, by=current_user.id, now=clock.now())
    return _shown(event)


@blueprint.post(f"{EVENT}/feeds/<int(max=2147483647):feed_id>/revoke")
@requires("exports.share")
def revoke(event: EventView, feed_id: int) -> ResponseReturnValue:
    """Withdraw an address."""
    revoke_feed(event, feed_id, by=current_user.id, now=clock.now())
    return _shown(event)


def speak(conflict: Conflict | None) -> Response:
    """The addresses as they are now, with what was refused and what was typed."""
    event = find_event((request.view_args or {})["event_id"], organization_ids=current_user.organization_ids)
    if event is None:
        return errors.not_found()
    return _shown(event) if conflict is None else _refuse(event, 409, FeedForm(), conflict)


errors.speaks(blueprint, speak)


def _shown(event: EventView) -> Response:
    return htmx.reply(
        lambda: render_template("exports/_feeds.html", **desk(event), form=FeedForm(formdata=None), refused=""),
        to=url_for("sheets.index", event_id=event.id, _anchor="feeds"),
    )


def _refuse(event: EventView, status: int, form: FeedForm, conflict: Conflict | None = None) -> Response:
    words = {**desk(event), "form": form, "refused": conflict.sentence(language.current()) if conflict else ""}
    return htmx.refuse("exports/_feeds.html", "exports/print.html", words, status=status)
