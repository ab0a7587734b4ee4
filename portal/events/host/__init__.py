"""The host's events, and how each of them stands."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.audit.queries import last_change
from portal.events.models import Status
from portal.events.queries import events_of
from portal.events.queries.feed import feed as feed_of
from portal.events.queries.kitchen import kitchen, served
from portal.events.queries.life import facts_of
from portal.events.queries.room import room as room_of
from portal.events.queries.tallies import answer_counts, answers_per_day, part_tallies
from portal.events.queries.tallies import tallies as tallies_of
from portal.events.queries.todo import sort_out, things
from portal.events.rules import EventView, countdown
from portal.events.rules.life import lacks
from portal.invitations.queries import preview_token
from portal.kit import clock, htmx, live, seen
from portal.kit.access import EVENT, requires
from portal.organizations.queries import organization_names

MOST_STREAMS = 20
"""Pages of one host that are told of changes at once; beyond that they ask now and then."""

blueprint = Blueprint("events", __name__)


@blueprint.get("/host")
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
def overview(event: EventView) -> ResponseReturnValue:
    """How an event stands, on one page."""
    now, counts, tables = clock.now(), tallies_of(event), room_of(event)
    food, sessions = kitchen(event), part_tallies(event)
    facts = facts_of(event) if event.status == Status.DRAFT else None
    return render_template(
        "events/overview.html",
        event=event,
        now=now,
        facts=facts,
        lacks=lacks(event, facts, now) if facts else [],
        countdown=countdown(event, now),
        tallies=counts,
        days=answers_per_day(event, now),
        things=sort_out(event, counts, tables, food, sessions, now, seen.last(event.id)),
        room=tables,
        kitchen=food,
        served=served(event, food),
        parts=sessions,
        feed=feed_of(event),
    )


@blueprint.get(f"{EVENT}/tallies")
@htmx.fragment
@requires("events.see")
def tallies(event: EventView) -> ResponseReturnValue:
    """The sentence and the replies, as they are now."""
    now = clock.now()
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
def todo(event: EventView) -> ResponseReturnValue:
    """What there is to sort out, as it is now."""
    return render_template("events/_todo.html", event=event, things=things(event, clock.now(), seen.last(event.id)))


@blueprint.get(f"{EVENT}/to-sort-out")
@requires("events.see")
def everything_to_sort_out(event: EventView) -> ResponseReturnValue:
    """All of it, for the day on which there is more than fits at a glance."""
    now = clock.now()
    return render_template("events/todo.html", event=event, things=things(event, now, seen.last(event.id)), now=now)


@blueprint.get(f"{EVENT}/to-sort-out/list")
@htmx.fragment
@requires("events.see")
def everything(event: EventView) -> ResponseReturnValue:
    """All of it, as it is now."""
    now = clock.now()
    return render_template("events/_everything.html", event=event, things=things(event, now, seen.last(event.id)))


@blueprint.get(f"{EVENT}/parts")
@htmx.fragment
@requires("events.see")
def parts(event: EventView) -> ResponseReturnValue:
    """How many come to each part of the event now."""
    return render_template("events/_parts.html", event=event, parts=part_tallies(event))


@blueprint.get(f"{EVENT}/room")
@htmx.fragment
@requires("events.see")
def room(event: EventView) -> ResponseReturnValue:
    """How full each table is now."""
    return render_template("events/_room.html", event=event, room=room_of(event))


@blueprint.get(f"{EVENT}/meals")
@htmx.fragment
@requires("events.see")
def meals(event: EventView) -> ResponseReturnValue:
    """What the kitchen must know now."""
    food = kitchen(event)
    return render_template("events/_meals.html", event=event, kitchen=food, served=served(event, food))


@blueprint.get(f"{EVENT}/feed")
@htmx.fragment
@requires("events.see")
def feed(event: EventView) -> ResponseReturnValue:
    """What guests did last."""
    return render_template("events/_feed.html", event=event, feed=feed_of(event), now=clock.now())


@blueprint.get(f"{EVENT}/live")
@htmx.fragment
@requires("events.see")
def stream(event: EventView) -> ResponseReturnValue:
    """What kind of thing changes, as it changes."""
    topics, owner = live.Topics(lambda: last_change(event.id)), f"user:{current_user.id}"
    return live.stream("host", event.id, lambda: topics, None, owner=owner, most=MOST_STREAMS)


@blueprint.get(f"{EVENT}/as-guest")
@requires("events.see")
def as_guest(event: EventView) -> ResponseReturnValue:
    """The event as a guest sees it, also while it is a draft."""
    return redirect(url_for("invitations.show", token=preview_token(event)), code=303)
