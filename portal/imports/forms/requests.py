"""What a host's request about a list may contain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, FileField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.imports.models import RowFate
from portal.imports.rules import refusals
from portal.imports.rules.columns import Field, letter, why_incomplete
from portal.imports.rules.refusals import Unusable
from portal.imports.rules.staging import Column
from portal.kit.forms import Form

LARGEST = 2**31 - 1
HOUSEHOLDS = "households"
"""What the preview shows first: families, not rows."""


class ListForm(Form):
    """A list, as a file or as what was copied from one: both are the same thing."""

    file = FileField()
    pasted = TextAreaField()

    def brought(self) -> tuple[str, bytes]:
        """The name of the file, empty for pasted text, and what it holds."""
        file = request.files.get("file")
        if file is not None and file.filename:
            return file.filename, file.stream.read()
        return "", (self.pasted.data or "").encode()

    def refuse(self, sentence: str) -> None:
        """Say at the field what is wrong with the list."""
        field = self.pasted if (self.pasted.data or "").strip() else self.file
        field.errors = [*field.errors, sentence]


class ColumnsForm(Form):
    """Which column holds what. A field for each column is added by ``columns_form``."""

    header_row = SelectField(coerce=int)
    alone = BooleanField(lazy_gettext("There is no household column: everybody gets an invitation of their own"))

    def fields_of(self, columns: Sequence[Column]) -> dict[str, int]:
        """The column of each field that was chosen."""
        chosen = {column.index: self[f"column_{column.index}"].data for column in columns}
        return {field: index for index, field in chosen.items() if field}

    def check_columns(self, columns: Sequence[Column]) -> bool:
        """Whether every field is chosen once, and a list can be read with them."""
        seen: dict[str, Column] = {}
        for column in columns:
            field = self[f"column_{column.index}"]
            if field.data and field.data in seen:
                other = letter(seen[field.data].index)
                field.errors = [*field.errors, _("Column %(other)s holds the same. Choose one of them.", other=other)]
            seen.setdefault(field.data, column)
        found = [Field(name) for name in seen if name]
        missing = why_incomplete(self.header_row.data, found, alone=self.alone.data)
        if missing and columns:
            first = self[f"column_{columns[0].index}"]
            first.errors = [*first.errors, missing_words(missing)]
        return not self.errors


def missing_words(missing: Unusable) -> str:
    """Which column is missing, in the words of the page on which it can be chosen."""
    if missing.why is refusals.NO_NAME_COLUMN:
        return _("Say which column holds the names.")
    return _(
        "Say which column holds the household: those who share it share an invitation."
        " If there is none, tick below that everybody gets their own."
    )


def columns_form(
    columns: Sequence[Column],
    stands: Mapping[int, Field],
    header_row: int,
    heads: Sequence[int],
    *,
    is_alone: bool = False,
) -> ColumnsForm:
    """The form for these columns, filled with what they hold so far."""
    choices = [SelectChoice("", _("Leave out")), *(SelectChoice(each.value, field_words()[each]) for each in Field)]
    fields: dict[str, Any] = {
        f"column_{column.index}": SelectField(
            _("Column %(letter)s", letter=letter(column.index)), choices=choices, default=stands.get(column.index, "")
        )
        for column in columns
    }
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), fields)(data={"header_row": header_row, "alone": is_alone})
    form.header_row.choices = [SelectChoice(0, _("There are none"))] + [
        SelectChoice(row, _("Row %(row)s", row=row)) for row in heads
    ]
    return form


def read_cells(fields: Mapping[int, Field]) -> dict[int, str]:
    """What each column that is read shall hold, of those that were sent."""
    sent = {index: request.form.get(f"cell_{index}") for index in fields}
    return {index: text for index, text in sent.items() if text is not None}


def field_words() -> dict[Field, str]:
    """What the columns of a list hold, as a host reads it."""
    return {
        Field.HOUSEHOLD: _("Household"),
        Field.NAME: _("Name"),
        Field.FIRST_NAME: _("First name"),
        Field.LAST_NAME: _("Last name"),
        Field.EMAIL: _("E-mail"),
        Field.PHONE: _("Telephone"),
        Field.CHILD: _("Child"),
        Field.PLUS_ONE: _("Brings somebody"),
        Field.DIETARY: _("Dietary needs"),
        Field.NOTES: _("Your note"),
    }


@dataclass(frozen=True)
class Look:
    """What of a checked list is shown: households, rows of a fate, or rows with a kind of notice; from where on."""

    show: str = HOUSEHOLDS
    after: int = 0


def read_look(kinds: Mapping[str, int]) -> Look:
    """What the address asks for; a filter that nobody offers shows the households."""
    show = request.values.get("show", "")
    after = request.values.get("after", 0, type=int)
    known = show in set(RowFate) or show in kinds
    return Look(show if known else HOUSEHOLDS, after if 0 < after <= LARGEST else 0)


def read_version() -> int:
    """The version that the form was filled from; 0 fits none."""
    version = request.form.get("version", 0, type=int)
    return version if 0 < version <= LARGEST else 0


def read_choice() -> str:
    """Which button of a row's form was pressed."""
    return request.form.get("do", "save")
