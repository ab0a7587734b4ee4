"""Who belongs together, and what the host is told."""

from __future__ import annotations

import pytest

from portal.imports.rules.columns import Field, Header, Line
from portal.imports.rules.households import GuestList, read_list, starts_household
from portal.imports.rules.refusals import Unusable

HEADERS = "Household|Name|Email|Phone|Child|Plus one|Dietary|Notes"


def listed(*rows: str, headers: str = HEADERS) -> GuestList:
    """A list with its headers in row 1; an empty text is a blank row."""
    filled = enumerate([headers, *rows], start=1)
    return read_list([Line(number, tuple(row.split("|"))) for number, row in filled if row.replace("|", "").strip()])


def shape(guests: GuestList) -> list[tuple[str, list[str]]]:
    """Households by name, with the names in them; an unnamed plus-one is a plus."""
    return [(household.name, [person.name or "+" for person in household.people]) for household in guests.households]


def told(guests: GuestList) -> list[tuple[int, str]]:
    return [(notice.row, notice.kind) for notice in guests.notices]


def test_without_a_column_of_households_everybody_stands_alone_with_whom_they_bring() -> None:
    lines = [Line(1, ("Ada Costa", "")), Line(2, ("and guest", "")), Line(3, ("", "2")), Line(4, ("Kai Park", "Lena"))]
    guests = read_list(lines, Header(0, {Field.NAME: 0, Field.PLUS_ONE: 1}))
    assert shape(guests) == [
        ("Ada Costa", ["Ada Costa"]),
        ("and guest", ["and guest"]),
        ("Kai Park", ["Kai Park", "Lena"]),
    ]
    assert told(guests) == [(2, "nobody_to_accompany"), (3, "no_name")]


@pytest.mark.parametrize(
    ("name", "above", "above_was_blank", "starts"),
    [
        ("", None, False, False),
        ("", "Costa", True, False),
        ("Costa", None, False, True),
        ("Costa", "Costa", False, False),
        (" COSTA ", "Costa", False, False),
        ("Costa", "Costa", True, True),
        ("Park", "Costa", False, True),
    ],
)
def test_where_a_household_begins(name: str, above: str | None, above_was_blank: bool, starts: bool) -> None:
    assert starts_household(name, above, above_was_blank=above_was_blank) is starts


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # the name on every row
        (["Costa|Ada", "Costa|Ben", "Park|Kai"], [("Costa", ["Ada", "Ben"]), ("Park", ["Kai"])]),
        # the name on the first row only, with a blank row in between
        (["Costa|Ada", "", "|Ben", "Park|Kai"], [("Costa", ["Ada", "Ben"]), ("Park", ["Kai"])]),
        # two families of one name, one after the other, told apart by the blank cells
        (["Costa|Ada", "|Ben", "Costa|Eva", "|Leo"], [("Costa", ["Ada", "Ben"]), ("Costa", ["Eva", "Leo"])]),
        # the same name again further down
        (["Costa|Ada", "Park|Kai", "Costa|Eva"], [("Costa", ["Ada"]), ("Park", ["Kai"]), ("Costa", ["Eva"])]),
        # a line with the household alone, its people below
        (["Costa|", "|Ada", "|Ben"], [("Costa", ["Ada", "Ben"])]),
        # plus-ones in every spelling
        (["Costa|Ada", "|and guest"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada|||| yes"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada||||2"], [("Costa", ["Ada", "+", "+"])]),
        (["Costa|Ada||||Lena Ruiz"], [("Costa", ["Ada", "Lena Ruiz"])]),
        (["Costa|Ada + guest"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada + guest||||yes"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada", "Costa||||| yes"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada", "Costa|Guest of Ada||||yes"], [("Costa", ["Ada", "+"])]),
        (["Costa|Ada", "Costa|Lena||||yes"], [("Costa", ["Ada", "Lena"])]),
        (["Costa|and guest", "|Ada"], [("Costa", ["Ada", "+"])]),
        (["Costa|and guest"], [("Costa", ["and guest"])]),
    ],
)
def test_who_belongs_together(rows: list[str], expected: list[tuple[str, list[str]]]) -> None:
    assert shape(listed(*rows)) == expected


def test_a_later_name_with_a_tick_is_the_plus_one_itself() -> None:
    people = listed("Costa|Ada", "Costa|Lena||||yes").households[0].people
    assert [person.is_plus_one for person in people] == [False, True]


@pytest.mark.parametrize(
    ("rows", "notices"),
    [
        (["Costa|Ada", "", "|Ben"], [(3, "blank_row")]),
        (["Costa|Ada", "", "", "", "|Ben"], [(3, "blank_row")]),
        (["Costa|Ada", "", ""], []),
        (["Costa|Ada", "|TOTAL"], [(3, "total_row")]),
        (["Costa|Ada", "Summe|154|||"], [(3, "total_row")]),
        (["Costa|Ada", "||a@example.org"], [(3, "no_name")]),
        (["Costa|Ada|a@example.org", "|Ben|A@EXAMPLE.ORG"], [(3, "shared_address")]),
        (["Costa|Ada|ada at home"], [(2, "invalid_address")]),
        (["Costa|Ada||call her"], [(2, "doubtful_phone")]),
        (["Costa|Ada||" + "1" * 60], [(2, "doubtful_phone")]),
        (["Costa|Ada", "|ada"], [(3, "same_name")]),
        (["Costa|Ada", "Park|Kai", "costa|Ada"], [(4, "same_household")]),
        (["Costa|Ada|||perhaps"], [(2, "neither_yes_nor_no")]),
        (["Costa|Ada||||12"], [(2, "neither_yes_nor_no")]),
        (["Costa|" + "A" * 300], [(2, "too_long")]),
        (["C" * 300 + "|Ada"], [(2, "too_long")]),
        (["Costa|Ada|||||" + "v" * 501], [(2, "too_long")]),
        (["Costa|Ada||||||" + "n" * 2001], [(2, "too_long")]),
        (["Costa|and guest"], [(2, "nobody_to_accompany")]),
    ],
)
def test_what_the_host_is_told(rows: list[str], notices: list[tuple[int, str]]) -> None:
    guests = listed(*rows)
    assert told(guests) == notices
    for notice in guests.notices:
        assert "{" not in notice.sentence("en") + notice.sentence("es")
        assert notice.sentence("en") != notice.sentence("es")


def test_a_column_that_is_not_known_is_said_once() -> None:
    guests = listed("Costa|Ada|38", headers="Household|Name|Shoe size")
    assert [notice.sentence("en") for notice in guests.notices] == [
        "Column C, “Shoe size”, is not one we know and was left out."
    ]


def test_an_unnamed_guest_with_a_shared_address_has_a_sentence_too() -> None:
    guests = listed("Costa|Ada|a@example.org", "|and guest|a@example.org")
    assert guests.notices[0].sentence("en") == (
        "a@example.org is the address of Ada, who stands first. This guest is kept without it."
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "Below the headers in row 1 there is nobody on this list."),
        (["|TOTAL"], "Below the headers in row 1 there is nobody on this list."),
        (["|Ada"], "Row 2, column A: the first guest needs a household"),
    ],
)
def test_a_list_that_invites_nobody_is_refused(rows: list[str], sentence: str) -> None:
    with pytest.raises(Unusable) as refused:
        listed(*rows)
    assert refused.value.sentence("en").startswith(sentence)
