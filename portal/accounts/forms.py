"""What a request to sign in may contain."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import Length

from portal.kit.forms import Form

LONGEST_ADDRESS = 320
LONGEST_PASSWORD = 1000


class SignInForm(Form):
    """Who somebody says they are, and where they were going."""

    email = EmailField(lazy_gettext("E-mail"), [Length(1, LONGEST_ADDRESS)])
    password = PasswordField(lazy_gettext("Password"), [Length(1, LONGEST_PASSWORD)])
    next = HiddenField()
