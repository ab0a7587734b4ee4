"""Who did what at an event; nothing in it can be changed."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.events.forms.activity import read_search
from portal.events.queries.activity import Kind, activity_page, actors_of, tables_of
from portal.events.rules import EventView
from portal.kit.access import EVENT, requires

blueprint = Blueprint("activity", __name__)


@blueprint.get(f"{EVENT}/activity")
@requires("activity.see")
def show(event: EventView) -> ResponseReturnValue:
    """The log, newest first, narrowed to what is looked for."""
    search = read_search()
    return render_template(
        "events/activity.html",
        event=event,
        search=search,
        page=activity_page(event, search),
        actors=actors_of(event),
        tables=tables_of(event),
        kinds=list(Kind),
    )
