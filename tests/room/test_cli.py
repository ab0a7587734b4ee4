from __future__ import annotations

import pytest
from click.testing import Result

from tests.cast import Cast


def lay(cast: Cast, description: str, event: str = "lantern-night") -> Result:
    return cast.app.test_cli_runner().invoke(args=["room", "lay", "--event", event, description])


def names(cast: Cast) -> list[str]:
    return [row.name for row in cast.rows("SELECT name FROM tables ORDER BY id")]


def test_tables_go_on_after_those_that_are_there(cast: Cast) -> None:
    first = lay(cast, "2 round 8, 2 row 12")
    assert (first.exit_code, first.stdout) == (0, "Added to “Lantern Night”: 3, 4, A, B (40 seats).\n")
    second = lay(cast, "1 row 5, 1 long 6")
    assert (second.exit_code, second.stdout) == (0, "Added to “Lantern Night”: C, 5 (11 seats).\n")
    assert names(cast) == ["1", "2", "3", "4", "A", "B", "C", "5"]
    assert cast.count("SELECT count(*) FROM seats") == 2 * 10 + 40 + 11
    assert cast.count("SELECT count(*) FROM (SELECT DISTINCT x, y FROM tables) AS places") == 8
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'tables.added'") == 3


def test_a_number_is_never_given_twice(cast: Cast) -> None:
    cast.run("UPDATE tables SET name = '17', slug = '17' WHERE name = '2'")
    assert lay(cast, "1 round 4").exit_code == 0
    assert names(cast) == ["1", "17", "18"]


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("twelve", "“twelve” cannot be read. Write for example “12 round tables of 10” or “rows A–N of 20”."),
        ("2 round 8,", "“” cannot be read. Write for example “12 round tables of 10” or “rows A–N of 20”."),
        ("0 round 8", "“0 round 8” is too much or too little: up to 600 tables of up to 100 seats."),
        ("1 round 101", "“1 round 101” is too much or too little: up to 600 tables of up to 100 seats."),
    ],
)
def test_what_cannot_be_read_changes_nothing(cast: Cast, description: str, sentence: str) -> None:
    refused = lay(cast, description)
    assert (refused.exit_code, refused.stderr) == (1, f"Error: {sentence}\n")
    assert names(cast) == ["1", "2"]


def test_a_name_that_is_taken_is_passed_over(cast: Cast) -> None:
    cast.run("UPDATE tables SET name = 'A' WHERE name = '2'")
    assert lay(cast, "rows A–B of 3").exit_code == 0
    assert names(cast) == ["1", "A", "B", "C"]


def test_an_event_that_is_not_there_is_a_sentence(cast: Cast) -> None:
    refused = lay(cast, "1 round 4", event="no-such-event")
    assert (refused.exit_code, refused.stderr) == (1, "Error: There is no event “no-such-event”.\n")
