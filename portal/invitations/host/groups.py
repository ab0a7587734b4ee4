"""Making households: who is on an invitation, and what the hosts know of each of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.events.rules import EventView
from portal.invitations.actions.groups import NewMember, add_invitation
from portal.invitations.actions.leaving import move_member, remove_member
from portal.invitations.actions.people import add_people, change_member, rename_household
from portal.invitations.forms import people as forms
from portal.invitations.forms.wishes import read_wish
from portal.invitations.queries.households import guest_page
from portal.invitations.queries.people import HouseholdView, familiar_people, find_change, find_household
from portal.invitations.rules import MemberView
from portal.invitations.rules.people import CHANGED_MEANWHILE, MOST_AT_ONCE, Known, news_of, put_together
from portal.kit import clock, language
from portal.kit.access import EVENT, INVITATION, MEMBER, requires
from portal.kit.conflicts import Conflict
from portal.seating.models import Category

blueprint = Blueprint("groups", __name__)


@blueprint.get(f"{EVENT}/invitations/new")
@requires("guests.edit")
def new(event: EventView) -> ResponseReturnValue:
    """A name, and people a line each."""
    return _people_page(event, None, forms.NewHouseholdForm(), [])


@blueprint.post(f"{EVENT}/invitations")
@requires("guests.edit")
def create(event: EventView) -> ResponseReturnValue:
    """Invite a household; whom the address book knows by name or address is asked about first."""
    form = forms.NewHouseholdForm()
    choices = _choices(event, form)
    if not form.validate() or any(choice.is_open for choice in choices):
        return _people_page(event, None, form, choices), 422
    members = [_new_member(choice, form) for choice in choices]
    owner: dict[str, Any] = {"organization_id": event.organization_id, "event_id": event.id}
    try:
        made = add_invitation(name=form.name.data, members=members, actor=_actor(), now=clock.now(), **owner)
    except Conflict as conflict:
        return _people_page(event, None, form, choices, conflict), 409
    return _to_household(event, made)


@blueprint.get(f"{INVITATION}/people")
@requires("guests.edit")
def more(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """More people for a household, a line each."""
    return _people_page(event, _household(event, invitation_id), forms.PeopleForm(), [])


@blueprint.post(f"{INVITATION}/people")
@requires("guests.edit")
def add(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Put more people on an invitation."""
    household, form = _household(event, invitation_id), forms.PeopleForm()
    choices = _choices(event, form)
    if not form.validate() or any(choice.is_open for choice in choices):
        return _people_page(event, household, form, choices), 422
    try:
        add_people(household.viewer, [_new_member(choice, form) for choice in choices], now=clock.now())
    except Conflict as conflict:
        return _people_page(event, household, form, choices, conflict), 409
    return _to_household(event, household.id)


