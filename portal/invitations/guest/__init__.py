"""The invitation, for whoever holds its link."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.rules import safe_path
from portal.events.queries import sessions_of
from portal.events.rules import why_replies_closed
from portal.invitations import forms, queries
from portal.invitations.actions.answers import answer, open_invitation
from portal.invitations.actions.details import change_details, choose_language
from portal.invitations.actions.undo import as_it_stands, restore
from portal.invitations.guest.page import appointment, shown, speak, words
from portal.invitations.guest.page_stream import InvitationSource, Reader
from portal.invitations.models import Rsvp
from portal.invitations.rules import MOST_STREAMS, MemberView, Viewer, household_pass, member_pass
from portal.kit import calendar, clock, errors, htmx, language, live, tokens, undo
from portal.kit.access import guest_link, public
from portal.kit.database import phrasebook
from portal.kit.limits import limiter, wrong_code
from portal.kit.renderings import rendered
from portal.waiting.actions import wishes

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """The front page: type the code on your card."""
    return render_template("invitations/front.html", code="", wrong=False)


@blueprint.post("/")
@public
@limiter.limit("10/minute;60/hour", deduct_when=wrong_code)
@limiter.limit("600/hour", key_func=lambda: "every address", deduct_when=wrong_code)
def enter_code() -> ResponseReturnValue:
    """From the code on a card to the invitation; every wrong code gets the same answer."""
    typed = request.form.get("code", "")[:40]
    code = tokens.read_code(typed)
    if code is None or queries.find_invitation(code) is None:
        return render_template("invitations/front.html", code=typed, wrong=True), 422
    return redirect(url_for("invitations.show", token=queries.token_of(code)), code=303)


@blueprint.post("/language")
@public
def choose_page_language() -> ResponseReturnValue:
    """Speak another language to this browser, on pages that belong to no household, and go on there."""
    onward = safe_path(request.form.get("next", ""), otherwise=url_for("invitations.front"))
    response = redirect(onward, code=303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        language.COOKIE, forms.read_language(), max_age=31536000, secure=secure, httponly=True, samesite="Lax"
    )
    return response


@blueprint.get("/i/<token>")
@guest_link
def show(viewer: Viewer) -> ResponseReturnValue:
    """The invitation page."""
    return rendered("invitations/show.html", words(viewer), of=viewer.invitation_id)


@blueprint.get("/i/<token>/news")
@htmx.fragment
@guest_link
def stream(viewer: Viewer) -> ResponseReturnValue:
    """That something of theirs has changed elsewhere, as it changes."""
    event, about = viewer.event, Reader(viewer.invitation_id, viewer.token)
    owner = viewer.listens_as
    return live.stream("invitations", event.id, lambda: InvitationSource(event), about, owner=owner, most=MOST_STREAMS)


@blueprint.post("/i/<token>/rsvp")
@guest_link
def answer_for_all(viewer: Viewer) -> ResponseReturnValue:
    """Everybody at once."""
    status = forms.read_status()
    return _answer(viewer, {member.id: status for member in viewer.members})


@blueprint.post("/i/<token>/members/<int:member_id>/rsvp")
@guest_link
def answer_for_one(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """One member's answer."""
    member = _get_member(viewer, member_id)
    return _answer(viewer, {member.id: forms.read_status()})


@blueprint.post("/i/<token>/undo")
@guest_link
def take_back(viewer: Viewer) -> ResponseReturnValue:
    """Take back what this browser did last."""
    if (last := undo.recall(viewer.invitation_id)) is not None:
        hoped = queries.session_answers(viewer.invitation_id)
        undo.regret(restore(viewer, last.before, now=clock.now()))
        undo.forget()
        undo.miss(*queries.parts_lost(viewer, hoped))
    return shown(viewer.token)


@blueprint.post("/i/<token>/waiting")
@guest_link
def join_waiting_list(viewer: Viewer) -> ResponseReturnValue:
    """Wait for places, or for another number of them."""
    wishes.join_waiting_list(viewer, forms.read_wants(viewer), asking=forms.read_members(viewer), now=clock.now())
    return shown(viewer.token, focus="waiting")


@blueprint.post("/i/<token>/waiting/accept")
@guest_link
def accept_offer(viewer: Viewer) -> ResponseReturnValue:
    """Say yes for those of the household who are named, or for everybody who waits."""
    waiting = [member.id for member in viewer.members if member.rsvp == Rsvp.PENDING]
    return _answer(viewer, dict.fromkeys(forms.read_members(viewer) or waiting, Rsvp.ACCEPTED))


