"""Guest lists made for a test: good ones, and ones that somebody made to do harm."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/{{type}}" Target="{{target}}"/></Relationships>'
)
_BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
    '<sheets><sheet name="Guests" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{{rows}}</sheetData></worksheet>'


def csv_bytes(*lines: str, encoding: str = "utf-8") -> bytes:
    """A file of these lines."""
    return "\r\n".join(lines).encode(encoding)


def workbook(rows: Iterable[Sequence[object]], *, before: Sequence[str] = ()) -> bytes:
    """A workbook as a program writes it, the sheets named ``before`` standing empty in front."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in before:
        book.create_sheet(title)
    sheet = book.create_sheet("Guests")
    for row in rows:
        sheet.append(list(row))
    return _saved(book)


def raw_workbook(sheet: str | bytes, **more: bytes) -> bytes:
    """A workbook whose one sheet is these bytes, whatever they are, and further parts."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT.format(type="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _ROOT.format(type="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
        **more,
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_of(*rows: Sequence[str]) -> str:
    """The XML of a sheet with these texts."""
    return SHEET.format(rows="".join(_row(number, cells) for number, cells in enumerate(rows, start=1)))


def lie_about_size(content: bytes, part: str, size: int) -> bytes:
    """The same archive, claiming in both of its headers that ``part`` unpacks to ``size`` bytes."""
    changed = bytearray(content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        local = archive.getinfo(part).header_offset
    struct.pack_into("<I", changed, local + 22, size)
    central = content.index(part.encode(), content.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", changed, central + 24, size)
    return bytes(changed)


def _row(number: int, cells: Sequence[str]) -> str:
    filled = "".join(
        f'<c r="{get_column_letter(column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in enumerate(cells, start=1)
    )
    return f'<row r="{number}">{filled}</row>'


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
