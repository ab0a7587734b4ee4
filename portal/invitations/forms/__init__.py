"""What a guest's request may contain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from portal.events.rules import SessionView
from portal.invitations.models import Rsvp
from portal.invitations.rules import DIETARY_NEEDS, Details, MemberView, Viewer, join_dietary, split_dietary
from portal.kit.conflicts import LANGUAGES
from portal.kit.forms import Form
from portal.kit.presentation import clock_time, dietary_words
from portal.kit.text import tidy


def read_status() -> Rsvp:
    """The answer a form gives: accepted or declined; anything else is 422."""
    status = request.form.get("status", "")
    if status not in {Rsvp.ACCEPTED, Rsvp.DECLINED}:
        abort(422, _("Please say whether you are coming or not."))
    return Rsvp(status)


def read_language() -> str:
    """A language the product speaks; anything else is 422."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(422, _("Please choose one of the languages on the page."))
    return chosen


def read_wants(viewer: Viewer) -> int | None:
    """The least number of places that helps a household, None for all of them or nobody; anything else is 422."""
    wants = request.form.get("wants", "")
    if wants == "all":
        return None
    if not (wants.isascii() and wants.isdigit() and len(wants) < 5 and 0 < int(wants) <= len(viewer.members)):
        abort(422, _("Please say how many places you need at least."))
    return int(wants)


def read_members(viewer: Viewer) -> list[int]:
    """The members a form names, perhaps none; somebody of another household is 404."""
    named = set(request.form.getlist("member"))
    if not named <= {str(member.id) for member in viewer.members}:
        abort(404)
    return [member.id for member in viewer.members if str(member.id) in named]


def _offered(message: Any) -> Callable[[Form, Any], None]:
    """Refuse what is none of the choices on the page."""

    def check(_form: Form, field: Any) -> None:
        given = field.data if isinstance(field.data, list) else [field.data]
        if not set(given) <= {value for value, _label in field.choices}:
            raise ValidationError(message)

    return check


class DetailsForm(Form):
    """What a member who comes may add."""

    name = StringField(
        lazy_gettext("Who comes along?"),
        [Length(max=200, message=lazy_gettext("That name is too long. Please shorten it to 200 letters."))],
    )
    meal = RadioField(
        lazy_gettext("Meal"),
        [Optional(), _offered(lazy_gettext("Please choose one of the meals on the page."))],
        validate_choice=False,
    )
    same_for_all = BooleanField()
    needs = SelectMultipleField(
        lazy_gettext("Dietary needs"),
        [_offered(lazy_gettext("Please choose among the needs on the page."))],
        validate_choice=False,
    )
    words = StringField(
        lazy_gettext("Anything else for the kitchen"),
        [
            Length(
                max=300, message=lazy_gettext("That is a little long for the kitchen. Please keep it to 300 letters.")
            )
        ],
    )
    note = TextAreaField(
        lazy_gettext("A word to the hosts"),
        [Length(max=1000, message=lazy_gettext("That is a little long. Please keep your word to 1,000 letters."))],
    )
    sessions = SelectMultipleField(
        lazy_gettext("Which parts?"),
        [_offered(lazy_gettext("Please choose among the parts on the page."))],
        validate_choice=False,
    )

    def details(self, member: MemberView) -> Details:
        """What the form says, as the action takes it."""
        return Details(
            meal=self.meal.data or None,
            dietary=join_dietary(self.needs.data or [], tidy(self.words.data or "")),
            note="\n".join(tidy(line) for line in (self.note.data or "").splitlines()).strip() if self.note else None,
            name=tidy(self.name.data or "") if member.plus_one_of else None,
            session_ids=frozenset(int(session_id) for session_id in self.sessions.data or []),
        )


def follow(form: DetailsForm, shown: Details, now: Details) -> None:
    """Let whatever was left as it was shown be as somebody else has changed it meanwhile; what was typed stays."""
    if (form.meal.data or None) == shown.meal:
        form.meal.data = now.meal or ""
    if join_dietary(form.needs.data or [], tidy(form.words.data or "")) == shown.dietary:
        form.needs.data, form.words.data = split_dietary(now.dietary)
    if frozenset(int(session_id) for session_id in form.sessions.data or []) == shown.session_ids:
        form.sessions.data = [str(session_id) for session_id in sorted(now.session_ids)]


def details_form(
    viewer: Viewer, member: MemberView, sessions: list[SessionView], attending: set[tuple[int, int]]
) -> DetailsForm:
    """The form of one member, filled with what is known; a change is read from the request."""
    known, words = split_dietary(member.dietary)
    form = DetailsForm(
        data={
            "name": member.name,
            "meal": member.meal or "",
            "needs": known,
            "words": words,
            "note": member.note,
            "sessions": [str(session_id) for member_id, session_id in attending if member_id == member.id],
        }
    )
    if member.plus_one_of is None:
        del form.name
    form.meal.choices = [(meal, meal) for meal in viewer.event.meals]
    form.needs.choices = [(need, dietary_words(need)) for need in DIETARY_NEEDS]
    form.sessions.choices = [
        (str(session.id), f"{session.title}, {clock_time(session.starts_at, viewer.event.time_zone)}")
        for session in sessions
    ]
    return form