@blueprint.get(f"{INVITATION}/name")
@requires("guests.edit")
def name(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """What a household is called."""
    household = _household(event, invitation_id)
    return _name_page(event, household, forms.NameForm(data={"name": household.name}))


@blueprint.post(f"{INVITATION}/name")
@requires("guests.edit")
def rename(event: EventView, invitation_id: int) -> ResponseReturnValue:
    """Call a household by another name."""
    household, form = _household(event, invitation_id), forms.NameForm()
    if not form.validate():
        return _name_page(event, household, form), 422
    try:
        rename_household(household.viewer, form.name.data, shown=str(forms.read_shown()), now=clock.now())
    except Conflict as conflict:
        return _name_page(event, household, form, conflict), 409
    return _to_household(event, household.id)


@blueprint.get(MEMBER)
@requires("guests.edit")
def member(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """What the hosts know of somebody."""
    household, here = _member(event, invitation_id, member_id)
    form = forms.member_form(household.known[here.id], is_plus_one=here.plus_one_of is not None)
    return _member_page(event, household, here, form)


@blueprint.post(MEMBER)
@requires("guests.edit")
def save_member(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Keep what the hosts know of somebody."""
    household, here = _member(event, invitation_id, member_id)
    form = forms.member_form(household.known[here.id], is_plus_one=here.plus_one_of is not None)
    if not form.validate():
        return _member_page(event, household, here, form), 422
    try:
        change_member(household.viewer, here.id, _shown(), form.wished(), now=clock.now())
    except Conflict as conflict:
        return _member_page(event, household, here, form, conflict), 409
    return _to_household(event, household.id)


@blueprint.get(f"{MEMBER}/remove")
@requires("guests.edit")
def leave(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """What goes with somebody who is taken off the list."""
    household, here = _member(event, invitation_id, member_id)
    return render_template("invitations/leave.html", event=event, household=household, member=here, refused="")


@blueprint.post(f"{MEMBER}/remove")
@requires("guests.edit")
def remove(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Invite somebody no longer."""
    household, here = _member(event, invitation_id, member_id)
    try:
        remove_member(household.viewer, here.id, now=clock.now())
    except Conflict as conflict:
        words = {"event": event, "household": household, "member": here, "refused": _said(conflict)}
        return render_template("invitations/leave.html", **words), 409
    return _to_household(event, household.id)


@blueprint.get(f"{MEMBER}/move")
@requires("guests.edit")
def elsewhere(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """The households somebody may be put in, found by words."""
    household, here = _member(event, invitation_id, member_id)
    wish = read_wish()
    found = guest_page(event, wish) if wish.words else None
    return render_template(
        "invitations/move.html", event=event, household=household, member=here, wish=wish, found=found
    )


@blueprint.post(f"{MEMBER}/move")
@requires("guests.edit")
def move(event: EventView, invitation_id: int, member_id: int) -> ResponseReturnValue:
    """Put somebody on another invitation of the same event."""
    household, here = _member(event, invitation_id, member_id)
    target = _household(event, forms.read_target())
    move_member(household.viewer, here.id, target.id, now=clock.now())
    return _to_household(event, target.id)


def _actor() -> str:
    return f"user:{current_user.id}"


def _said(conflict: Conflict) -> str:
    return conflict.sentence(language.current())


def _household(event: EventView, invitation_id: int) -> HouseholdView:
    return find_household(event, invitation_id, clock.now(), host=_actor()) or abort(404)


def _member(event: EventView, invitation_id: int, member_id: int) -> tuple[HouseholdView, MemberView]:
    household = _household(event, invitation_id)
    return household, household.find_member(member_id) or abort(404)


def _choices(event: EventView, form: forms.PeopleForm) -> list[forms.Choice]:
    named = form.named()[:MOST_AT_ONCE]
    return forms.read_choices(named, familiar_people(event, named))


def _new_member(choice: forms.Choice, form: forms.PeopleForm) -> NewMember:
    """Whom to invite: somebody who was found is themselves, anybody else is new."""
    known = choice.known
    return NewMember(
        name=known.name if known else choice.named.name,
        email=choice.named.email,
        phone=choice.named.phone,
        language=form.language.data or None,
        is_child=choice.named.is_child,
        is_plus_one=choice.named.is_plus_one,
        seat_category=Category.VIP if choice.named.is_vip else Category.REGULAR,
        guest_id=known.guest_id if known else None,
    )


def _shown() -> Known:
    """What the form was filled from; a form that does not say cannot overwrite anything."""
    if (shown := _read_known()) is None:
        raise CHANGED_MEANWHILE.conflict()
    return shown


def _read_known() -> Known | None:
    shown = forms.read_shown()
    is_ours = isinstance(shown, dict) and set(shown) == set(Known.__dataclass_fields__)
    return Known(**shown) if is_ours else None


def _people_page(
    event: EventView,
    household: HouseholdView | None,
    form: forms.PeopleForm,
    choices: list[forms.Choice],
    conflict: Conflict | None = None,
) -> str:
    return render_template(
        "invitations/people.html",
        event=event,
        household=household,
        form=form,
        choices=choices,
        is_open=any(choice.is_open for choice in choices),
        refused=_said(conflict) if conflict else "",
    )


def _name_page(event: EventView, household: HouseholdView, form: Any, conflict: Conflict | None = None) -> str:
    household = _household(event, household.id) if conflict else household
    return render_template(
        "invitations/name.html",
        event=event,
        household=household,
        form=form,
        shown=forms.sealed(household.name),
        change=_change(event, conflict, f"invitation:{household.id}"),
        refused=_said(conflict) if conflict else "",
    )


def _member_page(
    event: EventView, household: HouseholdView, here: MemberView, form: Any, conflict: Conflict | None = None
) -> str:
    household = _household(event, household.id) if conflict else household
    known = household.known[here.id]
    news: dict[str, Any] = {}
    if _was_quicker(conflict) and (shown := _read_known()) is not None:
        both = put_together(shown, form.wished(), known)
        news = news_of(shown, both, known)
        form = forms.member_form(both, is_plus_one=here.plus_one_of is not None, typed=False)
    return render_template(
        "invitations/member.html",
        event=event,
        household=household,
        member=here,
        known=known,
        form=form,
        shown=forms.sealed(known.__dict__),
        change=_change(event, conflict, f"member:{here.id}", f"guest:{here.guest_id}"),
        changes=news,
        refused=_said(conflict) if conflict else "",
    )


def _change(event: EventView, conflict: Conflict | None, *subjects: str) -> Any:
    """Who was quicker, where somebody was."""
    return find_change(event.organization_id, subjects) if _was_quicker(conflict) else None


def _was_quicker(conflict: Conflict | None) -> bool:
    return conflict is not None and conflict.rule == CHANGED_MEANWHILE.name


def _to_household(event: EventView, invitation_id: int) -> Response:
    return make_response(
        redirect(url_for("households.household", event_id=event.id, invitation_id=invitation_id), code=303)
    )
