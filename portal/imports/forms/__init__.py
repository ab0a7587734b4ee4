"""What a guest list may be: a CSV file or a workbook, small enough, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from portal.imports.forms.text import read_text
from portal.imports.forms.workbook import read_workbook
from portal.imports.rules import refusals
from portal.imports.rules.columns import Line
from portal.imports.rules.refusals import Unusable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an Excel file of before 2007 begins, and one of today that has a password."""


def read_file(path: Path) -> list[Line]:
    """The rows of the list at ``path`` that hold something.

    Raises:
        Unusable: it is not there, too large, or not a spreadsheet.
    """
    try:
        with path.open("rb") as file:
            content = file.read(refusals.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unusable(refusals.NO_FILE, path=os.fsencode(path).decode(errors="replace")) from error
    return read_lines(content)


def read_lines(content: bytes) -> list[Line]:
    """The rows of a list that hold something, told by what it is and not by how it is called.

    Raises:
        Unusable: it is too large or not a spreadsheet.
    """
    if len(content) > refusals.MAX_BYTES:
        raise Unusable(refusals.TOO_LARGE)
    if content.startswith(_OLE):
        raise Unusable(refusals.OLD_OR_LOCKED)
    return read_workbook(content) if content.startswith(_ZIP) else read_text(content)
