"""Reading CSV as spreadsheet programs of many countries write it."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from portal.imports.rules import refusals
from portal.imports.rules.cells import clean
from portal.imports.rules.columns import Line, letter, recognise
from portal.imports.rules.refusals import Unusable

_DELIMITERS = ",;\t"
_SNIFFED_ROWS = 20
_SNIFFED_BYTES = 1_000
_LONGEST_LINE = 200_000
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(content: bytes) -> list[Line]:
    """The rows of a CSV file that hold something.

    Raises:
        Unusable: it is not text, or not CSV.
    """
    if _is_binary(content[:_SNIFFED_BYTES]):
        raise Unusable(refusals.NOT_A_SPREADSHEET)
    text = _decode(content)
    if (position := text.find("\0")) >= 0:
        raise _not_text(text[:position])
    first, _, rest = text.partition("\n")
    if first.strip().casefold() in {f"sep={delimiter}" for delimiter in _DELIMITERS}:
        return filled_lines(_rows(rest, first.strip()[-1]))  # Excel's own mark, which it does not show
    return filled_lines(_rows(text, _delimiter(text)))


def filled_lines(rows: Iterable[Sequence[str]]) -> list[Line]:
    """The rows that hold something, numbered as a spreadsheet numbers them.

    Raises:
        Unusable: there are more rows or columns than a guest list has.
    """
    lines: list[Line] = []
    for number, cells in enumerate(rows, start=1):
        filled = max((index for index, cell in enumerate(cells, start=1) if clean(cell)), default=0)
        if filled > refusals.MAX_COLUMNS:
            raise Unusable(refusals.TOO_WIDE, row=number, column=letter(refusals.MAX_COLUMNS - 1))
        if len(lines) > refusals.MAX_ROWS and filled:
            raise Unusable(refusals.TOO_MANY_ROWS, row=number)
        if filled:
            lines.append(Line(number, tuple(cells[:filled])))
    return lines


def _decode(content: bytes) -> str:
    """Text in the encoding its mark names, else in UTF-8, else as Windows wrote it in the West."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace").replace("\ufffd", "\0")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _not_text(content[: error.start].decode("latin-1")) from error


def _is_binary(start: bytes) -> bool:
    """Whether a file begins like a picture; a slip of the keyboard leaves one control character, not ten."""
    return not start.startswith(_UTF_16) and sum(byte < 32 and byte not in b"\t\n\v\f\r" for byte in start) > 10


def _not_text(before: str) -> Unusable:
    """The refusal of a file that reads as text up to here."""
    return Unusable(refusals.UNREADABLE_CHARACTER, row=before.count("\n") + 1)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unusable(refusals.OPEN_QUOTE, row=number) from error


def _delimiter(text: str) -> str:
    """The one with which most columns are understood; of equals, the one that makes most cells."""
    return max(_DELIMITERS, key=lambda delimiter: _understood(text, delimiter))


def _understood(text: str, delimiter: str) -> tuple[int, int]:
    reader = csv.reader(_lines(text), delimiter=delimiter)
    best = (0, 0)
    with contextlib.suppress(csv.Error):  # said when the rows are read
        for cells in islice(reader, _SNIFFED_ROWS):
            best = max(best, (len(recognise(cells)), len(cells)))
    return best


def _lines(text: str) -> Iterator[str]:
    """The lines of a file, none of them longer than any row of a guest list."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _LONGEST_LINE:
            raise Unusable(refusals.TOO_WIDE, row=number, column=letter(refusals.MAX_COLUMNS - 1))
        yield line
