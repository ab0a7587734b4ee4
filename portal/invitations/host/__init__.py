"""The host's side of invitations: who is invited, and each household with its people, link and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.rules import EventView, why_replies_closed
from portal.invitations.actions import links
from portal.invitations.actions.answers import answer, deadline_words
from portal.invitations.actions.people import order_members
from portal.invitations.forms import people as forms
from portal.invitations.forms import read_status
from portal.invitations.forms.wishes import read_marked, read_wish
from portal.invitations.host import answers, groups, guests
from portal.invitations.models import Rsvp
from portal.invitations.queries import has_seats, parts_lost, session_answers
from portal.invitations.queries.households import Show, find_table_name, guest_counts, guest_page
from portal.invitations.queries.people import HouseholdView, find_household
from portal.invitations.queries.sharing import share
from portal.invitations.rules import Viewer
from portal.kit import clock, errors, htmx, language, presentation, undo
from portal.kit.access import EVENT, INVITATION, MEMBER, requires
from portal.kit.conflicts import Conflict
from portal.waiting.actions.wishes import join_waiting_list

__all__ = ["answers", "blueprint", "groups", "guests"]

blueprint = Blueprint("households", __name__)


@blueprint.get(f"{EVENT}/invitations")
@requires("events.see")
def index(event: EventView) -> ResponseReturnValue:
    """Every invitation with its members, answers and link."""
    wish = read_wish()
    return render_template(
        "invitations/households.html",
        event=event,
        wish=wish,
        kinds=list(Show),
        has_seats=has_seats(event.id),
        counts=guest_counts(event),
        page=guest_page(event, wish),
        table=find_table_name(event, wish.table_id) if wish.table_id else None,
        marked=undo.marked(event.id),
    )


@blueprint.post(f"{EVENT}/invitations/sent")
@requires("guests.edit")
def mark_several(event: EventView) -> ResponseReturnValue:
    """Note that the ticked links were sent, or all that the page shows; or that they were not after all."""
    sent = request.form.get("mark") != "unsent"
    changed = links.mark_sent(event, read_marked(), sent=sent, actor=_actor(), now=clock.now())
    undo.mark(event.id, changed if sent else [])
    wish = read_wish()
    return redirect(url_for("households.index", event_id=event.id, **wish.arguments(after=wish.after)), code=303)


@blueprint.get(INVITATION)
@requires("events.see")
def household(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """One household: its people, their answers, its link."""
    return render_template("invitations/household_page.html", **_words(event, _household(event, invitation_id)))


@blueprint.post(f"{INVITATION}/order")
@requires("guests.edit")
def order(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Put somebody one place further up or down."""
    here, direction = _household(event, invitation_id), forms.read_direction()
    if direction is not None:
        order_members(here.viewer, here.with_moved(*direction), now=clock.now())
    return _shown(event, invitation_id)


