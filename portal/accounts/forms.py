"""What requests about accounts may contain."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.accounts.rules import SHORTEST_PASSWORD
from portal.kit.contacts import MAX_ADDRESS, email_of
from portal.kit.forms import Form
from portal.kit.text import tidy

LONGEST_PASSWORD = 1000
LONGEST_NAME = 200


def _tidied(text: str | None) -> str:
    return tidy(text or "")


def _name(label: Any, missing: Any) -> StringField:
    too_long = lazy_gettext("That is a little long. Please use fewer than 200 letters.")
    return StringField(label, [DataRequired(missing), Length(max=LONGEST_NAME, message=too_long)], filters=[_tidied])


class SignInForm(Form):
    """Who somebody says they are, and where they were going."""

    email = EmailField(lazy_gettext("E-mail"), [Length(1, MAX_ADDRESS)])
    password = PasswordField(lazy_gettext("Password"), [Length(1, LONGEST_PASSWORD)])
    next = HiddenField()


class AddressForm(Form):
    """Where somebody reads their mail."""

    email = EmailField(lazy_gettext("E-mail"), filters=[_tidied])

    def validate_email(self, field: Any) -> None:
        """An address to which a link can be sent."""
        if email_of(field.data) is None:
            raise ValidationError(_("That does not look like an e-mail address."))

    def address(self) -> str:
        """The address as it is kept."""
        return email_of(self.email.data) or ""


class NewPasswordForm(Form):
    """A password that is to be used from now on."""

    password = PasswordField(lazy_gettext("New password"))

    def validate_password(self, field: Any) -> None:
        """Long enough, and short enough to be worked on."""
        if not SHORTEST_PASSWORD <= len(field.data or "") <= LONGEST_PASSWORD:
            raise ValidationError(
                _("Please choose a password of %(count)s letters or more. A few words in a row are good.",
                  count=SHORTEST_PASSWORD)
            )  # fmt: skip


class NameForm(Form):
    """What somebody is called."""

    name = _name(lazy_gettext("Your name"), lazy_gettext("Please give your name."))


class BelongingForm(NameForm):
    """Who somebody is, and the organization whose events they will host."""

    organization = _name(lazy_gettext("Organization"), lazy_gettext("Please say what your organization is called."))


class FounderForm(BelongingForm, NewPasswordForm):
    """The same, and how they will sign in."""


class ProvenForm(Form):
    """A change that only the owner of an account may ask for, who says the present password."""

    current = PasswordField(lazy_gettext("Present password"), [Length(max=LONGEST_PASSWORD)])


class ChangePasswordForm(NewPasswordForm, ProvenForm):
    """Another password."""


class ChangeAddressForm(AddressForm, ProvenForm):
    """Another address."""

    email = EmailField(lazy_gettext("New address"), filters=[_tidied])
