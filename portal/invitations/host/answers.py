"""What guests told a host on the phone: meal, needs and parts, filled in for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.queries import sessions_of
from portal.events.rules import EventView, why_replies_closed
from portal.invitations import forms, queries
from portal.invitations.actions.answers import deadline_words
from portal.invitations.actions.details import change_details
from portal.invitations.forms import people
from portal.invitations.queries.people import HouseholdView, find_change, find_household
from portal.invitations.rules import Details, MemberView
from portal.invitations.rules.people import CHANGED_MEANWHILE
from portal.kit import clock, language
from portal.kit.access import MEMBER, requires
from portal.kit.conflicts import Conflict

blueprint = Blueprint("answers", __name__)


@blueprint.get(f"{MEMBER}/details")
@requires("guests.edit")
def details(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Meal, needs and parts of one guest."""
    household, member = _member(event, invitation_id, member_id)
    return _page(event, household, member, _form(household, member))


@blueprint.post(f"{MEMBER}/details")
@requires("guests.edit")
def save_details(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Fill in what a guest said; what they write themselves at the same moment stays."""
    household, member = _member(event, invitation_id, member_id)
    form = _form(household, member)
    if not form.validate():
        return _page(event, household, member, form), 422
    try:
        change_details(household.viewer, member, form.details(member), shown=_shown(), now=clock.now())
    except Conflict as conflict:
        household, member = _member(event, invitation_id, member_id)
        return _page(event, household, member, form, conflict), 409
    return redirect(url_for("households.household", event_id=event.id, invitation_id=household.id), code=303)


def _member(event: EventView, invitation_id: int, member_id: int) -> tuple[HouseholdView, MemberView]:
    household = find_household(event, invitation_id, clock.now(), host=f"user:{current_user.id}") or abort(404)
    return household, household.find_member(member_id) or abort(404)


def _form(household: HouseholdView, member: MemberView) -> forms.DetailsForm:
    """The guest's own form, but for what only they may say: their word to the hosts, and whom they bring along."""
    viewer = household.viewer
    form = forms.details_form(viewer, member, sessions_of(viewer.event.id), queries.session_answers(household.id))
    for own in ("note", "name", "same_for_all"):
        if own in form:
            del form[own]
    return form


def _known(household: HouseholdView, member: MemberView) -> dict[str, Any]:
    """What stands now, as the next form is filled from it."""
    attending = queries.session_answers(household.id)
    parts = sorted(part for member_id, part in attending if member_id == member.id)
    return {"meal": member.meal, "dietary": member.dietary, "sessions": parts}


def _shown() -> Details:
    """What the form was filled from; a form that does not say cannot overwrite anything."""
    if (shown := _read_shown()) is None:
        raise CHANGED_MEANWHILE.conflict()
    return shown


def _read_shown() -> Details | None:
    shown = people.read_shown()
    is_ours = isinstance(shown, dict) and set(shown) == {"meal", "dietary", "sessions"}
    return _details(shown) if is_ours else None


def _details(known: dict[str, Any]) -> Details:
    return Details(known["meal"], known["dietary"], None, None, frozenset(known["sessions"]))


def _page(
    event: EventView,
    household: HouseholdView,
    member: MemberView,
    form: forms.DetailsForm,
    conflict: Conflict | None = None,
) -> str:
    known = _known(household, member)
    closed = why_replies_closed(event, clock.now())
    was_quicker = conflict is not None and conflict.rule == CHANGED_MEANWHILE.name
    if was_quicker and (shown := _read_shown()) is not None:
        forms.follow(form, shown, _details(known))
    subjects = (f"member:{member.id}",)
    return render_template(
        "invitations/answer_for.html",
        event=event,
        household=household,
        member=member,
        form=form,
        shown=people.sealed(known),
        deadline=deadline_words(event) if closed else "",
        change=find_change(event.organization_id, subjects) if was_quicker else None,
        refused=conflict.sentence(language.current()) if conflict else "",
    )
