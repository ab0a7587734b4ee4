"""Seats, for whoever holds an invitation's link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.invitations.actions.undo import as_it_stands, restore
from portal.invitations.queries import get_viewer, refreshed
from portal.invitations.rules import MOST_STREAMS, MemberView, Viewer
from portal.kit import clock, errors, htmx, language, live, undo
from portal.kit.access import guest_link
from portal.kit.conflicts import Conflict
from portal.kit.presentation import at, kept
from portal.seating import forms
from portal.seating.actions import claims, together
from portal.seating.actions.notices import acknowledge
from portal.seating.actions.swaps import swap_seats
from portal.seating.guest.map_stream import Looker, MapSource
from portal.seating.queries.page import SeatingPage, conflict_page, seating_page, with_lost_seats
from portal.seating.queries.requests import find_requests_page
from portal.seating.queries.seats import SeatNotFound
from portal.seating.rules.changes import glance
from portal.seating.rules.picking import Wish

blueprint = Blueprint("seating", __name__, url_prefix="/i/<token>")
blueprint.register_error_handler(SeatNotFound, lambda _error: errors.not_found())


@blueprint.get("/seats")
@guest_link
def seats(viewer: Viewer) -> ResponseReturnValue:
    """The seat page: table cards, the floor plan, or one table."""
    requests = find_requests_page(viewer, clock.now())
    return render_template("seating/seats.html", page=_told(_page(viewer)), requests=requests)


@blueprint.get("/seats/map")
@htmx.fragment
@guest_link
def seat_map(viewer: Viewer) -> ResponseReturnValue:
    """The map alone, as it is now."""
    page = _page(viewer)
    shared = kept(page.keeps, *page.key, caller=lambda: render_template("seating/_seat_map.html", page=page))
    return at(shared, url_for("seating.seats", token=viewer.token), page.look.mine)


@blueprint.get("/live")
@htmx.fragment
@guest_link
def stream(viewer: Viewer) -> ResponseReturnValue:
    """What changes on the map, as it changes."""
    look, event = forms.read_look(), viewer.event
    about = Looker(viewer.invitation_id, look, glance(viewer, look, language.current()))
    owner = viewer.listens_as
    return live.stream("map", event.id, lambda: MapSource(event), about, owner=owner, most=MOST_STREAMS)


@blueprint.post("/members/<int:member_id>/seat")
@guest_link
def take(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Take this seat; it is confirmed at once."""
    return _change(viewer, member_id, claims.take_seat)


