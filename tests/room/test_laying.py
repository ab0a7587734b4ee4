"""What a few words mean, and where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.room.rules.laying import APART, NotARoom, Part, lay, overlaps, read_parts
from portal.room.rules.layout import Landmark, Layout
from portal.room.rules.ready import READY, laid_ready
from portal.seating.models import Shape

ROUND, LONG, ROW = Shape.ROUND, Shape.LONG, Shape.ROW


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("12 round tables of 10", [Part(12, ROUND, 10)]),
        ("12 round 10", [Part(12, ROUND, 10)]),
        ("12 x round 10", [Part(12, ROUND, 10)]),
        ("12 tables of 10", [Part(12, ROUND, 10)]),
        ("1 round table of 8 people", [Part(1, ROUND, 8)]),
        ("2 long tables of 8 and 3 round tables of 6", [Part(2, LONG, 8), Part(3, ROUND, 6)]),
        ("rows A–N of 20", [Part(14, ROW, 20, 0)]),
        ("Rows C to E of 12", [Part(3, ROW, 12, 2)]),
        ("rows y-ab of 5", [Part(4, ROW, 5, 24)]),
        ("5 rows of 20, 2 long 8", [Part(5, ROW, 20), Part(2, LONG, 8)]),
        ("12 mesas redondas de 10", [Part(12, ROUND, 10)]),
        ("2 mesas largas de 8 y filas A–C de 20", [Part(2, LONG, 8), Part(3, ROW, 20, 0)]),
    ],
)
def test_words_are_read_as_people_write_them(words: str, parts: list[Part]) -> None:
    assert read_parts(words) == parts


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("twelve", "“twelve” cannot be read. Write for example “12 round tables of 10” or “rows A–N of 20”."),
        ("", "“” cannot be read. Write for example “12 round tables of 10” or “rows A–N of 20”."),
        ("0 round 8", "“0 round 8” is too much or too little: up to 600 tables of up to 100 seats."),
        ("1 round 101", "“1 round 101” is too much or too little: up to 600 tables of up to 100 seats."),
        ("rows N–A of 20", "“rows N–A of 20” is too much or too little: up to 600 tables of up to 100 seats."),
        ("400 round 8, 201 round 8", "A room holds up to 600 tables. There would be 601."),
    ],
)
def test_what_cannot_be_laid_is_a_sentence(words: str, sentence: str) -> None:
    with pytest.raises(NotARoom) as refused:
        lay(Layout(), read_parts(words))
    assert refused.value.why.sentence("en") == sentence
    assert refused.value.why.sentence("es") != sentence


def test_numbers_and_letters_go_on_after_those_that_are_there() -> None:
    room = lay(Layout(), read_parts("2 round 8, 2 rows of 12"))
    room = lay(room, read_parts("1 row of 5, 1 long 6, rows A-B of 4"))
    assert [table.name for table in room.tables.values()] == ["1", "2", "A", "B", "C", "3", "D", "E"]
    assert list(room.tables) == [-1, -2, -3, -4, -5, -6, -7, -8]
    assert [seat.label for seat in room.tables[-6].seats] == ["1", "2", "3", "4", "5", "6"]


def test_a_name_is_given_once_however_it_is_written_and_fits_its_column() -> None:
    laid = Layout().with_tables(
        replace(table, name=name)
        for table, name in zip(
            lay(Layout(), read_parts("4 round 8")).tables.values(), ["9" * 80, "Á", "3", "“4”"], strict=True
        )
    )
    room = lay(laid, read_parts("2 round 8, 1 row of 5"))
    assert [table.name for table in room.tables.values()][4:] == ["5", "6", "B"]


@pytest.mark.parametrize("words", ["12 round 10", "30 round 10", "600 round 4", "rows A–N of 20"])
def test_nothing_overlaps_whatever_stands_there_before(words: str) -> None:
    stage, bar = Landmark(0, "Stage", 100, 6, 158, 52), Landmark(0, "Bar", 0, 400, 120, 90)
    empty = lay(Layout(), read_parts(words), [stage, bar] if "600" not in words else [stage])
    assert overlaps(empty) == []
    if "600" not in words:
        more = lay(empty, read_parts("7 long 8"))
        assert overlaps(more) == []
        assert len(more.tables) == len(empty.tables) + 7


def test_tables_that_stand_in_each_other_s_way_are_named() -> None:
    room = lay(Layout(), read_parts("2 round 10"), [])
    first, second = room.tables.values()
    room = room.with_tables([type(second)(**{**vars(second), "x": first.x + APART - 5, "y": first.y})])
    assert overlaps(room) == [("1", "2")]


@pytest.mark.parametrize("ready", READY, ids=lambda room: room.key)
def test_a_ready_room_can_be_laid(ready: object) -> None:
    room = laid_ready(ready)  # type: ignore[arg-type]
    assert room.tables
    assert overlaps(room) == []
    assert all(37 <= table.x <= 321 and table.y >= 37 for table in room.tables.values())
