"""What a host's form about one guest's place may contain."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.kit.forms import Form
from portal.kit.presentation import name_list, table_title
from portal.kit.text import tidy
from portal.seating.rules.fitting import EVERY
from portal.seating.rules.people import Person
from portal.seating.rules.places import PlaceWish, fingerprint, read_fingerprint
from portal.seating.rules.views import TableRow


class TableForm(Form):
    """The table somebody belongs to, and nothing else."""

    table = SelectField(lazy_gettext("Table"), choices=[], coerce=str)
    shown = HiddenField()

    @property
    def table_id(self) -> int | None:
        """The table that was chosen; None for no table, and for what is none of those on the page."""
        offered = {value for value, _label in self.table.choices}
        return int(self.table.data) if self.table.data and self.table.data in offered else None

    def offer(self, tables: list[TableRow]) -> None:
        """Let these tables be chosen, or none."""
        named = [(str(table.id), _with_room(table)) for table in tables]
        self.table.choices = [("", _("No table")), *named]


class PlaceForm(TableForm):
    """Everything about somebody's place."""

    seat = StringField(lazy_gettext("Seat"), [Length(max=20)], filters=[lambda text: tidy(text or "")])
    display_name = StringField(
        lazy_gettext("Name on the place card"),
        [Length(max=200, message=lazy_gettext("That name is too long. Please shorten it to 200 letters."))],
        filters=[lambda text: tidy(text or "")],
    )
    dietary = TextAreaField(
        lazy_gettext("Dietary needs"),
        [Length(max=500, message=lazy_gettext("That is too long. Please shorten it to 500 letters."))],
        filters=[lambda text: tidy(text or "")],
    )

    def __init__(self, tables: list[TableRow], person: Person, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._person, self._tables = person, {table.id: table for table in tables}
        self.offer(tables)
        if person.member_id is not None:
            del self.dietary

    def validate_seat(self, field: Any) -> None:
        """A seat is one of the table's own; which of them are free is said if it is not."""
        if not field.data:
            return
        table = self._tables.get(self.table_id or 0)
        if table is None:
            raise ValidationError(_("Please choose the table of that seat, too."))
        if self.seat_id is None:
            free = [seat.label for seat in table.free(EVERY)]
            told = _("Its free seats: %(seats)s.", seats=name_list(free[:12])) if free else _("It has no free seat.")
            raise ValidationError(_("%(table)s has no such seat.", table=table_title(table.name)) + f" {told}")

    @property
    def seat_id(self) -> int | None:
        """The seat that is meant, if the table has it."""
        table = self._tables.get(self.table_id or 0)
        seats = {seat.label.casefold(): seat.id for seat in table.seats} if table else {}
        return seats.get((self.seat.data or "").casefold())

    def follow(self, person: Person) -> None:
        """Let what nobody has touched say how the place is now, as another host has changed it meanwhile."""
        shown = read_fingerprint(self.shown.data or "")
        if shown is None:
            return
        if (self.table.data, self.seat.data) == (shown.table, shown.seat):
            self.table.data, self.seat.data = str(person.table_id or ""), person.seat or ""
        if self.display_name.data == shown.name:
            self.display_name.data = person.name
        if "dietary" in self and self.dietary.data == shown.dietary:
            self.dietary.data = person.dietary

    def wish(self) -> PlaceWish:
        """What is wished of the place; the needs of somebody with an invitation are their own to say."""
        dietary = self.dietary.data if "dietary" in self else None
        return PlaceWish(self.table_id, self.seat_id, self.display_name.data or "", dietary)


def place_form(tables: list[TableRow], person: Person, *, typed: bool = True) -> PlaceForm:
    """The form of a place, filled with how it is, and with what was typed unless ``typed`` is off."""
    filled: dict[str, Any] = {} if typed else {"formdata": None}
    return PlaceForm(
        tables,
        person,
        table="" if person.table_id is None else str(person.table_id),
        seat=person.seat or "",
        display_name=person.name,
        dietary=person.dietary,
        shown=fingerprint(person),
        **filled,
    )


def table_form(tables: list[TableRow], person: Person) -> TableForm:
    """The form of a table alone."""
    form = TableForm(table="" if person.table_id is None else str(person.table_id), shown=fingerprint(person))
    form.offer(tables)
    return form


def _with_room(table: TableRow) -> str:
    return _("%(table)s, %(free)s free", table=table_title(table.name), free=len(table.free(EVERY)))
