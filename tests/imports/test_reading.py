"""Reading files as people have them, and refusing those that nobody should read."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from portal.imports import forms
from portal.imports.forms.archive import Census
from portal.imports.rules.households import read_list
from portal.imports.rules.refusals import Unusable
from tests.imports.books import SHEET, csv_bytes, lie_about_size, raw_workbook, sheet_of, workbook
from tests.imports.world import FILES

HEADERS = ["Household", "Name"]
GOOD = sheet_of(HEADERS, ["Costa", "Ada"])
MEBIBYTE = 1024 * 1024


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in forms.read_lines(content)]


def why_not(content: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Unusable) as refused:
        read_list(forms.read_lines(content))
    assert refused.value.sentence("es") != refused.value.sentence("en")
    return refused.value.sentence("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_and_with_the_delimiters_of_many_countries(encoding: str, delimiter: str) -> None:
    rows = [("Einladung / Party", "Name", "Essen"), ("Müller", "José Núñez", "no, really")]
    content = csv_bytes(*(delimiter.join(f'"{cell}"' for cell in row) for row in rows), encoding=encoding)
    assert cells(content) == rows


def test_excels_mark_of_the_delimiter_is_no_row() -> None:
    lines = forms.read_lines(csv_bytes("sep=;", "Household;Name", "Costa;Ada"))
    assert [line.number for line in lines] == [1, 2]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    lines = forms.read_lines(csv_bytes("Household,Name,Notes", 'Costa,Ada,"two\r\nlines"', "", ",,", "Park,Kai"))
    assert [line.number for line in lines] == [1, 2, 5]


def test_old_line_endings_are_line_endings() -> None:
    assert cells(b"Household,Name\rCosta,Ada\r") == [("Household", "Name"), ("Costa", "Ada")]


def test_a_quotation_mark_inside_a_cell_is_a_quotation_mark() -> None:
    assert cells(csv_bytes("Household,Name", 'Costa,Ada "Addy" Costa', '"Pa""rk",Kai'))[1:] == [
        ("Costa", 'Ada "Addy" Costa'),
        ('Pa"rk', "Kai"),
    ]


def test_a_workbook_is_read_from_its_first_sheet_with_content() -> None:
    content = workbook([HEADERS, ["Costa", "Ada"], [None, None], ["Park", "Kai"]], before=["Notes", "Empty"])
    assert [(line.number, line.cells) for line in forms.read_lines(content)] == [
        (1, ("Household", "Name")),
        (2, ("Costa", "Ada")),
        (4, ("Park", "Kai")),
    ]


def test_numbers_in_a_workbook_are_read_as_a_person_reads_them() -> None:
    content = workbook([["Household", "Name", "Phone", "Child"], [7, "Ada", 491513836752.0, True]])
    assert cells(content)[1] == ("7", "Ada", "491513836752", "True")


def test_a_small_size_that_a_sheet_declares_hides_nobody() -> None:
    sheet = GOOD.replace("<sheetData>", '<dimension ref="A1:A1"/><sheetData>')
    assert cells(raw_workbook(sheet)) == [("Household", "Name"), ("Costa", "Ada")]


def test_a_row_far_below_is_read() -> None:
    stray = '<row r="1048576"><c r="B1048576" t="inlineStr"><is><t>Kai</t></is></c></row></sheetData>'
    assert [line.number for line in forms.read_lines(raw_workbook(GOOD.replace("</sheetData>", stray)))] == [
        1,
        2,
        1048576,
    ]


def test_ten_thousand_rows_are_read_and_one_more_is_not() -> None:
    rows = [f"Costa {number},Ada" for number in range(10_001)]
    assert len(read_list(forms.read_lines(csv_bytes("Household,Name", *rows[:-1]))).households) == 10_000
    assert why_not(csv_bytes("Household,Name", *rows)).startswith(
        "Row 10002 is one too many: a list may have 10,000 rows."
    )


def test_a_workbook_of_more_rows_is_refused() -> None:
    sheet = sheet_of(HEADERS, *(["Costa", f"Ada {number}"] for number in range(10_001)))
    assert why_not(raw_workbook(sheet)).startswith("Row 10002 is one too many")


def many_parts() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    return out.getvalue()


def padded(bytes_of_blanks: int) -> bytes:
    return raw_workbook(GOOD.replace("</worksheet>", " " * bytes_of_blanks + "</worksheet>"))


def document(entity: str) -> bytes:
    """A workbook whose sheet declares an entity and calls on it."""
    sheet = GOOD.replace('<?xml version="1.0"?>', "").replace("Ada", "&guest;")
    return raw_workbook(f"<!DOCTYPE sheet [<!ENTITY guest {entity}>]>{sheet}")


def encrypted() -> bytes:
    content = bytearray(raw_workbook(GOOD))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


UNPACKS = "This workbook holds more than a guest list can (20 MB unpacked)."
DAMAGED = "This workbook is damaged and cannot be read."
WIDE = "Row 1 goes on beyond column GR: a list may have 200 columns."
NO_SPREADSHEET = "This file is not a spreadsheet."


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda: b"", "This file is empty.", id="empty"),
        pytest.param(lambda: b"\r\n,,,\r\n", "This file is empty.", id="only blank rows"),
        pytest.param(lambda: b"x" * (5 * MEBIBYTE + 1), "This file is larger than 5 MB.", id="too large"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), NO_SPREADSHEET, id="picture"),
        pytest.param(
            lambda: "Household,Name\nCosta,Ada".encode("utf-16-le"), NO_SPREADSHEET, id="UTF-16 without its mark"
        ),
        pytest.param(
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an old Excel file", id="old Excel"
        ),
        pytest.param(lambda: b"%PDF-1.7 and so on", "Row 1 names no column we know.", id="PDF"),
        pytest.param(lambda: csv_bytes("foo,bar", "1,2"), "Row 1 names no column we know.", id="unknown columns"),
        pytest.param(
            lambda: csv_bytes("Name,Email", "Ada,"), "Row 1 has no column for the household.", id="no household"
        ),
        pytest.param(
            lambda: csv_bytes("Household,Name", "Costa,A\0da"), "Row 2 holds a character that is not text.", id="NUL"
        ),
        pytest.param(
            lambda: b"Household,Name\nCosta,Ada\nPark,\x81",
            "Row 3 holds a character that is not text.",
            id="no encoding",
        ),
        pytest.param(
            lambda: csv_bytes("Household,Name", 'Costa,"Ada', "Park,Kai"), "In row 2 a quotation mark", id="open quote"
        ),
        pytest.param(
            lambda: csv_bytes("Household,Name", 'Costa,"Ada" C'), "In row 2 a quotation mark", id="text after a quote"
        ),
        pytest.param(lambda: csv_bytes(",".join([*HEADERS, *(["x"] * 199)])), WIDE, id="201 columns in CSV"),
        pytest.param(lambda: b"Household,Name\n" + b"," * 300_000, "Row 2 goes on beyond", id="commas without end"),
        pytest.param(lambda: raw_workbook(sheet_of(["x"] * 201)), WIDE, id="201 columns"),
        pytest.param(lambda: raw_workbook(sheet_of(["x"] * 16_384)), WIDE, id="16,384 columns"),
        pytest.param(lambda: padded(24 * MEBIBYTE), UNPACKS, id="bomb"),
        pytest.param(
            lambda: lie_about_size(padded(24 * MEBIBYTE), "xl/worksheets/sheet1.xml", 900), DAMAGED, id="lying bomb"
        ),
        pytest.param(
            lambda: lie_about_size(raw_workbook(GOOD), "xl/worksheets/sheet1.xml", 10), DAMAGED, id="lying size"
        ),
        pytest.param(many_parts, UNPACKS, id="10,000 parts"),
        pytest.param(
            lambda: raw_workbook(SHEET.format(rows=f"<row>{'<c/>' * 4_000_000}</row>")), WIDE, id="elements in a row"
        ),
        pytest.param(lambda: raw_workbook(SHEET.format(rows="<row/>" * 300_000)), UNPACKS, id="rows without end"),
        pytest.param(
            lambda: raw_workbook(SHEET.format(rows=f"<row>{'<row/>' * 300_000}</row>")), DAMAGED, id="rows in a row"
        ),
        pytest.param(lambda: document('"Ada"'), DAMAGED, id="entity"),
        pytest.param(lambda: document('SYSTEM "file:///etc/passwd"'), DAMAGED, id="entity from outside"),
        pytest.param(lambda: raw_workbook(GOOD)[:-200], DAMAGED, id="cut off"),
        pytest.param(lambda: raw_workbook(GOOD[:-40]), DAMAGED, id="broken XML"),
        pytest.param(
            lambda: raw_workbook(GOOD, **{"xl/workbook.xml": b"no workbook"}), DAMAGED, id="not a workbook inside"
        ),
        pytest.param(encrypted, "This is an old Excel file or one with a password.", id="password"),
        pytest.param(
            lambda: raw_workbook(GOOD, **{"xl/workbook.xml": b"<workbook/>"}), "This file is empty.", id="no sheet"
        ),
        pytest.param(lambda: raw_workbook(SHEET.format(rows="")), "This file is empty.", id="empty workbook"),
    ],
)
def test_a_file_that_nobody_should_read_is_refused_in_one_sentence(make: Callable[[], bytes], sentence: str) -> None:
    assert why_not(make()).startswith(sentence)


@pytest.mark.parametrize(
    ("part", "rule"),
    [(b" " * (20 * MEBIBYTE + 1), "too_large_unpacked"), (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "damaged")],
)
def test_what_comes_out_of_a_part_is_counted_whatever_it_declares(part: bytes, rule: str) -> None:
    with pytest.raises(Unusable) as refused:
        Census().read(BytesIO(part))
    assert refused.value.why.name == rule


def test_another_kind_of_archive_is_not_a_spreadsheet() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"not really")
    assert why_not(out.getvalue()).startswith(NO_SPREADSHEET)


@pytest.mark.parametrize("path", ["nowhere.csv", ".", "a\0b"])
def test_a_path_without_a_file_says_so(tmp_path: Path, path: str) -> None:
    with pytest.raises(Unusable) as refused:
        forms.read_file(tmp_path / path)
    assert refused.value.sentence("en").startswith("There is no file “")


def test_refusing_a_bomb_takes_no_memory() -> None:
    forms.read_file(FILES / "guests.xlsx")  # what the reader itself takes is taken once
    bombs = [padded(100 * MEBIBYTE), many_parts(), raw_workbook(sheet_of(["x"] * 16_384))]
    tracemalloc.start()
    for bomb in bombs:
        why_not(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * MEBIBYTE
