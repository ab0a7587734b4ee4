"""A host makes an event, and changes what it says; two who do so at once lose nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.actions.edits import edit_event, plan_event
from portal.events.forms.event import EventForm, event_form, new_event_form, time_zones
from portal.events.queries import find_event
from portal.events.queries.plans import Edit, edits_since, standing_plan, usual_time_zone
from portal.events.rules import EventView
from portal.events.rules.looks import palette
from portal.events.rules.plans import CHANGED_MEANWHILE, Merged, Standing, merged
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.organizations.queries import organizations_of

blueprint = Blueprint("editing", __name__)


@blueprint.get("/host/events/new")
@requires("events.edit")
def begin() -> ResponseReturnValue:
    """An empty form."""
    return _new_page(_new_form())


@blueprint.post("/host/events/new")
@requires("events.edit")
def create() -> ResponseReturnValue:
    """Make the event: a draft that nobody sees until it is published."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    organization_id = int(form.organization.data) if "organization" in form else current_user.organization_ids[0]
    event_id = plan_event(
        form.plan(), organization_id=organization_id, organizer_id=current_user.id, now=clock.now()
    )  # fmt: skip
    return redirect(url_for("events.overview", event_id=event_id), code=303)


@blueprint.get(f"{EVENT}/settings")
@requires("events.edit")
def settings(event: EventView) -> ResponseReturnValue:
    """What the event says, to be changed."""
    return _page(event, event_form(standing_plan(event)), saved="saved" in request.args)


@blueprint.post(f"{EVENT}/settings")
@requires("events.edit")
def save(event: EventView) -> ResponseReturnValue:
    """Keep what was changed; guests see it at once."""
    form = event_form(standing_plan(event))
    if not form.validate():
        return _page(event, form), 422
    edit_event(event, form.plan(), version=form.read_version(), actor=current_user.actor, now=clock.now())
    return redirect(url_for("editing.settings", event_id=event.id, saved=1), code=303)


def speak(conflict: Conflict | None) -> Response:
    """The form with all that was typed, and what stands in its way; where it was done already, the page."""
    event_id = (request.view_args or {}).get("event_id")
    if conflict is None:
        shown = url_for("editing.settings", event_id=event_id, saved=1) if event_id else url_for("events.index")
        return make_response(redirect(shown, code=303))
    if event_id is None:
        return make_response(_new_page(_new_form(), sentence=conflict.sentence(language.current())), 409)
    event = find_event(event_id, organization_ids=current_user.organization_ids) or abort(404)
    return make_response(_refused_page(event, conflict), 409)


errors.speaks(blueprint, speak)


def _refused_page(event: EventView, conflict: Conflict) -> str:
    """What was typed, with what refused it; where another host was faster, put together with what they changed."""
    standing = standing_plan(event)
    form = event_form(standing)
    if conflict.rule != CHANGED_MEANWHILE.name:
        return _page(event, form, sentence=conflict.sentence(language.current()))
    form.validate()
    edits = edits_since(event, form.read_version())
    both = merged(form.plan(), standing.plan, [edit.changes for edit in edits])
    fresh = event_form(Standing(standing.version, both.plan), typed=False)
    return _page(event, fresh, edits=edits, both=both, standing=standing)


def _new_form() -> EventForm:
    organizations = organizations_of(current_user.organization_ids) or abort(404)
    return new_event_form(organizations, usual_time_zone(current_user.organization_ids) or "")


def _new_page(form: EventForm, *, sentence: str = "") -> str:
    return render_template("events/new.html", form=form, sentence=sentence, **_choices(form))


def _page(
    event: EventView,
    form: EventForm,
    *,
    sentence: str = "",
    saved: bool = False,
    edits: list[Edit] | None = None,
    both: Merged | None = None,
    standing: Standing | None = None,
) -> str:
    return render_template(
        "events/settings.html",
        event=event,
        form=form,
        sentence=sentence,
        saved=saved,
        edits=edits or [],
        both=both,
        standing=standing,
        **_choices(form),
    )


def _choices(form: EventForm) -> dict[str, Any]:
    """What the form shows beside its fields: every zone, and the colour of every hue."""
    hues = {value: palette(int(value))["light"]["head"] for value, _label in form.hue.choices if value}
    return {"zones": time_zones(), "cloths": {"": "#14412F", **hues}}
