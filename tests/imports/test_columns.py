"""Which column holds what, and where the headers are."""

from __future__ import annotations

import pytest

from portal.imports.rules.columns import Field, Line, find_header, letter, recognise
from portal.imports.rules.refusals import Unusable

H, N, F, L = Field.HOUSEHOLD, Field.NAME, Field.FIRST_NAME, Field.LAST_NAME


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            "Einladung / Party|Name|E-Mail|Telefon|Kind?|Essen|Notes",
            [H, N, Field.EMAIL, Field.PHONE, Field.CHILD, Field.DIETARY, Field.NOTES],
        ),
        (
            "Household|First name|Last name|Email|Phone|Child|Plus one|Dietary",
            [H, F, L, Field.EMAIL, Field.PHONE, Field.CHILD, Field.PLUS_ONE, Field.DIETARY],
        ),
        (
            "Familia|Nombre|Correo electrónico|Teléfono|Niño/a|Notas",
            [H, N, Field.EMAIL, Field.PHONE, Field.CHILD, Field.NOTES],
        ),
        (
            "Famille|Prénom|Nom|Courriel|Téléphone|Enfant|Régime",
            [H, F, L, Field.EMAIL, Field.PHONE, Field.CHILD, Field.DIETARY],
        ),
        ("Haushalt|Vorname|Name", [H, F, L]),
        ("Grupo|Nombre|Apellidos", [H, F, L]),
        ("FAMILY|GUEST NAME|+1", [H, N, Field.PLUS_ONE]),
        ("Party (invitation)|full_name|e-mail address", [H, N, Field.EMAIL]),
    ],
)
def test_headers_in_many_words(headers: str, fields: list[Field]) -> None:
    assert recognise(headers.split("|")) == {field: index for index, field in enumerate(fields)}


def test_the_first_of_two_alike_counts_and_the_rest_is_named() -> None:
    header = find_header([Line(1, ("Household", "Name", "Email", "E-mail", "Shoe size", ""))])
    assert header.columns == {H: 0, N: 1, Field.EMAIL: 2}
    assert header.unknown == ((3, "E-mail"), (4, "Shoe size"))


def test_titles_may_stand_above_the_headers() -> None:
    lines = [Line(1, ("Our wedding",)), Line(3, ("as of November", "", "Name")), Line(5, ("Party", "Name"))]
    assert find_header(lines).row == 5


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "This file is empty."),
        ([Line(2, ("foo", "bar"))], "Row 2 names no column we know."),
        ([Line(1, ("Name", "Email"))], "Row 1 has no column for the household."),
        ([Line(1, ("Our list",)), Line(4, ("Household", "Email"))], "Row 4 has no column for names."),
    ],
)
def test_a_list_without_its_columns_is_refused_with_the_row(lines: list[Line], sentence: str) -> None:
    with pytest.raises(Unusable) as refused:
        find_header(lines)
    assert refused.value.sentence("en").startswith(sentence)
    assert refused.value.sentence("es") != refused.value.sentence("en")


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR"), (16383, "XFD")])
def test_columns_are_named_as_a_spreadsheet_names_them(index: int, name: str) -> None:
    assert letter(index) == name
