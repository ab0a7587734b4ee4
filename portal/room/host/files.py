"""The layout as a file, and rooms brought in from a file or from another event."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events import event_gate
from portal.events.queries import events_of
from portal.events.rules import EventView
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.room import forms
from portal.room.actions.drafts import change_draft
from portal.room.queries.drafts import get_draft, published_layout
from portal.room.rules.file import file_of, read_file, with_identities, without_identities
from portal.room.rules.laying import NotARoom
from portal.room.rules.layout import Layout

FILE = f"{EVENT}/room-plan/file"

blueprint = Blueprint("room_files", __name__)


@blueprint.get(FILE)
@requires("room.edit")
def show(event: EventView) -> ResponseReturnValue:
    """Take this room along as a file, or bring another one in."""
    return _page(event)


@blueprint.get(f"{EVENT}/room-plan/room.json")
@requires("room.edit")
def export(event: EventView) -> ResponseReturnValue:
    """The draft as a file, without anybody's name in it."""
    response = make_response(file_of(get_draft(event.id).layout))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="room-{event.id}.json"'
    return response


@blueprint.post(FILE)
@requires("room.edit")
def bring(event: EventView) -> ResponseReturnValue:
    """Let the draft be the room of a file; it can be undone."""
    try:
        layout = read_file(forms.read_room_file())
    except NotARoom as refused:
        return _page(event, wrong=refused.why.sentence(language.current())), 422
    sent = request.files.get("file")
    return _put(event, layout, (sent.filename or "") if sent else "")


@blueprint.post(f"{FILE}/from-event")
@requires("room.edit")
def bring_from_event(event: EventView) -> ResponseReturnValue:
    """Let the draft be the room of another event of the host's; it can be undone."""
    other = event_gate(forms.read_other_event())
    return _put(event, without_identities(published_layout(other.id)), other.title)


def speak(conflict: Conflict | None) -> Response:
    """The same page beside what was refused, with what was pasted."""
    event = event_gate((request.view_args or {})["event_id"])
    return _done(event) if conflict is None else make_response(_page(event, conflict=conflict), 409)


errors.speaks(blueprint, speak)


def _put(event: EventView, layout: Layout, name: str) -> Response:
    draft = get_draft(event.id)
    change_draft(
        event, draft, with_identities(layout, draft.published), "imported", [name] if name else [],
        version=forms.read_version(), actor=f"user:{current_user.id}", now=clock.now(),
    )  # fmt: skip
    return _done(event)


def _done(event: EventView) -> Response:
    return make_response(redirect(url_for("room.edit", event_id=event.id), code=303))


def _page(event: EventView, *, wrong: str = "", conflict: Conflict | None = None) -> str:
    others = [other for other in events_of(current_user.organization_ids, now=clock.now()) if other.id != event.id]
    draft = get_draft(event.id)
    return render_template(
        "room/file.html",
        event=event,
        draft=draft,
        others=others,
        wrong=wrong,
        conflict=conflict,
        words=request.form.get("words", ""),
    )