@blueprint.post("/i/<token>/waiting/pass")
@guest_link
def pass_offer_on(viewer: Viewer) -> ResponseReturnValue:
    """Let somebody else have the places, and go on waiting."""
    wishes.pass_offer_on(viewer, now=clock.now())
    return shown(viewer.token, focus="waiting")


@blueprint.post("/i/<token>/waiting/leave")
@guest_link
def leave_waiting_list(viewer: Viewer) -> ResponseReturnValue:
    """Wait no longer."""
    wishes.leave_waiting_list(viewer, now=clock.now())
    return shown(viewer.token, focus="waiting")


@blueprint.post("/i/<token>/opened")
@guest_link
def opened(viewer: Viewer) -> ResponseReturnValue:
    """The first touch of the page; a look alone — a link preview — is none."""
    open_invitation(viewer, now=clock.now())
    return htmx.reply(lambda: "", to=url_for("invitations.show", token=viewer.token))


@blueprint.get("/i/<token>/members/<int:member_id>")
@guest_link
def details(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Meal, needs, parts and a word to the hosts, for one member."""
    member = _get_member(viewer, member_id)
    form = _details_form(viewer, member)
    return render_template("invitations/details.html", **_details_words(viewer, member, form))


@blueprint.post("/i/<token>/members/<int:member_id>")
@guest_link
def save_details(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """Keep a member's details, and show the next member who has not chosen a meal."""
    member = _get_member(viewer, member_id)
    form = _details_form(viewer, member)
    if not form.validate():
        words = _details_words(viewer, member, form)
        return htmx.refuse("invitations/_details.html", "invitations/details.html", words, status=422)
    others = [other for other in viewer.accepted if other.meal is None] if form.same_for_all.data else []
    change_details(viewer, member, form.details(member), also_meal_of=others, now=clock.now())
    return shown(viewer.token)


@blueprint.post("/i/<token>/language")
@guest_link
def choose_household_language(viewer: Viewer) -> ResponseReturnValue:
    """Speak another language to this household from now on."""
    chosen = forms.read_language()
    choose_language(viewer, chosen, now=clock.now())
    language.prefer(chosen)
    return shown(viewer.token)


@blueprint.get("/i/<token>/calendar.ics")
@guest_link
def calendar_file(viewer: Viewer) -> ResponseReturnValue:
    """The event as a file that every calendar reads."""
    response = make_response(calendar.ics(appointment(viewer), now=clock.now()))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(viewer.event.slug, safe='')}.ics"
    return response


@blueprint.get("/i/<token>/pass")
@guest_link
def household_door_pass(viewer: Viewer) -> ResponseReturnValue:
    """One code that checks in the whole household, and everybody's own."""
    passes = [(member, member_pass(viewer.event.id, member)) for member in viewer.accepted]
    return render_template(
        "invitations/pass.html",
        viewer=viewer,
        household_code=tokens.sign(household_pass(viewer), "pass") if passes else None,
        passes=[(member, tokens.sign(code, "pass")) for member, code in passes],
    )


@blueprint.get("/i/<token>/members/<int:member_id>/pass")
@guest_link
def door_pass(viewer: Viewer, member_id: int) -> ResponseReturnValue:
    """One member's own code for the door; whoever does not come has none."""
    member = _get_member(viewer, member_id)
    if member.rsvp != Rsvp.ACCEPTED:
        raise phrasebook().refusal("ck_guest_assignments_member_accepted", {"name": member.name})
    code = tokens.sign(member_pass(viewer.event.id, member), "pass")
    return render_template("invitations/pass.html", viewer=viewer, household_code=None, passes=[(member, code)])


errors.speaks(blueprint, speak)


def _answer(viewer: Viewer, answers: dict[int, Rsvp]) -> Response:
    before, now = as_it_stands(viewer), clock.now()
    hoped = queries.session_answers(viewer.invitation_id) if Rsvp.ACCEPTED in answers.values() else set()
    if answer(viewer, answers, now=now):
        undo.remember(viewer.invitation_id, "answer", before, now=now)
        undo.miss(*queries.parts_lost(viewer, hoped))
    return shown(viewer.token)


def _details_form(viewer: Viewer, member: MemberView) -> forms.DetailsForm:
    return forms.details_form(
        viewer, member, sessions_of(viewer.event.id), queries.session_answers(viewer.invitation_id)
    )


def _details_words(viewer: Viewer, member: MemberView, form: forms.DetailsForm) -> dict[str, Any]:
    closed = why_replies_closed(viewer.event, clock.now())
    return {"viewer": viewer, "event": viewer.event, "member": member, "form": form, "is_open": closed is None}


def _get_member(viewer: Viewer, member_id: int) -> MemberView:
    return viewer.find_member(member_id) or abort(404)
