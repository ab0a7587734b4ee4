"""The forms about what is chosen on the plan: a table, or a landmark."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from portal.kit.forms import Form
from portal.kit.text import tidy
from portal.room.queries.people import captains_called, guest_names
from portal.room.rules.editing import TableWish, is_name_free
from portal.room.rules.layout import (
    DEEPEST,
    LONGEST_MARK,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_SEATS,
    WIDTH,
    DraftTable,
    Landmark,
    Layout,
)
from portal.seating.models import Shape

SHAPES = [
    SelectChoice(Shape.ROUND, lazy_gettext("Round")),
    SelectChoice(Shape.LONG, lazy_gettext("Long")),
    SelectChoice(Shape.ROW, lazy_gettext("Row")),
]


def _tidied(words: str | None) -> str:
    return tidy(words or "")


class NumberField(IntegerField):  # type: ignore[misc]  # the library has no types
    """A whole number between two others; whatever else is typed is told so in one sentence."""

    def __init__(self, label: Any = None, validators: Any = None, *, told: Any = "", **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._told = told

    def process_formdata(self, valuelist: Any) -> None:
        """Read what was typed.

        Raises:
            ValueError: it is no whole number.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(self._told)) from error


def _number(label: Any, least: int, most: int) -> NumberField:
    told = lazy_gettext("Please give a whole number from %(least)s to %(most)s.", least=least, most=most)
    return NumberField(label, [InputRequired(told), NumberRange(least, most, told)], told=told)


class TableForm(Form):
    """Everything about a table but its single chairs."""

    name = StringField(
        lazy_gettext("Name or number"),
        [
            DataRequired(lazy_gettext("Please give the table a name or a number.")),
            Length(1, LONGEST_NAME, lazy_gettext("Please keep the name under 80 letters.")),
        ],
        filters=[_tidied],
    )
    shape = SelectField(lazy_gettext("Shape"), choices=SHAPES)
    seats = _number(lazy_gettext("Seats"), 1, MOST_SEATS)
    x = _number(lazy_gettext("From the left"), 0, WIDTH)
    y = _number(lazy_gettext("From the top"), 0, DEEPEST)
    rotation = _number(lazy_gettext("Turned by, in degrees"), 0, 359)
    note = StringField(
        lazy_gettext("A note that guests read"),
        [Length(max=LONGEST_NOTE, message=lazy_gettext("Please keep the note under 120 letters."))],
        filters=[_tidied],
    )
    captain = StringField(lazy_gettext("Captain"), filters=[_tidied])
    is_quiet = BooleanField(lazy_gettext("A quiet table"))

    def __init__(
        self, layout: Layout, table: DraftTable, event_id: int, *, captain: str = "", sent: Any = None
    ) -> None:
        super().__init__(
            sent,
            name=table.name, shape=table.shape, seats=len(table.seats), x=table.x, y=table.y, rotation=table.rotation,
            note=table.note, is_quiet=table.is_quiet, captain=captain,
        )  # fmt: skip
        self._layout, self._table, self._event_id = layout, table, event_id
        self._captain_id: int | None = None

    def validate_name(self, field: StringField) -> None:
        """No two tables are called alike.

        Raises:
            ValidationError: another one is.
        """
        if not is_name_free(self._layout, field.data, self._table.id):
            raise ValidationError(_("There is already a table with a name like this. Give it another one."))

    def validate_captain(self, field: StringField) -> None:
        """A captain is one guest of this event, by name or e-mail; the one who is it already may share a name.

        Raises:
            ValidationError: nobody is called that, or several are.
        """
        if not field.data:
            return
        known = self._table.captain_id
        if known and guest_names([known]).get(known) == field.data:
            self._captain_id = known
            return
        found = captains_called(self._event_id, field.data[:320])
        if not found:
            raise ValidationError(_("Nobody who is invited has this name. Check how it is written on the guest list."))
        if len(found) > 1:
            raise ValidationError(_("Several guests have this name. Give the e-mail of the one you mean."))
        self._captain_id = found[0]

    @property
    def wish(self) -> TableWish:
        """What was typed."""
        return TableWish(
            name=self.name.data, shape=self.shape.data, seats=self.seats.data, x=self.x.data, y=self.y.data,
            rotation=self.rotation.data, note=self.note.data, is_quiet=self.is_quiet.data, captain_id=self._captain_id,
        )  # fmt: skip


class LandmarkForm(Form):
    """What stands in the room besides tables."""

    label = StringField(
        lazy_gettext("What it is"),
        [
            DataRequired(lazy_gettext("Please say what it is: a stage, a bar, the entrance.")),
            Length(1, LONGEST_MARK, lazy_gettext("Please keep it under 40 letters.")),
        ],
        filters=[_tidied],
    )
    x = _number(lazy_gettext("From the left"), 0, WIDTH)
    y = _number(lazy_gettext("From the top"), 0, DEEPEST)
    width = _number(lazy_gettext("Width"), 20, WIDTH)
    height = _number(lazy_gettext("Height"), 20, 600)

    def placed(self, mark: Landmark) -> Landmark:
        """The landmark as it was typed."""
        return Landmark(mark.id, self.label.data, self.x.data, self.y.data, self.width.data, self.height.data)
