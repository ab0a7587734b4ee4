"""What hosts type into the address book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from portal.invitations.forms.people import NAME_TOO_LONG, ContactForm, read_shown
from portal.invitations.queries.book import PersonView, Visit
from portal.invitations.rules.people import Person
from portal.kit.text import tidy


class PersonForm(ContactForm):
    """An entry of the address book."""

    company = StringField(
        lazy_gettext("Company"), [Length(max=200, message=NAME_TOO_LONG)], filters=[lambda text: tidy(text or "")]
    )

    def wished(self) -> Person:
        """What the form says."""
        return Person(
            name=self.name.data,
            email=self.address(),
            phone=self.number(),
            company=self.company.data or None,
            language=self.language.data or None,
        )


def person_form(person: Person, *, typed: bool = True) -> PersonForm:
    """The form of an entry, filled with what is known, and with what was typed unless ``typed`` is off."""
    filled: dict[str, Any] = {} if typed else {"formdata": None}
    return PersonForm(**filled, data={column: value or "" for column, value in person.__dict__.items()})


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
