"""Files as a host downloads them, read back as a spreadsheet program reads them."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from tests.accounts.hosts import host_of
from tests.cast import Cast
from tests.events.evening import address

KINDS = ("guests", "seating", "answers")
FORMATS = ("csv", "xlsx")


def download(cast: Cast, kind: str, form: str) -> bytes:
    """The file itself."""
    answer = host_of(cast).get(address(cast, f"/export/{kind}.{form}"))
    assert answer.status_code == 200
    return answer.data


def cells(content: bytes, form: str) -> list[list[str]]:
    """Every cell of a file, the header too."""
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    for row in sheet.iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "n"}, "text or nothing, never a formula"
    return [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]


def table(cast: Cast, kind: str, form: str = "csv") -> list[dict[str, str]]:
    """The rows of a file by their columns."""
    header, *rows = cells(download(cast, kind, form), form)
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]
