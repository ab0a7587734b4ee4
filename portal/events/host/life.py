"""What becomes of an event as a whole: every step says first what it will do, and most can be taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.actions.life import archive_event, restore_event, turn_event
from portal.events.forms.life import read_before, read_step
from portal.events.queries import find_event
from portal.events.queries.life import PAGE, archived_events, facts_of, find_any_event
from portal.events.rules import EventView
from portal.events.rules.life import WAYS, Step, lacks, possible_steps, step_back
from portal.kit import clock, errors, language
from portal.kit.access import EVENT, requires
from portal.kit.conflicts import Conflict

ARCHIVED = "/host/archive/<int(max=2147483647):archived_id>"
"""Where an event is that was put away; the gate of living events does not know it."""

blueprint = Blueprint("life", __name__)


@blueprint.get(f"{EVENT}/status")
@requires("events.edit")
def status(event: EventView) -> ResponseReturnValue:
    """How the event stands, what it still lacks, and what can become of it."""
    return _status_page(event)


@blueprint.get(f"{EVENT}/status/<step>")
@requires("events.edit")
def confirm(event: EventView, step: str) -> ResponseReturnValue:
    """What a step will do, before it is done."""
    wished, now = read_step(step) or abort(404), clock.now()
    if wished not in possible_steps(event, now):
        return redirect(url_for("life.status", event_id=event.id), code=303)
    facts = facts_of(event)
    return render_template(
        "events/step.html", event=event, step=wished, facts=facts, lacks=lacks(event, facts, now), now=now
    )


@blueprint.post(f"{EVENT}/status/<step>")
@requires("events.edit")
def turn(event: EventView, step: str) -> ResponseReturnValue:
    """Do it."""
    wished = read_step(step) or abort(404)
    if wished is Step.ARCHIVE:
        archive_event(event, actor=current_user.actor, now=clock.now())
        return redirect(url_for("life.archive", done=event.id), code=303)
    turn_event(event, wished, actor=current_user.actor, now=clock.now())
    return redirect(url_for("life.status", event_id=event.id, done=wished, was=event.status), code=303)


@blueprint.get("/host/archive")
@requires("events.edit")
def archive() -> ResponseReturnValue:
    """The events that were put away."""
    return _archive_page()


@blueprint.post(f"{ARCHIVED}/restore")
@requires("events.edit")
def restore(archived_id: int) -> ResponseReturnValue:
    """Bring an event back; at another address, if the form says so."""
    event = find_any_event(archived_id, organization_ids=current_user.organization_ids) or abort(404)
    restore_event(event, anew="anew" in request.form, actor=current_user.actor, now=clock.now())
    return redirect(url_for("events.overview", event_id=event.id), code=303)


def speak(conflict: Conflict | None) -> Response:
    """The page as it is now, with what was refused."""
    event_id = (request.view_args or {}).get("event_id")
    event = find_event(event_id, organization_ids=current_user.organization_ids) if event_id else None
    if conflict is None:
        to = url_for("life.status", event_id=event.id) if event else url_for("life.archive")
        return make_response(redirect(to, code=303))
    page = _status_page(event, conflict=conflict) if event else _archive_page(conflict)
    return make_response(page, 409)


errors.speaks(blueprint, speak)


def _status_page(event: EventView, *, conflict: Conflict | None = None) -> str:
    facts, now = facts_of(event), clock.now()
    done = read_step(request.args.get("done", ""))
    is_done = done in WAYS and event.status == WAYS[done].after
    back = step_back(event, request.args.get("was", ""), now) if is_done else None
    sentence = conflict.sentence(language.current()) if conflict else ""
    words: dict[str, Any] = {"sentence": sentence, "done": done if back else None, "back": back, "now": now}
    return render_template(
        "events/status.html",
        event=event,
        facts=facts,
        lacks=lacks(event, facts, now),
        steps=possible_steps(event, now),
        **words,
    )


def _archive_page(conflict: Conflict | None = None) -> str:
    before = read_before()
    events = archived_events(current_user.organization_ids, before=before)
    return render_template(
        "events/archive.html",
        events=events,
        next_before=events[-1].id if len(events) == PAGE else None,
        organizations=len(current_user.organization_ids),
        done=request.args.get("done", type=int),
        sentence=conflict.sentence(language.current()) if conflict else "",
        is_address_taken=conflict is not None and conflict.rule == "uq_events_organization_id_slug",
        wished=(request.view_args or {}).get("archived_id"),
    )
