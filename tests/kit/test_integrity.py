"""The list that an operator reads when rows break a rule that is to be made."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from portal.kit.integrity import Breach, Duplicates, Offenders, duplicates, stop_on_duplicates, stop_on_offenders
from portal.kit.schema import db

Rows = list[tuple[int, str | None, int | None]]


def chairs(connection: Connection, rows: Rows) -> None:
    """A table without rules, for this connection only."""
    connection.execute(text("CREATE TEMPORARY TABLE chairs (id INTEGER, label TEXT, row_number INTEGER)"))
    for chair, label, row in rows:
        values = {"id": chair, "label": label, "row": row}
        connection.execute(text("INSERT INTO chairs VALUES (:id, :label, :row)"), values)


def found(app: Flask, rows: Rows, columns: list[str], where: str = "") -> list[Breach]:
    with app.app_context(), db.engine.connect() as connection:
        chairs(connection, rows)
        groups = duplicates(connection, "chairs", columns, where=where)
        connection.rollback()
    return groups


def test_groups_are_told_with_their_values_and_rows_in_order(app: Flask) -> None:
    rows: Rows = [(3, "A", 1), (1, "A", 1), (2, "B", 1), (4, "C", 2), (5, "B", 1)]
    assert found(app, rows, ["label", "row_number"]) == [
        ("label=A, row_number=1", [1, 3]),
        ("label=B, row_number=1", [2, 5]),
    ]
    assert found(app, rows, ["label"]) == [("label=A", [1, 3]), ("label=B", [2, 5])]


def test_rows_with_nothing_in_a_column_are_free(app: Flask) -> None:
    assert found(app, [(1, None, 1), (2, None, 1), (3, "A", None), (4, "A", None)], ["label", "row_number"]) == []


def test_a_partial_rule_looks_only_at_its_part(app: Flask) -> None:
    rows: Rows = [(1, "A", 1), (2, "A", 2), (3, "A", 2)]
    assert found(app, rows, ["label"], where="row_number = 2") == [("label=A", [2, 3])]
    assert found(app, rows, ["label"], where="row_number = 1") == []


def test_a_long_list_is_cut_and_says_how_much_more_there_is(app: Flask) -> None:
    rows: Rows = [(2 * n + twin, f"{n:03}", 1) for n in range(25) for twin in (0, 1)]
    with app.app_context(), db.engine.connect() as connection:
        chairs(connection, rows)
        with pytest.raises(Duplicates) as stop:
            stop_on_duplicates(connection, "chairs", ["label"], rule="uq_chairs_label")
        connection.rollback()
    lines = str(stop.value).splitlines()
    assert lines[0] == "uq_chairs_label cannot be added: 25 group(s) of rows in “chairs” share label."
    assert lines[1] == "  label=000 → rows 0, 1"
    assert lines[21] == "  … and 5 more"
    assert "Nothing was changed." in lines[-2]


def test_a_clean_table_stops_nothing(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        chairs(connection, [(1, "A", 1), (2, "B", 1)])
        stop_on_duplicates(connection, "chairs", ["label"], rule="uq_chairs_label")
        connection.rollback()


def test_rows_that_break_any_other_rule_are_listed_and_the_list_is_cut(app: Flask) -> None:
    crowded = "SELECT id AS chair, label FROM chairs WHERE row_number > 1 ORDER BY id"
    with app.app_context(), db.engine.connect() as connection:
        chairs(connection, [(number, f"{number:03}", 2) for number in range(25)])
        with pytest.raises(Offenders) as stop:
            stop_on_offenders(connection, crowded, rule="ck_chairs_row", mend="Move them.")
        lines = str(stop.value).splitlines()
        assert lines[0] == "ck_chairs_row cannot be added: 25 row(s) break it."
        assert lines[1] == "  chair=0, label=000"
        assert lines[21:] == ["  … and 5 more", "Nothing was changed. Move them."]
        connection.execute(text("UPDATE chairs SET row_number = 1"))
        stop_on_offenders(connection, crowded, rule="ck_chairs_row", mend="Move them.")
        connection.rollback()
