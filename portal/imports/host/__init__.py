"""Bringing a guest list in the browser: brought, its columns named, checked, mended, written, taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from portal.events.queries import find_event
from portal.events.rules import EventView
from portal.imports.actions import staging, undoing, writing
from portal.imports.forms.requests import ListForm, read_cells, read_choice, read_version
from portal.imports.host import steps
from portal.imports.host.desk import conflict_desk, desk_of, form_of, left_out_file
from portal.imports.queries import stages
from portal.imports.rules import refusals
from portal.imports.rules.staging import Stage
from portal.kit import clock, errors, htmx, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict
from portal.kit.spreadsheets import CSV

IMPORT = f"{EVENT}/import/<int(max=2147483647):import_id>"
ROOM = 64 * 1024
"""What a form may have besides the list itself."""

blueprint = Blueprint("imports", __name__)


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A list may be larger than any other form, pasted or as a file; asked before anything of it is read."""
    if endpoint == "imports.upload" and request.mimetype == "multipart/form-data":
        request.max_content_length = request.max_form_memory_size = refusals.MAX_BYTES + ROOM


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Refuse more than a list may be, before it is read."""
    sentence = refusals.Unusable(refusals.TOO_LARGE).sentence(language.current())
    return errors.show_error(413, _("That is too large"), sentence)


@blueprint.get(f"{EVENT}/import")
@requires("guests.edit")
def start(event: EventView) -> ResponseReturnValue:
    """Where a list is brought, and lists that were begun earlier are gone on with."""
    return _start(event, ListForm())


@blueprint.post(f"{EVENT}/import")
@requires("guests.edit")
def upload(event: EventView) -> ResponseReturnValue:
    """Stage a file or what was pasted; a list that cannot be read is refused with its reason."""
    form = ListForm()
    name, content = form.brought()
    if why := _unfit(content):
        return _refused(event, form, why)
    import_id = staging.begin_import(event, user_id=current_user.id, file_name=name, content=content, now=clock.now())
    steps.begin(event, import_id, _actor())
    refusal = _stage(event, import_id).refusal
    return _refused(event, form, refusal[language.current()]) if refusal else _shown(event, import_id)


@blueprint.get(IMPORT)
@requires("guests.edit")
def show(event: EventView, import_id: int) -> ResponseReturnValue:
    """A list in its present state."""
    desk = desk_of(_stage(event, import_id))
    return render_template("imports/import.html", event=event, desk=desk)


@blueprint.get(f"{IMPORT}/stage")
@htmx.fragment
@requires("guests.edit")
def stage(event: EventView, import_id: int) -> ResponseReturnValue:
    """The same without the page around it: how far the work is, and what comes after it."""
    return render_template("imports/_stage.html", event=event, desk=desk_of(_stage(event, import_id)))


@blueprint.post(f"{IMPORT}/columns")
@requires("guests.edit")
def map_columns(event: EventView, import_id: int) -> ResponseReturnValue:
    """Say which column holds what, and check the list."""
    found = _stage(event, import_id)
    form, columns = form_of(found), stages.columns(found, stages.first_lines(found))
    if not form.validate() or not form.check_columns(columns):
        words = {"event": event, "desk": desk_of(found, form=form)}
        return htmx.refuse("imports/_stage.html", "imports/import.html", words, status=422)
    staging.map_columns(
        found,
        header_row=form.header_row.data,
        columns=form.fields_of(columns),
        version=read_version(),
        now=clock.now(),
    )
    steps.begin(event, import_id, _actor())
    return _shown(event, import_id)


@blueprint.post(f"{IMPORT}/rows/<int(max=2147483647):number>")
@requires("guests.edit")
def mend(event: EventView, import_id: int, number: int) -> ResponseReturnValue:
    """Mend cells of a row, leave it out or take it in again; the list is checked anew."""
    found, now = _stage(event, import_id), clock.now()
    if stages.find_row(found.id, number) is None:
        abort(404)
    if read_choice() == "save":
        staging.mend_row(found, number, cells=read_cells(found.fields), version=read_version(), now=now)
    else:
        is_left_out = read_choice() == "leave"
        staging.leave_row(found, number, is_left_out=is_left_out, version=read_version(), now=now)
    steps.begin(event, import_id, _actor())
    return _shown(event, import_id, said=_("Row %(row)s is saved, and the list is checked anew.", row=number))


@blueprint.post(f"{IMPORT}/write")
@requires("guests.edit")
def write(event: EventView, import_id: int) -> ResponseReturnValue:
    """Let the list go in as it is shown."""
    writing.begin_writing(_stage(event, import_id), version=read_version(), now=clock.now())
    steps.begin(event, import_id, _actor())
    return _shown(event, import_id)


@blueprint.post(f"{IMPORT}/go-on")
@requires("guests.edit")
def go_on(event: EventView, import_id: int) -> ResponseReturnValue:
    """Take up work that has stopped, exactly where it was."""
    if _stage(event, import_id).stands_still(clock.now()):
        steps.begin(event, import_id, _actor())
    return _shown(event, import_id)


@blueprint.post(f"{IMPORT}/undo")
@requires("guests.edit")
def undo(event: EventView, import_id: int) -> ResponseReturnValue:
    """Take back what the import wrote, but for those whom somebody has touched since."""
    undoing.begin_undo(_stage(event, import_id), now=clock.now())
    steps.begin(event, import_id, _actor())
    return _shown(event, import_id)


@blueprint.post(f"{IMPORT}/discard")
@requires("guests.edit")
def discard(event: EventView, import_id: int) -> ResponseReturnValue:
    """Throw the list away; what it wrote stays."""
    staging.discard(_stage(event, import_id), now=clock.now())
    return htmx.reply(lambda: _start(event, ListForm()), to=url_for("imports.start", event_id=event.id))


@blueprint.get(f"{IMPORT}/left-out.csv")
@requires("guests.edit")
def left_out(event: EventView, import_id: int) -> ResponseReturnValue:
    """The rows that did not go in, each with its reason, to be mended and brought again."""
    response = make_response(left_out_file(_stage(event, import_id)))
    response.headers["Content-Type"] = f"{CSV}; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    return response


def speak(conflict: Conflict | None) -> Response:
    """The list as it is now, with what was refused; a form that was sent twice shows what its first sending did."""
    names = request.view_args or {}
    event = find_event(names["event_id"], organization_ids=current_user.organization_ids) or abort(404)
    if "import_id" not in names:
        newest = stages.newest_stage(event.id, current_user.id) or abort(404)
        return _shown(event, newest.id)
    if conflict is None:
        return _shown(event, names["import_id"])
    sentence, found = conflict.sentence(language.current()), _stage(event, names["import_id"])
    desk = conflict_desk(found, names.get("number"), sentence, request.form)
    return htmx.refuse("imports/_stage.html", "imports/import.html", {"event": event, "desk": desk}, status=409)


errors.speaks(blueprint, speak)


def _unfit(content: bytes) -> str:
    """Why nothing can be staged at all; empty if it can."""
    if not content.strip():
        return str(_("Choose a file, or paste your list."))
    too_large = refusals.Unusable(refusals.TOO_LARGE).sentence(language.current())
    return too_large if len(content) > refusals.MAX_BYTES else ""


def _refused(event: EventView, form: ListForm, why: str) -> ResponseReturnValue:
    form.refuse(why)
    return _start(event, form), 422


def _start(event: EventView, form: ListForm) -> str:
    earlier = stages.earlier_stages(event.id, clock.now())
    return render_template("imports/start.html", event=event, form=form, earlier=earlier)


def _stage(event: EventView, import_id: int) -> Stage:
    found = stages.find_stage(event.id, import_id)
    if found is None or found.expires_at <= clock.now():
        abort(404)
    return found


def _actor() -> str:
    return f"user:{current_user.id}"


def _shown(event: EventView, import_id: int, *, said: str = "") -> Response:
    """Answer a change with the list as it is now."""
    address: dict[str, Any] = {"event_id": event.id, "import_id": import_id}
    if request.form.get("show"):
        address["show"] = request.form["show"]
    return htmx.reply(
        lambda: render_template("imports/_stage.html", event=event, desk=desk_of(_stage(event, import_id), said=said)),
        to=url_for("imports.show", **address),
    )
