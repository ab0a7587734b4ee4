"""The floor plan of an event, for its hosts: what they do to it is a draft until it is published."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events import event_gate
from portal.events.rules import EventView
from portal.kit import clock, errors, htmx
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.kit.operations import FIELD
from portal.kit.presentation import name_list, table_title
from portal.room import forms
from portal.room.actions import drafts as actions
from portal.room.forms.chosen import LandmarkForm, TableForm
from portal.room.queries.drafts import Draft, changes_since, get_draft
from portal.room.queries.editor import EditorPage, editor_page, named, sitting_at
from portal.room.rules import editing
from portal.room.rules.drawing import Look
from portal.room.rules.layout import DraftTable, Landmark, Layout

PLAN = f"{EVENT}/room-plan"
TABLE = f"{PLAN}/tables/<int(signed=True):table_id>"
LANDMARK = f"{PLAN}/landmarks/<int:landmark_id>"

NOT_KEPT = {"csrf_token", "version", "anyway", FIELD}
"""What a form is given anew when it is offered again."""

blueprint = Blueprint("room", __name__)


@blueprint.get(PLAN)
@requires("room.edit")
def edit(event: EventView) -> ResponseReturnValue:
    """The floor plan; an empty room is laid first."""
    page = editor_page(event, forms.read_look(), clock.now())
    if page.draft.layout.is_empty and page.draft.version == 0:
        return redirect(url_for("room_laying.show", event_id=event.id), code=303)
    return _render(page)


@blueprint.get(f"{PLAN}/news")
@htmx.fragment
@requires("room.edit")
def news(event: EventView) -> ResponseReturnValue:
    """What others have done to the draft since the version that is looked at."""
    seen = request.args.get("seen", 0, type=int)
    told = [one for one in named(changes_since(event, seen)) if one[1].actor != _actor()]
    return render_template("room/_draft_news.html", event=event, seen=seen, told=told)


@blueprint.post(f"{PLAN}/move")
@requires("room.edit")
def move(event: EventView) -> ResponseReturnValue:
    """Put a table or a landmark somewhere else: what a drag, an arrow and a press of a button do alike."""
    draft = get_draft(event.id)
    kind, number = forms.read_moved()
    if kind == "landmark":
        return _move_landmark(event, draft, _landmark(draft, number))
    table = _table(draft, number)
    layout = editing.move_table(draft.layout, table, *forms.read_point(table.x, table.y))
    return _change(event, draft, layout, "moved", table_title(table.name), Look(table_id=table.id))


@blueprint.post(TABLE)
@requires("room.edit")
def save_table(event: EventView, table_id: int) -> ResponseReturnValue:
    """Change what is typed about a table; a chair that somebody sits on goes only if the host is sure."""
    draft = get_draft(event.id)
    table, look = _table(draft, table_id), Look(table_id=table_id)
    form = TableForm(draft.layout, table, event.id, sent=request.form)
    if not form.validate():
        return _refuse(editor_page(event, look, clock.now(), draft=draft, form=form), 422)
    sitting = sitting_at(event, [table.id], clock.now())
    layout = editing.change_table(draft.layout, table, form.wish, {one.seat_id for one in sitting if one.seat_id})
    _require_empty(event, table, layout.tables[table.id])
    return _change(event, draft, layout, "changed", table_title(form.wish.name), look)


@blueprint.post(f"{TABLE}/seats")
@requires("room.edit")
def save_seats(event: EventView, table_id: int) -> ResponseReturnValue:
    """Change what each chair of a table is called, for whom it is, and whether there is no step."""
    draft = get_draft(event.id)
    table, look = _table(draft, table_id), Look(table_id=table_id)
    seats, wrong = forms.read_seats(table)
    if wrong:
        return _refuse(editor_page(event, look, clock.now(), draft=draft, wrong=wrong, seats=seats), 422)
    layout = editing.set_seats(draft.layout, table, seats)
    return _change(event, draft, layout, "changed", table_title(table.name), look)


@blueprint.post(f"{TABLE}/duplicate")
@requires("room.edit")
def duplicate(event: EventView, table_id: int) -> ResponseReturnValue:
    """Put another table like this into the room."""
    draft = get_draft(event.id)
    layout, copy = editing.duplicate_table(draft.layout, _table(draft, table_id))
    return _change(event, draft, layout, "copied", table_title(copy.name), Look(table_id=copy.id))


@blueprint.post(f"{TABLE}/remove")
@requires("room.edit")
def remove_table(event: EventView, table_id: int) -> ResponseReturnValue:
    """Take a table out of the room; one that people sit at goes only if the host is sure."""
    draft = get_draft(event.id)
    table = _table(draft, table_id)
    _require_empty(event, table, None)
    return _change(event, draft, draft.layout.without_table(table_id), "removed", table_title(table.name), Look())


@blueprint.post(f"{PLAN}/landmarks")
@requires("room.edit")
def add_landmark(event: EventView) -> ResponseReturnValue:
    """Put something into the room that is no table."""
    draft = get_draft(event.id)
    layout, mark = editing.add_landmark(draft.layout, forms.read_label())
    return _change(event, draft, layout, "added", mark.label, Look(landmark_id=mark.id))


@blueprint.post(LANDMARK)
@requires("room.edit")
def save_landmark(event: EventView, landmark_id: int) -> ResponseReturnValue:
    """Change what a landmark is called, where it stands and how large it is."""
    draft = get_draft(event.id)
    mark, look = _landmark(draft, landmark_id), Look(landmark_id=landmark_id)
    form = LandmarkForm(request.form)
    if not form.validate():
        return _refuse(editor_page(event, look, clock.now(), draft=draft, form=form), 422)
    changed = form.placed(mark)
    return _change(event, draft, editing.place_landmark(draft.layout, changed), "changed", changed.label, look)


@blueprint.post(f"{LANDMARK}/remove")
@requires("room.edit")
def remove_landmark(event: EventView, landmark_id: int) -> ResponseReturnValue:
    """Take a landmark out of the room."""
    draft = get_draft(event.id)
    mark = _landmark(draft, landmark_id)
    return _change(event, draft, draft.layout.without_landmark(mark.id), "removed", mark.label, Look())


@blueprint.post(f"{PLAN}/undo")
@requires("room.edit")
def undo(event: EventView) -> ResponseReturnValue:
    """Take the last change back."""
    actions.undo(event, get_draft(event.id), version=forms.read_version(), actor=_actor(), now=clock.now())
    return _shown(event, forms.read_look())


@blueprint.post(f"{PLAN}/redo")
@requires("room.edit")
def redo(event: EventView) -> ResponseReturnValue:
    """Do it again after all."""
    actions.redo(event, get_draft(event.id), version=forms.read_version(), actor=_actor(), now=clock.now())
    return _shown(event, forms.read_look())


@blueprint.post(f"{PLAN}/discard")
@requires("room.edit")
def discard(event: EventView) -> ResponseReturnValue:
    """Begin again from the room that guests see; that can be undone like any other change."""
    draft = get_draft(event.id)
    return _change(event, draft, draft.published, "discarded", "", Look())


def speak(conflict: Conflict | None) -> Response:
    """The floor plan as it is now, with what was refused and everything that was sent."""
    event = event_gate((request.view_args or {})["event_id"])
    look = Look(
        table_id=(request.view_args or {}).get("table_id", request.form.get("table", type=int)),
        landmark_id=(request.view_args or {}).get("landmark_id", request.form.get("landmark", type=int)),
    )
    if conflict is None:
        return _shown(event, look)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    since = request.form.get("version", type=int) if conflict.rule == actions.DRAFT_CHANGED.name else None
    return _refuse(editor_page(event, look, clock.now(), conflict=conflict, typed=typed, since=since), 409)


errors.speaks(blueprint, speak)


def _table(draft: Draft, table_id: int) -> DraftTable:
    return draft.layout.tables.get(table_id) or abort(404)


def _landmark(draft: Draft, landmark_id: int) -> Landmark:
    return draft.layout.landmarks.get(landmark_id) or abort(404)


def _move_landmark(event: EventView, draft: Draft, mark: Landmark) -> Response:
    x, y = forms.read_point(mark.x, mark.y)
    layout = editing.place_landmark(draft.layout, editing.moved(mark, x, y))
    return _change(event, draft, layout, "moved", mark.label, Look(landmark_id=mark.id))


def _require_empty(event: EventView, table: DraftTable, after: DraftTable | None) -> None:
    """Refuse to take away chairs that somebody has, unless the host has read who it is.

    Raises:
        Conflict: it names them.
    """
    if forms.is_sure() or table.is_new:
        return
    going = editing.losing(table, after)
    sitting = sitting_at(event, [table.id], clock.now())
    names = {one.place_id: one.name for one in sitting if one.seat_id in going or after is None}
    if names:
        raise editing.SEATS_TAKEN.conflict(names=name_list(list(names.values())), table=table_title(table.name))


def _change(event: EventView, draft: Draft, layout: Layout, deed: str, name: str, look: Look) -> Response:
    names = [name] if name else []
    actions.change_draft(
        event, draft, layout, deed, names, version=forms.read_version(), actor=_actor(), now=clock.now()
    )
    return _shown(event, look)


def _shown(event: EventView, look: Look) -> Response:
    """Answer a change with the floor plan as it is now."""
    to = url_for("room.edit", event_id=event.id, table=look.table_id, landmark=look.landmark_id, zone=look.zone)
    return htmx.reply(
        lambda: render_template("room/_editor.html", **_words(editor_page(event, look, clock.now()))), to=to
    )


def _refuse(page: EditorPage, status: int) -> Response:
    return htmx.refuse("room/_editor.html", "room/editor.html", _words(page), status=status)


def _render(page: EditorPage) -> str:
    return render_template("room/editor.html", **_words(page))


def _words(page: EditorPage) -> dict[str, object]:
    """What the templates need: the page, and the form about what is chosen in it."""
    form = page.form
    if form is None and page.table:
        x, y = page.place or (page.table.x, page.table.y)
        table = replace(page.table, x=x, y=y)
        form = TableForm(page.draft.layout, table, page.event.id, captain=page.captain)
    if form is None and page.landmark:
        form = LandmarkForm(None, obj=page.landmark)
    return {"page": page, "event": page.event, "form": form}


def _actor() -> str:
    return f"user:{current_user.id}"
