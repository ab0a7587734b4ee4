"""The host's seating: the whole plan, and every way to change it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.events.rules import EventView
from portal.kit import clock, errors, htmx
from portal.kit.access import EVENT, requested_event, requires
from portal.kit.conflicts import Conflict
from portal.seating import forms
from portal.seating.actions.hosting import seat_people
from portal.seating.actions.regrets import take_back
from portal.seating.actions.tables import seat_at_table
from portal.seating.host.page import asked, chosen, plan_page, shown
from portal.seating.queries.hurdles import Hurdle, hurdle_of
from portal.seating.queries.people import find_sitter
from portal.seating.rules.people import Wish
from portal.seating.rules.plan import MOST_PICKED

blueprint = Blueprint("seating_host", __name__)
SEATING = f"{EVENT}/seating"


@blueprint.get(SEATING)
@requires("seating.edit")
def plan(event: EventView) -> ResponseReturnValue:
    """The whole plan: who has no seat, and who sits where."""
    return render_template("seating/plan.html", plan=plan_page(event), event=event)


@blueprint.get(f"{SEATING}/plan")
@htmx.fragment
@requires("seating.edit")
def part(event: EventView) -> ResponseReturnValue:
    """The plan alone, as it is now, with whoever is chosen."""
    return render_template("seating/_plan.html", plan=plan_page(event))


@blueprint.post(f"{SEATING}/choose")
@requires("seating.edit")
def choose(event: EventView) -> ResponseReturnValue:
    """Choose people, to see how they would sit at each table; nothing is changed."""
    picks = chosen(event)
    if len(picks) > MOST_PICKED:
        abort(422, _("Please choose at most %(count)s people at once.", count=MOST_PICKED))
    look = forms.read_looking().arguments(place=[pick.place_id for pick in picks] or None)
    return redirect(url_for("seating_host.plan", event_id=event.id, **look), code=303)


@blueprint.post(f"{SEATING}/seat")
@requires("seating.edit")
def seat(event: EventView) -> ResponseReturnValue:
    """Put the chosen on this seat, around it, or at this table; without anybody, choose whoever sits there."""
    picks, (seat_id, table_id), now = chosen(event), forms.read_goal(), clock.now()
    if not picks:
        return _choose_sitter(event, seat_id)
    actor = current_user.actor
    if seat_id is not None and len(picks) == 1:
        seat_people(event, [Wish(picks[0], seat_id)], actor=actor, now=now)
    else:
        seat_at_table(event, picks, table_id=table_id, near=seat_id, actor=actor, now=now)
    return shown(event)


@blueprint.post(f"{SEATING}/seats")
@requires("seating.edit")
def seats(event: EventView) -> ResponseReturnValue:
    """Several people at once, each on the seat that is named for them: all or nobody."""
    seat_people(event, forms.read_moves(), actor=current_user.actor, now=clock.now())
    return shown(event)


@blueprint.post(f"{SEATING}/free")
@requires("seating.edit")
def free(event: EventView) -> ResponseReturnValue:
    """Take the chosen off their seats."""
    wishes = [Wish(pick) for pick in chosen(event)] or abort(422, _("Choose somebody first."))
    seat_people(event, wishes, verb="seat.freed", actor=current_user.actor, now=clock.now())
    return shown(event)


@blueprint.post(f"{SEATING}/undo")
@requires("seating.edit")
def undo(event: EventView) -> ResponseReturnValue:
    """Take back what this host did last, if that is what their page says; the step before that the next time."""
    step_id, partly = forms.read_step(), bool(request.form.get("partly"))
    take_back(event, step_id=step_id, partly=partly, actor=current_user.actor, now=clock.now())
    return shown(event)


def speak(conflict: Conflict | None) -> Response:
    """The plan as it is now, with what was refused, whoever was chosen still chosen, and the nearest ways on."""
    event = requested_event()
    if conflict is None:
        return shown(event)
    picks, is_undo = asked(event), request.endpoint == "seating_host.undo"
    hurdle = hurdle_of(event, conflict, picks, clock.now(), is_undo=is_undo)
    words = {"plan": plan_page(event, picks=picks, hurdle=hurdle), "event": event}
    return htmx.refuse("seating/_plan.html", "seating/plan.html", words, status=409)


errors.speaks(blueprint, speak)


def _choose_sitter(event: EventView, seat_id: int | None) -> Response:
    sitter = find_sitter(event.id, seat_id) if seat_id is not None else None
    if sitter is not None:
        return shown(event, picks=[sitter])
    title = _("Choose somebody first, then tap a seat or a table.")
    words = {"plan": plan_page(event, hurdle=Hurdle(title, (), (), ())), "event": event}
    return htmx.refuse("seating/_plan.html", "seating/plan.html", words, status=422)
