"""The host's events: how an event stands, and who is invited."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.audit.queries import last_change
from portal.events.forms import read_wish
from portal.events.queries import events_of, find_event
from portal.events.queries.feed import feed as feed_of
from portal.events.queries.guests import Show, find_guest_path, find_table_name, guest_counts, guest_page
from portal.events.queries.kitchen import kitchen
from portal.events.queries.room import room as room_of
from portal.events.queries.tallies import answer_counts, answers_per_day
from portal.events.queries.tallies import tallies as tallies_of
from portal.events.rules import EventView, countdown
from portal.invitations.queries import has_seats
from portal.kit import clock, htmx, live
from portal.kit.access import requires
from portal.organizations.queries import organization_names

MOST_STREAMS = 20
"""Pages of one host that are told of changes at once; beyond that they ask now and then."""

blueprint = Blueprint("events", __name__, url_prefix="/host")

EVENT = "/events/<int(max=2147483647):event_id>"
"""An event's address; a larger number cannot be a key."""


@blueprint.get("")
@requires("events.see")
def index() -> ResponseReturnValue:
    """All events of the organization, a card each."""
    now = clock.now()
    events = events_of(current_user.organization_ids, now=now)
    return render_template(
        "events/index.html",
        events=events,
        counts=answer_counts([event.id for event in events]),
        organizations=organization_names(current_user.organization_ids),
        now=now,
    )


@blueprint.get(EVENT)
@requires("events.see")
def overview(event_id: int) -> ResponseReturnValue:
    """How an event stands, on one page."""
    event, now = _event(event_id), clock.now()
    return render_template(
        "events/overview.html",
        event=event,
        now=now,
        countdown=countdown(event, now),
        tallies=tallies_of(event),
        days=answers_per_day(event, now),
        room=room_of(event),
        kitchen=kitchen(event),
        feed=feed_of(event),
        guest_path=find_guest_path(event),
    )


@blueprint.get(f"{EVENT}/tallies")
@htmx.fragment
@requires("events.see")
def tallies(event_id: int) -> ResponseReturnValue:
    """The sentence and the replies, as they are now."""
    event, now = _event(event_id), clock.now()
    return render_template(
        "events/_tallies.html",
        event=event,
        countdown=countdown(event, now),
        tallies=tallies_of(event),
        days=answers_per_day(event, now),
    )


@blueprint.get(f"{EVENT}/todo")
@htmx.fragment
@requires("events.see")
def todo(event_id: int) -> ResponseReturnValue:
    """What there is to sort out, as it is now."""
    event = _event(event_id)
    return render_template(
        "events/_todo.html", event=event, tallies=tallies_of(event), room=room_of(event), kitchen=kitchen(event)
    )


@blueprint.get(f"{EVENT}/room")
@htmx.fragment
@requires("events.see")
def room(event_id: int) -> ResponseReturnValue:
    """How full each table is now."""
    event = _event(event_id)
    return render_template("events/_room.html", event=event, room=room_of(event))


@blueprint.get(f"{EVENT}/meals")
@htmx.fragment
@requires("events.see")
def meals(event_id: int) -> ResponseReturnValue:
    """What the kitchen must know now."""
    event = _event(event_id)
    return render_template("events/_meals.html", event=event, kitchen=kitchen(event))


@blueprint.get(f"{EVENT}/feed")
@htmx.fragment
@requires("events.see")
def feed(event_id: int) -> ResponseReturnValue:
    """What guests did last."""
    event = _event(event_id)
    return render_template("events/_feed.html", event=event, feed=feed_of(event), now=clock.now())


@blueprint.get(f"{EVENT}/live")
@htmx.fragment
@requires("events.see")
def stream(event_id: int) -> ResponseReturnValue:
    """What kind of thing changes, as it changes."""
    event = _event(event_id)
    topics, owner = live.Topics(lambda: last_change(event.id)), f"user:{current_user.id}"
    return live.stream("host", event.id, lambda: topics, None, owner=owner, most=MOST_STREAMS)


@blueprint.get(f"{EVENT}/invitations")
@requires("events.see")
def invitations(event_id: int) -> ResponseReturnValue:
    """Every invitation with its members, answers and link."""
    event, wish = _event(event_id), read_wish()
    return render_template(
        "events/invitations.html",
        event=event,
        wish=wish,
        kinds=list(Show),
        has_seats=has_seats(event.id),
        counts=guest_counts(event),
        page=guest_page(event, wish),
        guest_path=find_guest_path(event),
        table=find_table_name(event, wish.table_id) if wish.table_id else None,
    )


def _event(event_id: int) -> EventView:
    """One of this organization's events; another one's is as if it were not there."""
    event = find_event(event_id, organization_ids=current_user.organization_ids)
    if event is None:
        abort(404)
    return event
