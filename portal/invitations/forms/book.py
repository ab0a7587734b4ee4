"""What hosts type into the address book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from portal.invitations.forms.people import NAME_TOO_LONG, read_shown
from portal.invitations.queries.book import PersonView, Visit
from portal.invitations.rules.people import Person
from portal.kit.contacts import MAX_ADDRESS, MAX_PHONE, email_of, phone_of
from portal.kit.forms import Form
from portal.kit.language import NAMES
from portal.kit.text import tidy


class PersonForm(Form):
    """An entry of the address book."""

    name = StringField(
        lazy_gettext("Name"), [Length(max=200, message=NAME_TOO_LONG)], filters=[lambda text: tidy(text or "")]
    )
    email = StringField(lazy_gettext("E-mail"), [Length(max=MAX_ADDRESS)], filters=[lambda text: tidy(text or "")])
    phone = StringField(lazy_gettext("Phone"), [Length(max=MAX_PHONE)], filters=[lambda text: tidy(text or "")])
    company = StringField(
        lazy_gettext("Company"), [Length(max=200, message=NAME_TOO_LONG)], filters=[lambda text: tidy(text or "")]
    )
    language = SelectField(lazy_gettext("Language"), choices=[], validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = [("", _("Not known")), *NAMES.items()]

    def validate_name(self, field: Any) -> None:
        """Everybody in the book has a name."""
        if not field.data:
            raise ValidationError(_("Please give a name."))

    def validate_email(self, field: Any) -> None:
        """Nothing, or an address."""
        if field.data != field.object_data and field.data and email_of(field.data) is None:
            raise ValidationError(_("That does not look like an e-mail address."))

    def validate_phone(self, field: Any) -> None:
        """Nothing, or a number that can be rung."""
        if field.data != field.object_data and field.data and phone_of(field.data).is_doubtful:
            raise ValidationError(_("That does not look like a phone number."))

    def validate_language(self, field: Any) -> None:
        """A language the product speaks, or none."""
        if (field.data or "") not in {"", *NAMES}:
            raise ValidationError(_("Please choose one of the languages on the page."))

    def wished(self) -> Person:
        """What the form says; an address or number that was not touched stays as it was written."""
        address, number = self.email.data, self.phone.data
        return Person(
            name=self.name.data,
            email=(email_of(address) or address) if address else None,
            phone=(number if number == self.phone.object_data else phone_of(number).number) if number else None,
            company=self.company.data or None,
            language=self.language.data or None,
        )


def person_form(person: Person) -> PersonForm:
    """The form of an entry, filled with what is known; a change is read from the request."""
    return PersonForm(data={column: value or "" for column, value in person.__dict__.items()})


def read_person(shown: Any = None) -> Person | None:
    """What a form was filled from; None if it does not say."""
    known = read_shown() if shown is None else shown
    if not isinstance(known, dict) or set(known) != set(Person.__dataclass_fields__):
        return None
    return Person(**known)


def read_both() -> tuple[Person, Person] | None:
    """What a merge showed of both entries; None if the form does not say."""
    shown = read_shown()
    if not isinstance(shown, list) or len(shown) != 2:
        return None
    one, other = read_person(shown[0]), read_person(shown[1])
    return (one, other) if one and other else None


def read_chosen(fields: Sequence[str]) -> dict[str, str]:
    """Which of two entries is right, for each of these fields of which the form says so."""
    given = {field: request.form.get(f"field-{field}", "") for field in fields}
    return {field: choice for field, choice in given.items() if choice in {"one", "other"}}


def read_stands(shared: Sequence[tuple[Visit, Visit]]) -> list[int]:
    """Which membership stands, for each event of which the form says so."""
    given = {pair: request.form.get(f"stands-{pair[0].event_id}", "") for pair in shared}
    return [visit.member_id for pair, named in given.items() for visit in pair if str(visit.member_id) == named]


def shared_visits(one: PersonView, other: PersonView) -> list[tuple[Visit, Visit]]:
    """The events both are invited to, with the membership of each."""
    theirs = {visit.event_id: visit for visit in other.visits}
    return [(visit, theirs[visit.event_id]) for visit in one.visits if visit.event_id in theirs]
