"""What a request to sign in may contain."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import Length

LONGEST_ADDRESS = 320
LONGEST_PASSWORD = 1000


class SignInForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Who somebody says they are, and where they were going."""

    class Meta:
        """The whole application checks the token before any form is read."""

        csrf = False

    email = EmailField(lazy_gettext("E-mail"), [Length(1, LONGEST_ADDRESS)])
    password = PasswordField(lazy_gettext("Password"), [Length(1, LONGEST_PASSWORD)])
    next = HiddenField()