@blueprint.post("/members/<int:member_id>/hold")
@guest_link
def hold(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Keep this seat for a while, or take it where the event has no holds."""
    return _change(viewer, member_id, claims.hold_seat)


@blueprint.post("/members/<int:member_id>/seat/release")
@guest_link
def release(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Give back the seat or the hold that the form names, or whatever the member has."""
    member = viewer.find_member(member_id) or abort(404)
    before, now = as_it_stands(viewer), clock.now()
    claims.release_seat(viewer, member, seat_id=forms.find_seat_id(), now=now)
    undo.remember(viewer.invitation_id, "seat", before, now=now)
    return _shown(viewer, now)


@blueprint.post("/seats/confirm")
@guest_link
def confirm(viewer: Viewer) -> ResponseReturnValue:
    """Turn everything that is held for the household into seats."""
    now = clock.now()
    claims.confirm_seats(viewer, forms.read_held(viewer), now=now)
    return _shown(viewer, now)


@blueprint.post("/seats/keep")
@guest_link
def keep(viewer: Viewer) -> ResponseReturnValue:
    """Begin the time of everything that is held anew, and take back what ran out and is still free."""
    now = clock.now()
    claims.keep_seats(viewer, forms.read_held(viewer), now=now)
    return _shown(viewer, now)


@blueprint.post("/members/<int:member_id>/swap")
@guest_link
def swap(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Give a member the seat that another of the household has, and the other theirs."""
    return _change(viewer, member_id, swap_seats)


@blueprint.post("/seats/undo")
@guest_link
def take_back(viewer: Viewer) -> ResponseReturnValue:
    """Take back what this browser did last."""
    now = clock.now()
    if (last := undo.recall(viewer.invitation_id)) is not None:
        undo.regret(restore(viewer, last.before, now=now))
        undo.forget()
    return _shown(viewer, now)


@blueprint.post("/seats/together")
@guest_link
def sit_together(viewer: Viewer) -> ResponseReturnValue:
    """The best free seats for everybody, at a table or wherever there are some; or exactly these."""
    before, now = as_it_stands(viewer), clock.now()
    if seat_ids := forms.read_seat_ids():
        together.seat_at(viewer, seat_ids, now=now)
    else:
        table, step_free = request.form.get("table") or None, forms.read_look().step_free
        together.seat_together(viewer, table_slug=table, step_free=step_free, now=now)
    undo.remember(viewer.invitation_id, "seat", before, now=now)
    return _shown(viewer, now, at_their_table=True)


@blueprint.post("/seats/seen")
@guest_link
def seen(viewer: Viewer) -> ResponseReturnValue:
    """The household has seen what the hosts moved."""
    now, back = clock.now(), forms.read_back()
    acknowledge(viewer, now=now)
    viewer = refreshed(viewer, now)
    return htmx.reply(
        lambda: render_template("seating/_moved.html", viewer=viewer, back=back),
        to=url_for("seating.seats" if back == "seats" else "invitations.show", token=viewer.token),
    )


def speak(conflict: Conflict | None) -> Response:
    """The map as it is now, with what was refused and the nearest ways on."""
    now = clock.now()
    viewer = get_viewer(str((request.view_args or {})["token"]), now)
    if conflict is None:
        return _shown(viewer, now)
    page = conflict_page(viewer, forms.read_look(), conflict, _wishes(conflict), now)
    return htmx.refuse("seating/_seating.html", "seating/seats.html", {"page": page}, status=409)


errors.speaks(blueprint, speak)


def _wishes(conflict: Conflict) -> list[Wish]:
    """Who wanted which seats: as the refusal says, or else the request."""
    if isinstance(conflict.detail, tuple) and isinstance(conflict.detail[0], Wish):
        return list(conflict.detail)
    member_id, seat_id = (request.view_args or {}).get("member_id"), request.form.get("seat_id", "")
    return [Wish(member_id, int(seat_id))] if member_id and seat_id.isascii() and seat_id.isdigit() else []


def _change(viewer: Viewer, member_id: int, change: Callable[..., None]) -> Response:
    member = viewer.find_member(member_id) or abort(404)
    before, now = as_it_stands(viewer), clock.now()
    change(viewer, member, forms.read_seat_id(), now=now)
    undo.remember(viewer.invitation_id, "seat", before, now=now)
    return _shown(viewer, now, done=member)


def _page(viewer: Viewer) -> SeatingPage:
    return seating_page(viewer, forms.read_look(), clock.now())


def _shown(viewer: Viewer, now: datetime, *, done: MemberView | None = None, at_their_table: bool = False) -> Response:
    """Answer a change with the seat page as it is now, turned to whoever is next or to the table they share."""
    viewer = refreshed(viewer, now)
    look = forms.read_look()
    tables = {member.seat.table_slug for member in viewer.accepted if member.seat}
    if at_their_table and len(tables) == 1:
        look = replace(look, table=tables.pop())
    page = seating_page(viewer, look, now, done=viewer.find_member(done.id) if done else None)
    return htmx.reply(
        lambda: render_template("seating/_seating.html", page=_told(page)),
        to=url_for("seating.seats", token=viewer.token, **page.look.arguments()),
    )


def _told(page: SeatingPage) -> SeatingPage:
    """The page with the seats on it that an undo could not bring back; told once."""
    lost = undo.regrets()
    return with_lost_seats(page, lost) if lost else page