@blueprint.post(f"{INVITATION}/rsvp")
@requires("guests.edit")
def answer_for_all(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Answer for everybody, as they said on the phone."""
    viewer, status = _household(event, invitation_id).viewer, read_status()
    return _answer(viewer, {member.id: status for member in viewer.members})


@blueprint.post(f"{MEMBER}/rsvp")
@requires("guests.edit")
def answer_for_one(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Answer for one of them."""
    viewer = _household(event, invitation_id).viewer
    member = viewer.find_member(member_id) or abort(404)
    return _answer(viewer, {member.id: read_status()})


@blueprint.post(f"{INVITATION}/waiting")
@requires("guests.edit")
def wait(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Put a household on the waiting list of an event that is full."""
    viewer = _household(event, invitation_id).viewer
    declined = [member.id for member in viewer.members if member.rsvp == Rsvp.DECLINED]
    everybody = declined if len(declined) == len(viewer.members) else []
    join_waiting_list(viewer, None, asking=everybody, now=clock.now())
    return _shown(event, invitation_id)


@blueprint.post(f"{INVITATION}/sent")
@requires("guests.edit")
def mark(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Note that a link was sent, or that it was not after all."""
    here, sent = _household(event, invitation_id), request.form.get("mark") != "unsent"
    links.mark_sent(event, [here.id], sent=sent, actor=_actor(), now=clock.now())
    return _shown(event, invitation_id)


@blueprint.post(f"{INVITATION}/link/revoke")
@requires("guests.edit")
def revoke(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Withdraw the link; what the household had is free at once."""
    links.revoke_link(_household(event, invitation_id).viewer, now=clock.now())
    return _shown(event, invitation_id)


@blueprint.post(f"{INVITATION}/link/restore")
@requires("guests.edit")
def restore(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Give the link back, and what the household had as far as it is still free."""
    viewer = _household(event, invitation_id).viewer
    hoped = session_answers(viewer.invitation_id)
    undo.regret(links.restore_link(viewer, now=clock.now()))
    undo.miss(*parts_lost(viewer, hoped))
    return _shown(event, invitation_id)


@blueprint.post(f"{INVITATION}/link/renew")
@requires("guests.edit")
def renew(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Make a new link; the old one opens nothing any more."""
    links.renew_link(_household(event, invitation_id).viewer, shown=forms.read_version(), now=clock.now())
    return _shown(event, invitation_id)


@blueprint.get(f"{INVITATION}/qr.<any(svg, png):picture>")
@requires("events.see")
def qr(event: EventView, invitation_id: int, picture: str) -> ResponseReturnValue:
    """The link as a picture to keep."""
    here = _household(event, invitation_id)
    response = make_response(presentation.qr_file(presentation.public_url(here.path), picture))
    response.mimetype = "image/svg+xml" if picture == "svg" else "image/png"
    response.headers["Content-Disposition"] = f"attachment; filename=invitation-{here.viewer.code}.{picture}"
    return response


def speak(conflict: Conflict | None) -> Response:
    """The household as it is now, with what was refused; 303 or the fragment when it was done already."""
    named = request.view_args or {}
    event: EventView = current_app.extensions["event_gate"](named["event_id"])
    if "invitation_id" not in named:
        return make_response(redirect(url_for("households.index", event_id=event.id), code=303))
    if conflict is None:
        return _shown(event, named["invitation_id"])
    words = _words(event, _household(event, named["invitation_id"]), conflict)
    return htmx.refuse("invitations/_household.html", "invitations/household_page.html", words, status=409)


errors.speaks(blueprint, speak)


def _answer(viewer: Viewer, answers: Mapping[int, Rsvp]) -> Response:
    hoped = session_answers(viewer.invitation_id) if Rsvp.ACCEPTED in answers.values() else set()
    answer(viewer, answers, shown=forms.read_answers(), now=clock.now())
    undo.miss(*parts_lost(viewer, hoped))
    return _shown(viewer.event, viewer.invitation_id)


def _actor() -> str:
    return f"user:{current_user.id}"


def _household(event: EventView, invitation_id: int) -> HouseholdView:
    return find_household(event, invitation_id, clock.now(), host=_actor()) or abort(404)


def _words(event: EventView, here: HouseholdView, conflict: Conflict | None = None) -> dict[str, Any]:
    """What the page of a household and its fragment need."""
    closed = why_replies_closed(event, clock.now())
    with_seats = has_seats(event.id)
    return {
        "event": event,
        "household": here,
        "has_seats": with_seats,
        "share": share(event, here, with_seats=with_seats),
        "shown": forms.sealed({str(member.id): member.rsvp for member in here.viewer.members}),
        "closed": closed.conflict(when=deadline_words(event)).rule if closed else "",
        "deadline": deadline_words(event),
        "lost": undo.regrets(),
        "full": undo.missed(),
        "refused": conflict.sentence(language.current()) if conflict else "",
        "is_full": conflict is not None and conflict.rule == "ck_events_capacity",
    }


def _shown(event: EventView, invitation_id: int) -> Response:
    """Answer a change with the household as it is now."""
    return htmx.reply(
        lambda: render_template("invitations/_household.html", **_words(event, _household(event, invitation_id))),
        to=url_for("households.household", event_id=event.id, invitation_id=invitation_id),
    )
