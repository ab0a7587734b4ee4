"""Reading the first sheet of a workbook that has something on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from portal.imports.forms.archive import check_archive
from portal.imports.forms.text import filled_lines
from portal.imports.rules import refusals
from portal.imports.rules.columns import Line
from portal.imports.rules.refusals import Unusable

_EXCEL_ROWS = 1_048_576


def read_workbook(content: bytes) -> list[Line]:
    """The rows of the first visible sheet that holds something; formulas count as what they showed last.

    Raises:
        Unusable: it is not a workbook, a bomb, damaged, or larger than a guest list.
    """
    check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and charts that a list does not need
            return _first_filled(content)
    except Unusable:
        raise
    except Exception as error:  # the reader answers a damaged workbook with whatever breaks first
        raise Unusable(refusals.DAMAGED) from error


def _first_filled(content: bytes) -> list[Line]:
    from openpyxl import load_workbook  # a sixth of a second that only workbooks need

    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        visible = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        return next((lines for sheet in visible if (lines := filled_lines(_rows(sheet)))), [])
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Every row of a sheet as text, in as many columns as it fills; the size a sheet declares is not asked."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_row=_EXCEL_ROWS):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell's value as a person reads it: 491511234567, not 4.91511234567e+11."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
