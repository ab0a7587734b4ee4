"""The address book of an organization, for its hosts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.invitations.actions.book import change_person, merge_people
from portal.invitations.forms import book as forms
from portal.invitations.forms.people import sealed
from portal.invitations.forms.wishes import read_wish
from portal.invitations.queries import book
from portal.invitations.queries.people import find_change
from portal.invitations.rules.people import CHANGED_MEANWHILE, disagreements, news_of, put_together
from portal.kit import clock, language
from portal.kit.access import requires
from portal.kit.conflicts import Conflict
from portal.organizations.queries import organization_names

PERSON = "/host/guests/<int(max=2147483647):guest_id>"
MERGE = f"{PERSON}/merge/<int(max=2147483647):other_id>"

blueprint = Blueprint("guests", __name__)


@blueprint.get("/host/guests")
@requires("guests.edit")
def index() -> ResponseReturnValue:
    """Everybody the organization has ever invited, in the order of their names."""
    wish = read_wish()
    page = book.book_page(current_user.organization_ids, wish.words, wish.after)
    return _list_page("invitations/book.html", wish=wish, page=page)


@blueprint.get("/host/guests/doubles")
@requires("guests.edit")
def doubles() -> ResponseReturnValue:
    """Who may be in the book twice."""
    wish = read_wish()
    return _list_page(
        "invitations/doubles.html", wish=wish, page=book.doubles_page(current_user.organization_ids, wish.after)
    )


@blueprint.get(PERSON)
@requires("guests.edit")
def person(guest_id: int) -> ResponseReturnValue:
    """One entry, and everything that hangs on it."""
    view = _person(guest_id)
    return _person_page(view, forms.person_form(view.person))


@blueprint.post(PERSON)
@requires("guests.edit")
def save(guest_id: int) -> ResponseReturnValue:
    """Change an entry."""
    view = _person(guest_id)
    form = forms.person_form(view.person)
    if not form.validate():
        return _person_page(view, form), 422
    try:
        shown = forms.read_person() or _refuse()
        change_person(view, shown, form.wished(), actor=_actor(), now=clock.now())
    except Conflict as conflict:
        return _person_page(_person(guest_id), form, conflict), 409
    return redirect(url_for("guests.person", guest_id=guest_id), code=303)


@blueprint.get(MERGE)
@requires("guests.edit")
def compare(guest_id: int, other_id: int) -> ResponseReturnValue:
    """Two entries side by side, and what is to be decided about them."""
    return _merge_page(*_both(guest_id, other_id))


@blueprint.post(MERGE)
@requires("guests.edit")
def merge(guest_id: int, other_id: int) -> ResponseReturnValue:
    """Make one entry of two, once everything is decided."""
    one, other = _both(guest_id, other_id)
    if forms.read_both() != (one.person, other.person):
        return _merge_page(one, other, CHANGED_MEANWHILE.conflict()), 409
    chosen, stands = _decided(one, other)
    if chosen is None:
        return _merge_page(one, other, asks=True), 422
    try:
        merge_people(one, other, chosen=chosen, stands=stands, actor=_actor(), now=clock.now())
    except Conflict as conflict:
        return _merge_page(*_both(guest_id, other_id), conflict), 409
    return redirect(url_for("guests.person", guest_id=one.id), code=303)


def _actor() -> str:
    return f"user:{current_user.id}"


def _refuse() -> Any:
    raise CHANGED_MEANWHILE.conflict()


def _person(guest_id: int) -> book.PersonView:
    return book.find_person(current_user.organization_ids, guest_id) or abort(404)


def _both(guest_id: int, other_id: int) -> tuple[book.PersonView, book.PersonView]:
    """Two entries of one address book; nobody is merged with themselves."""
    one, other = _person(guest_id), _person(other_id)
    if one.id == other.id or one.organization_id != other.organization_id:
        abort(404)
    return one, other


def _decided(one: book.PersonView, other: book.PersonView) -> tuple[dict[str, str] | None, list[int]]:
    """What the form decides; None instead of the fields while something is still open."""
    asked = disagreements(one.person, other.person)
    shared = forms.shared_visits(one, other)
    chosen, stands = forms.read_chosen(list(asked)), forms.read_stands(shared)
    return (chosen if len(chosen) == len(asked) and len(stands) == len(shared) else None), stands


def _list_page(template: str, **words: Any) -> str:
    return render_template(template, organizations=organization_names(current_user.organization_ids), **words)


def _person_page(view: book.PersonView, form: forms.PersonForm, conflict: Conflict | None = None) -> str:
    was_quicker = conflict is not None and conflict.rule == CHANGED_MEANWHILE.name
    news: dict[str, Any] = {}
    if was_quicker and (shown := forms.read_person()) is not None:
        both = put_together(shown, form.wished(), view.person)
        news, form = news_of(shown, both, view.person), forms.person_form(both, typed=False)
    return _list_page(
        "invitations/person.html",
        view=view,
        form=form,
        shown=sealed(view.person.__dict__),
        alike=book.people_alike(view),
        change=find_change(view.organization_id, [f"guest:{view.id}"]) if was_quicker else None,
        changes=news,
        refused=conflict.sentence(language.current()) if conflict else "",
    )


def _merge_page(
    one: book.PersonView, other: book.PersonView, conflict: Conflict | None = None, *, asks: bool = False
) -> str:
    asked = disagreements(one.person, other.person)
    shared = forms.shared_visits(one, other)
    return _list_page(
        "invitations/merge.html",
        one=one,
        other=other,
        asked=asked,
        shared=shared,
        chosen=forms.read_chosen(list(asked)),
        stands=forms.read_stands(shared),
        shown=sealed([one.person.__dict__, other.person.__dict__]),
        asks=asks,
        refused=conflict.sentence(language.current()) if conflict else "",
    )
