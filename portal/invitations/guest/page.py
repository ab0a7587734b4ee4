"""How the invitation is shown: after a change, with a refusal on it, and what its page needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from portal.events.models import Status
from portal.events.queries import sessions_of
from portal.events.rules import why_replies_closed
from portal.invitations import queries
from portal.invitations.actions.answers import deadline_words
from portal.invitations.models import Rsvp
from portal.invitations.queries.standing import mark, place_in_line
from portal.invitations.rules import Viewer
from portal.kit import calendar, clock, htmx, language, presentation, undo
from portal.kit.conflicts import Conflict
from portal.seating.queries.requests import find_requests_page
from portal.seating.rules.picking import why_not_pick


def speak(conflict: Conflict | None) -> Response:
    """The invitation as it is now, with what was refused; 303 or fragments when it was done already."""
    token = str((request.view_args or {})["token"])
    if conflict is None:
        return shown(token)
    viewer = queries.get_viewer(token, clock.now())
    needed = words(viewer, conflict=conflict)
    return htmx.refuse("invitations/_invitation.html", "invitations/show.html", needed, status=409)


def shown(token: str, *, focus: str = "") -> Response:
    """Answer a change with the invitation as it is now; ``focus`` is the id of the part that tells of it."""

    def fragment() -> str:
        viewer = queries.get_viewer(token, clock.now())
        return render_template("invitations/_invitation.html", **words(viewer, focus=focus))

    return htmx.reply(fragment, to=url_for("invitations.show", token=token))


NO_SUMMARY: dict[str, Any] = {"has_room": False, "sessions": (), "google_link": "", "share_text": ""}


def words(viewer: Viewer, *, conflict: Conflict | None = None, focus: str = "") -> dict[str, Any]:
    """What the invitation and its fragment need."""
    now = clock.now()
    event = viewer.event
    closed = why_replies_closed(event, now)
    not_pick = why_not_pick(event, now)
    opens = presentation.short_moment(event.seats_open_at, event.time_zone)
    waiting = _waiting_words(viewer, conflict, now)
    asked = find_requests_page(viewer, now)
    return {
        **waiting,
        **(_summary_words(viewer) if viewer.accepted else NO_SUMMARY),
        "focus": focus,
        "viewer": viewer,
        "event": event,
        "is_open": closed is None,
        "closed_sentence": closed.conflict(when=deadline_words(event)).sentence(language.current()) if closed else "",
        "is_canceled": event.status == Status.CANCELED,
        "picking_sentence": not_pick.conflict(when=opens).sentence(language.current()) if not_pick else "",
        "requests": asked,
        "mark": mark(viewer, asked, waiting["standing"]),
        "last": undo.recall(viewer.invitation_id),
        "lost": undo.regrets(),
        "full": undo.missed()[0],
        "conflict": conflict.sentence(language.current()) if conflict else "",
    }


def _summary_words(viewer: Viewer) -> dict[str, Any]:
    """What the summary says to those who come."""
    return {
        "has_room": queries.has_seats(viewer.event.id),
        "sessions": sessions_of(viewer.event.id),
        "google_link": calendar.google_link(appointment(viewer)),
        "share_text": _share_text(viewer),
    }


def _waiting_words(viewer: Viewer, conflict: Conflict | None, now: datetime) -> dict[str, Any]:
    """Who of them would like to come and has no place, and how they stand where there is not room for all."""
    refused = conflict.detail if conflict is not None and conflict.rule == "ck_events_capacity" else None
    asking = refused or ()
    hopeful = [
        member
        for member in viewer.members
        if member.rsvp == Rsvp.PENDING or (member.id in asking and member.rsvp == Rsvp.DECLINED)
    ]
    return {
        "hopeful": hopeful,
        "standing": place_in_line(viewer, len(hopeful), now),
    }


def appointment(viewer: Viewer) -> calendar.Appointment:
    """The event as an entry in somebody's calendar."""
    event = viewer.event
    return calendar.Appointment(
        uid=f"event-{event.id}@placecard",
        title=event.title,
        place=event.place,
        description=event.description,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        canceled=event.status == Status.CANCELED,
    )


def _share_text(viewer: Viewer) -> str:
    """The message that goes to the family with the link."""
    link = presentation.public_url(url_for("invitations.show", token=viewer.token))
    words = _("%(title)s: please answer for yourself and pick a seat. %(link)s", title=viewer.event.title, link=link)
    return quote(words)
