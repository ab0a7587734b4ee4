"""What a request for a sheet or an address may contain."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import request
from flask_babel import lazy_gettext
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.exports.models import Kind
from portal.exports.rules.feeds import LONGEST_NAME
from portal.exports.rules.sheets import Order, Paper, Who, Wish
from portal.kit.conflicts import LANGUAGES
from portal.kit.forms import Form
from portal.kit.text import tidy

E = TypeVar("E", bound=StrEnum)


def read_wish() -> Wish:
    """How the sheet is wished; what nobody offers counts as not said."""
    language = request.args.get("language", "")
    part = request.args.get("part", 1, type=int)
    return Wish(
        paper=_one_of(Paper, "paper"),
        order=_one_of(Order, "order"),
        who=_one_of(Who, "who"),
        marks="marks" in request.args,
        meals="meals" in request.args,
        language=language if language in LANGUAGES else None,
        part=part if 0 < part < 10_000 else 1,
    )


def _one_of(choices: type[E], name: str) -> E:
    """The choice in the address, else the first of them."""
    asked = request.args.get(name, "")
    return choices(asked) if asked in set(choices) else next(iter(choices))


class FeedForm(Form):
    """Which list a spreadsheet shall follow, and what for."""

    kind = SelectField(
        lazy_gettext("Which list"),
        choices=[
            SelectChoice(Kind.GUESTS, lazy_gettext("Guests")),
            SelectChoice(Kind.SEATING, lazy_gettext("Seating")),
            SelectChoice(Kind.ANSWERS, lazy_gettext("Answers")),
        ],
    )
    name = StringField(
        lazy_gettext("What for"),
        [
            DataRequired(lazy_gettext("Please say what it is for, so that you know it again.")),
            Length(max=LONGEST_NAME, message=lazy_gettext("That is a little long. Please keep it to 80 letters.")),
        ],
        filters=[lambda text: tidy(text or "")],
    )
