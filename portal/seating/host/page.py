"""How the host's seating is shown, and whom a form of it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, render_template, request, url_for
from flask_login import current_user

from portal.events.rules import EventView
from portal.kit import clock, htmx
from portal.seating import forms
from portal.seating.queries.hurdles import Hurdle
from portal.seating.queries.people import unseated_of
from portal.seating.queries.plan import Plan, plan_of
from portal.seating.rules.people import Pick


def chosen(event: EventView) -> list[Pick]:
    """Whom a form names, one by one or by their whole household; who is named in both ways is meant once."""
    picks = forms.read_picks()
    named = {pick.place_id for pick in picks}
    families = unseated_of(event.id, forms.read_households())
    return picks + [Pick(person.id, 0) for person in families if person.id not in named]


def asked(event: EventView) -> list[Pick]:
    """Whom a refused form was about."""
    if "moves" in request.form:
        return [wish.pick for wish in forms.read_moves()]
    return chosen(event)


def plan_page(event: EventView, *, picks: Sequence[Pick] | None = None, hurdle: Hurdle | None = None) -> Plan:
    """The plan as this host looks at it now."""
    look = forms.read_looking()
    if picks is not None:
        look = replace(look, picks=tuple(picks))
    return plan_of(event, look, clock.now(), actor=current_user.actor, hurdle=hurdle)


def shown(event: EventView, *, picks: Sequence[Pick] = ()) -> Response:
    """Answer a change with the plan as it is now; whoever was chosen is so no more."""
    look = replace(forms.read_looking(), picks=tuple(picks))
    return htmx.reply(
        lambda: render_template("seating/planned.html", plan=plan_page(event, picks=picks)),
        to=url_for("seating_host.plan", event_id=event.id, **look.arguments()),
    )
