"""Tables as spreadsheet programs read them, CSV and XLSX, with nothing in a cell that a program would calculate.

A cell that could be taken for a formula gets an apostrophe in front, as people
type it themselves; whoever reads such a file takes one away again.
"""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

R = TypeVar("R")

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA = re.compile(r"[\t\r]|['’\s]*[=+\-@＝＋－＠]")
"""How a cell begins that some program calculates; a tab or a blank before the sign is no protection."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What no cell can hold; XML knows no such characters."""

_LONGEST_CELL = 32_767
_AT_ONCE = 50
"""Rows after which other people's turn comes."""


def defuse(text: str) -> str:
    """``text`` as a cell that stays text in every spreadsheet program."""
    printable = _UNPRINTABLE.sub("", text)
    return f"'{printable}" if _FORMULA.match(printable) else printable


def revive(text: str) -> str:
    """The text that was defused; every other text as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_file(rows: Iterable[Sequence[str]], *, mark: bool = True) -> bytes:
    """A file in UTF-8, with the mark by which Excel knows it unless others would take that for a letter."""
    file = io.BytesIO()
    words = io.TextIOWrapper(file, encoding="utf-8-sig" if mark else "utf-8", newline="", write_through=True)
    csv.writer(words).writerows([defuse(text) for text in row] for row in in_turn(rows))
    return file.getvalue()


def xlsx_file(rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """A workbook of one sheet whose first row stays in sight; its rows are never in memory together."""
    from openpyxl import Workbook  # a sixth of a second that only workbooks need
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in in_turn(rows):
        cells = [WriteOnlyCell(sheet, defuse(text)[:_LONGEST_CELL] or None) for text in row]
        for cell in cells:
            cell.data_type = "s" if cell.value else "n"  # text, also where it reads like a number or an error
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def in_turn(rows: Iterable[R]) -> Iterator[R]:
    """The same rows; a long list lets others of this process go on."""
    for number, row in enumerate(rows, start=1):
        if number % _AT_ONCE == 0:
            time.sleep(0.0001)
        yield row
