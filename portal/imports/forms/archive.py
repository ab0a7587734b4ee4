"""Is this workbook what it says it is? Asked before any of it is read as one.

A few kilobytes can unpack to gigabytes, and a row of a few megabytes of XML
takes a hundred times that as a tree. So every part is unpacked once in small
pieces, counted as it comes and thrown away.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import IO
from xml.parsers import expat

from portal.imports.rules import refusals
from portal.imports.rules.columns import letter
from portal.imports.rules.refusals import Unusable

_PIECE = 64 * 1024
_MAX_PARTS = 500
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_ROWS = {"row", "si"}

_MAX_ELEMENTS = 1_000_000
_MAX_IN_ONE_ROW = 20_000
_MAX_OUTSIDE_ROWS = 100_000
_MAX_ROWS = 250_000
"""Elements of XML in all parts together, in one row or text, and elsewhere (styles, links); how many rows and texts."""


def check_archive(content: bytes) -> None:
    """Refuse a workbook that would take more memory or time than a guest list may.

    Raises:
        Unusable: it is a bomb, damaged, locked, or wider than a list.
    """
    if content.count(_CENTRAL_ENTRY) > _MAX_PARTS:
        raise Unusable(refusals.TOO_LARGE_UNPACKED)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unusable(refusals.DAMAGED) from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unusable(refusals.OLD_OR_LOCKED)
    if sum(part.file_size for part in parts) > refusals.MAX_UNPACKED:
        raise Unusable(refusals.TOO_LARGE_UNPACKED)
    if "[Content_Types].xml" not in archive.namelist() or not any(part.filename.startswith("xl/") for part in parts):
        raise Unusable(refusals.NOT_A_SPREADSHEET)
    census = Census()
    for part in parts:
        with archive.open(part) as stream:
            census.read(stream)


class Census:
    """Counts bytes and elements over all parts, and refuses at the first too many.

    Sizes that an archive declares are only its word; what counts is what comes
    out. A part that stops being XML is counted on as bytes.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.elements = 0
        self.outside = 0
        self.rows = 0
        self.in_row: int | None = None

    def read(self, stream: IO[bytes]) -> None:
        """Unpack one part to its end, keeping nothing of it."""
        self.rows, self.in_row = 0, None
        parser: expat.XMLParserType | None = expat.ParserCreate()
        assert parser is not None
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._refuse_entity
        while piece := stream.read(_PIECE):
            self.bytes += len(piece)
            if self.bytes > refusals.MAX_UNPACKED:
                raise Unusable(refusals.TOO_LARGE_UNPACKED)
            if parser is not None:
                try:
                    parser.Parse(piece, False)
                except expat.ExpatError:
                    parser = None

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.elements += 1
        if tag.rpartition(":")[2] in _ROWS:
            self._start_row()
        elif self.in_row is None:
            self.outside += 1
        else:
            self.in_row += 1
            if self.in_row > _MAX_IN_ONE_ROW:
                raise Unusable(refusals.TOO_WIDE, row=self.rows, column=letter(refusals.MAX_COLUMNS - 1))
        if self.elements > _MAX_ELEMENTS or self.outside > _MAX_OUTSIDE_ROWS or self.rows > _MAX_ROWS:
            raise Unusable(refusals.TOO_LARGE_UNPACKED)

    def _start_row(self) -> None:
        if self.in_row is not None:
            raise Unusable(refusals.DAMAGED)
        self.in_row = 0
        self.rows += 1

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] in _ROWS:
            self.in_row = None

    def _refuse_entity(self, *_declared: object) -> None:
        raise Unusable(refusals.DAMAGED)
