"""What hosts type about a household and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from itsdangerous import BadData
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.invitations.rules.people import MOST_AT_ONCE, Familiar, Known, Named, meant_by, read_people
from portal.kit import tokens
from portal.kit.contacts import MAX_ADDRESS, MAX_PHONE, email_of, phone_of
from portal.kit.forms import Form
from portal.kit.language import NAMES
from portal.kit.text import tidy
from portal.seating.models import Category

SHOWN = "shown"
NAME_TOO_LONG = lazy_gettext("That name is too long. Please shorten it to 200 letters.")


class NameForm(Form):
    """What a household is called."""

    name = StringField(
        lazy_gettext("Name of the household"),
        [InputRequired(lazy_gettext("Please give the household a name.")), Length(max=200, message=NAME_TOO_LONG)],
        filters=[lambda text: tidy(text or "")],
    )

    def validate_name(self, field: Any) -> None:
        """Blanks are no name."""
        if not field.data:
            raise ValidationError(_("Please give the household a name."))


class PeopleForm(Form):
    """Names, one a line, and for each whom the address book has whether that is them."""

    people = TextAreaField(
        lazy_gettext("Who is invited? One name a line"),
        [Length(max=10_000, message=lazy_gettext("That is a long list. Please bring it as a file instead."))],
    )
    language = SelectField(lazy_gettext("Language"), choices=[], validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = [("", _("Not known")), *NAMES.items()]

    def validate_people(self, _field: Any) -> None:
        """At least one, at most as many as a person reads at once."""
        named = self.named()
        if not named:
            raise ValidationError(_("Please name at least one person."))
        if len(named) > MOST_AT_ONCE:
            raise ValidationError(_("Please add at most %(count)s people at once.", count=MOST_AT_ONCE))
        if any(len(each.name) > 200 for each in named):
            raise ValidationError(NAME_TOO_LONG)

    def validate_language(self, field: Any) -> None:
        """A language the product speaks, or none."""
        if (field.data or "") not in {"", *NAMES}:
            raise ValidationError(_("Please choose one of the languages on the page."))

    def named(self) -> list[Named]:
        """Who stands in the lines."""
        return read_people(self.people.data or "")


class NewHouseholdForm(NameForm, PeopleForm):
    """A household with its first people."""


@dataclass(frozen=True)
class Choice:
    """A line, whom of the address book it may mean, and what was said about that.

    ``chosen`` is the id of one of them, ``new``, or nothing yet.
    """

    named: Named
    field: str
    meant: list[Familiar]
    chosen: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be said who this is."""
        return bool(self.meant) and not self.chosen

    @property
    def known(self) -> Familiar | None:
        """Who of the address book this is, if it is one of them."""
        return next((one for one in self.meant if str(one.guest_id) == self.chosen), None)


def read_choices(named: Sequence[Named], familiar: Sequence[Familiar]) -> list[Choice]:
    """Each line with whom of the address book it may mean, and what the form says about that."""
    choices = []
    for number, each in enumerate(named):
        meant = meant_by(each, familiar)
        chosen = request.form.get(each.field(number), "")
        offered = {"new", *(str(one.guest_id) for one in meant)}
        choices.append(Choice(each, each.field(number), meant, chosen if chosen in offered else ""))
    return choices


class ContactForm(Form):
    """Who somebody is and how to reach them; what was not touched stays as it was written."""

    name = StringField(
        lazy_gettext("Name"), [Length(max=200, message=NAME_TOO_LONG)], filters=[lambda text: tidy(text or "")]
    )
    email = StringField(lazy_gettext("E-mail"), [Length(max=MAX_ADDRESS)], filters=[lambda text: tidy(text or "")])
    phone = StringField(lazy_gettext("Phone"), [Length(max=MAX_PHONE)], filters=[lambda text: tidy(text or "")])
    language = SelectField(lazy_gettext("Language"), choices=[], validate_choice=False)

    def __init__(self, *, may_be_nameless: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.may_be_nameless = may_be_nameless
        self.language.choices = [("", _("Not known")), *NAMES.items()]

    def validate_name(self, field: Any) -> None:
        """Everybody has a name but a guest somebody brings along."""
        if not field.data and not self.may_be_nameless:
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

    def address(self) -> str | None:
        """The e-mail address as it is kept."""
        return (email_of(self.email.data) or self.email.data) if self.email.data else None

    def number(self) -> str | None:
        """The phone number as it is kept."""
        if self.phone.data == self.phone.object_data:
            return self.phone.data or None
        return phone_of(self.phone.data).number or None


class MemberForm(ContactForm):
    """What the hosts know of somebody."""

    is_child = BooleanField(lazy_gettext("A child"))
    is_vip = BooleanField(lazy_gettext("May take VIP seats"))
    host_note = TextAreaField(
        lazy_gettext("Your note"),
        [Length(max=2000, message=lazy_gettext("That is a little long. Please keep your note to 2,000 letters."))],
    )

    def wished(self) -> Known:
        """What the form says, as the action takes it."""
        note = "\n".join(tidy(line) for line in (self.host_note.data or "").splitlines()).strip()
        return Known(
            name=self.name.data,
            email=self.address(),
            phone=self.number(),
            language=self.language.data or None,
            is_child=self.is_child.data,
            host_note=note,
            seat_category=Category.VIP if self.is_vip.data else Category.REGULAR,
        )


def member_form(known: Known, *, is_plus_one: bool, typed: bool = True) -> MemberForm:
    """The form of one member, filled with what is known, and with what was typed unless ``typed`` is off."""
    filled: dict[str, Any] = {} if typed else {"formdata": None}
    return MemberForm(
        **filled,
        may_be_nameless=is_plus_one,
        data={
            "name": known.name,
            "email": known.email or "",
            "phone": known.phone or "",
            "language": known.language or "",
            "is_child": known.is_child,
            "is_vip": known.seat_category == Category.VIP,
            "host_note": known.host_note,
        },
    )


def sealed(values: Any) -> str:
    """What a form was filled from, to travel with it."""
    return str(tokens.serializer(SHOWN).dumps(values))


def read_shown() -> Any:
    """What the form was filled from; None if it does not say."""
    try:
        return tokens.serializer(SHOWN).loads(request.form.get(SHOWN, ""))
    except BadData:
        return None


def read_direction() -> tuple[int, int] | None:
    """Whom to put where: the member's id, and -1 for up or 1 for down; None if the form names nobody."""
    for field, step in (("up", -1), ("down", 1)):
        named = request.form.get(field, "")
        if named.isascii() and named.isdigit() and len(named) < 11:
            return int(named), step
    return None


def read_target() -> int:
    """The household somebody is put in; 0, which is none, if the form names none."""
    named = request.form.get("to", "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 10 else 0


def read_answers() -> dict[int, str]:
    """The answers that a host's page showed, by member; empty if the form does not say."""
    shown = read_shown()
    is_ours = isinstance(shown, dict) and all(member_id.isdecimal() for member_id in shown)
    return {int(member_id): str(rsvp) for member_id, rsvp in shown.items()} if is_ours else {}


def read_version() -> int:
    """Which link the page showed; 0, which is none, if the form does not say."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
