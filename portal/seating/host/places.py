"""One guest's place: all of it, or only the table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.rules import EventView
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requested_event, requires
from portal.kit.conflicts import Conflict
from portal.seating.actions.editing import change_table, edit_place
from portal.seating.forms.place import PlaceForm, TableForm, place_form, table_form
from portal.seating.queries.people import PersonNotFound, get_person
from portal.seating.queries.places import last_editor
from portal.seating.queries.room import room
from portal.seating.rules.people import Person
from portal.seating.rules.places import PLACE_CHANGED, fingerprint
from portal.seating.rules.views import TableRow

PLACE = f"{EVENT}/seating/places/<int(max=2147483647):place_id>"

blueprint = Blueprint("seating_places", __name__)
blueprint.register_error_handler(PersonNotFound, lambda _error: errors.not_found())


@blueprint.get(PLACE)
@requires("seating.edit")
def place(event: EventView, place_id: int) -> ResponseReturnValue:
    """Where somebody sits and what their card says, to be changed."""
    person, tables = get_person(event.id, place_id), _tables(event)
    return _page(event, person, place_form(tables, person), table_form(tables, person))


@blueprint.post(PLACE)
@requires("seating.edit")
def save(event: EventView, place_id: int) -> ResponseReturnValue:
    """Keep all of it."""
    person, tables = get_person(event.id, place_id), _tables(event)
    form = place_form(tables, person)
    if not form.validate():
        return _page(event, person, form, table_form(tables, person)), 422
    shown = form.shown.data or fingerprint(person)
    edit_place(event, place_id, form.wish(), shown=shown, actor=current_user.actor, now=clock.now())
    return _done(event)


@blueprint.post(f"{PLACE}/table")
@requires("seating.edit")
def save_table(event: EventView, place_id: int) -> ResponseReturnValue:
    """Keep only the table."""
    person, tables = get_person(event.id, place_id), _tables(event)
    form = table_form(tables, person)
    if not form.validate():
        return _page(event, person, place_form(tables, person, typed=False), form), 422
    shown = form.shown.data or fingerprint(person)
    change_table(event, place_id, form.table_id, shown=shown, actor=current_user.actor, now=clock.now())
    return _done(event)


def speak(conflict: Conflict | None) -> Response:
    """The forms with everything that was typed, and what stands in its way; what was typed can be saved over it."""
    event: EventView = requested_event()
    if conflict is None:
        return make_response(_done(event))
    person = get_person(event.id, int((request.view_args or {})["place_id"]))
    changed = conflict.rule == PLACE_CHANGED.name
    told: dict[str, Any] = {
        "sentence": conflict.sentence(language.current()),
        "is_changed": changed,
        "editor": last_editor(event, person.id) if changed else None,
    }
    return make_response(_page(event, person, *_fresh_forms(event, person), **told), 409)


errors.speaks(blueprint, speak)


def _tables(event: EventView) -> list[TableRow]:
    return list(room(event.id, clock.now()).tables)


def _fresh_forms(event: EventView, person: Person) -> tuple[PlaceForm, TableForm]:
    """The forms with what was typed, to be saved over the place as it is now."""
    tables = _tables(event)
    whole = place_form(tables, person, typed=request.endpoint == "seating_places.save")
    only = table_form(tables, person)
    whole.follow(person)
    whole.shown.data = only.shown.data = fingerprint(person)
    return whole, only


def _done(event: EventView) -> ResponseReturnValue:
    return redirect(url_for("seating_host.plan", event_id=event.id), code=303)


def _page(event: EventView, person: Person, form: PlaceForm, table: TableForm, **told: Any) -> str:
    words = {"sentence": "", "editor": None, "is_changed": False, **told}
    return render_template("seating/place.html", event=event, person=person, form=form, table=table, **words)
