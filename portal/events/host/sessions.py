"""The parts of an event: a ceremony, a dinner, a workshop."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.actions.parts import add_part, change_part, remove_part
from portal.events.forms.parts import PartForm, part_form
from portal.events.queries import find_event
from portal.events.queries.parts import find_part, parts_of
from portal.events.rules import EventView
from portal.events.rules.parts import PART_IS_ATTENDED, Part
from portal.events.rules.plans import CHANGED_MEANWHILE
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict

PART = f"{EVENT}/sessions/<int(max=2147483647):part_id>"

blueprint = Blueprint("parts", __name__)


@blueprint.get(f"{EVENT}/sessions")
@requires("events.edit")
def index(event: EventView) -> ResponseReturnValue:
    """All of them, and the form of another."""
    return _list_page(event, PartForm(formdata=None))


@blueprint.post(f"{EVENT}/sessions")
@requires("events.edit")
def add(event: EventView) -> ResponseReturnValue:
    """Add one; guests can say at once whether they come to it."""
    form = PartForm()
    if not form.validate():
        return _list_page(event, form), 422
    add_part(event, form.plan(event.time_zone), actor=current_user.actor, now=clock.now())
    return redirect(url_for("parts.index", event_id=event.id), code=303)


@blueprint.get(PART)
@requires("events.edit")
def show(event: EventView, part_id: int) -> ResponseReturnValue:
    """One of them, to be changed or removed."""
    part = find_part(event, part_id) or abort(404)
    return _part_page(event, part, part_form(part, event.time_zone))


@blueprint.post(PART)
@requires("events.edit")
def save(event: EventView, part_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    part = find_part(event, part_id) or abort(404)
    form = part_form(part, event.time_zone)
    if not form.validate():
        return _part_page(event, part, form), 422
    plan, version = form.plan(event.time_zone), form.read_version()
    change_part(event, part, plan, version=version, actor=current_user.actor, now=clock.now())
    return redirect(url_for("parts.index", event_id=event.id), code=303)


@blueprint.post(f"{PART}/remove")
@requires("events.edit")
def remove(event: EventView, part_id: int) -> ResponseReturnValue:
    """Remove it; with the answers of those who come, if the form says so."""
    part = find_part(event, part_id) or abort(404)
    remove_part(event, part, anyway="anyway" in request.form, actor=current_user.actor, now=clock.now())
    return redirect(url_for("parts.index", event_id=event.id), code=303)


def speak(conflict: Conflict | None) -> Response:
    """The part as it is now, with what was refused and all that was typed."""
    named = request.view_args or {}
    event = find_event(named["event_id"], organization_ids=current_user.organization_ids) or abort(404)
    if conflict is None:
        return make_response(redirect(url_for("parts.index", event_id=event.id), code=303))
    part = find_part(event, named["part_id"]) if "part_id" in named else None
    page = _refused_page(event, part, conflict) if part else _list_page(event, PartForm(), conflict=conflict)
    return make_response(page, 409)


errors.speaks(blueprint, speak)


def _refused_page(event: EventView, part: Part, conflict: Conflict) -> str:
    """What was typed, to be saved over what somebody else has changed; whoever removes a part has typed nothing."""
    form = _unchanged(part, event) if conflict.rule == PART_IS_ATTENDED.name else part_form(part, event.time_zone)
    if conflict.rule == CHANGED_MEANWHILE.name:
        form.version.data = str(part.version)
    return _part_page(event, part, form, conflict=conflict)


def _unchanged(part: Part, event: EventView) -> PartForm:
    """The form as the part stands: whoever removes it has typed nothing."""
    typed = part_form(part, event.time_zone)
    return PartForm(formdata=None, data={name: field.object_data for name, field in typed._fields.items()})


def _list_page(event: EventView, form: PartForm, *, conflict: Conflict | None = None) -> str:
    sentence = conflict.sentence(language.current()) if conflict else ""
    return render_template("events/parts.html", event=event, form=form, parts=parts_of(event), sentence=sentence)


def _part_page(event: EventView, part: Part, form: PartForm, *, conflict: Conflict | None = None) -> str:
    return render_template(
        "events/part.html",
        event=event,
        part=part,
        form=form,
        rule=conflict.rule if conflict else "",
        sentence=conflict.sentence(language.current()) if conflict else "",
    )
