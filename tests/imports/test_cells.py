"""What is kept of a cell: tables of cases."""

from __future__ import annotations

import pytest

from portal.imports.rules import cells
from portal.kit import contacts
from portal.kit.contacts import Phone
from portal.kit.text import search_key


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Costa, Camila", "Camila Costa"),
        ("García-Márquez, さくら", "さくら García-Márquez"),
        ("O'Neill,Hugo", "Hugo O'Neill"),
        ("John Smith, Jr.", "John Smith, Jr."),
        ("Ada Costa", "Ada Costa"),
        ("Costa, Camila, MD", "Costa, Camila, MD"),
        ("Costa,", "Costa,"),
    ],
)
def test_last_name_first_is_turned_around(typed: str, name: str) -> None:
    assert cells.full_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("and guest", "And Guest", "guest", "a guest", "& guest", "Guest of", "Guest of Ada", "Ada's guest"),
        *("+1", "+ 1", "plus one", "Plus-One", "Ada’s plus one"),
        *("Begleitung", "und Begleitung", "Gast von Ada", "y acompañante", "et invité"),
    ],
)
def test_a_guest_whom_nobody_has_named(typed: str) -> None:
    assert cells.is_nameless(typed)


@pytest.mark.parametrize(
    "typed", ["Christopher Guest", "Ada Guestley", "Mr Guest", "Gaston", "Ada", "Onesimus Plus", ""]
)
def test_a_name_that_only_looks_like_nobody(typed: str) -> None:
    assert not cells.is_nameless(typed)


@pytest.mark.parametrize(
    ("typed", "name", "brings"),
    [
        ("Ada Costa + guest", "Ada Costa", True),
        ("Ada Costa +1", "Ada Costa", True),
        ("Ada Costa and guest", "Ada Costa", True),
        ("José Ruiz y acompañante", "José Ruiz", True),
        ("Emil Müller und Begleitung", "Emil Müller", True),
        ("Roland Guest", "Roland Guest", False),
        ("Ada and Ben Costa", "Ada and Ben Costa", False),
    ],
)
def test_a_companion_in_the_same_cell(typed: str, name: str, brings: bool) -> None:
    assert cells.without_companion(typed) == (name, brings)


@pytest.mark.parametrize(
    "typed", ["TOTAL", "Total", "Total:", "Summe", "Summe: 154", "Gesamt", "Total guests 1,234", "Totales"]
)
def test_a_sum_is_no_guest(typed: str) -> None:
    assert cells.is_total(typed)


@pytest.mark.parametrize("typed", ["Total Recall", "Totally Ada", "Ada Total", "Sumner", "Gesamtschule", ""])
def test_a_guest_is_no_sum(typed: str) -> None:
    assert not cells.is_total(typed)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("+49 151 3836752", Phone("+491513836752")),
        ("0034 678096262", Phone("+34678096262")),
        ("+44 (0)20 7946 0123", Phone("+442079460123")),
        ("(555) 0132-3239", Phone("(555) 0132-3239")),
        ("0151 3836752", Phone("0151 3836752")),
        ("+49", Phone("+49", is_doubtful=True)),
        ("+999 12", Phone("+999 12", is_doubtful=True)),
        ("ask Lena", Phone("ask Lena", is_doubtful=True)),
        ("12", Phone("12", is_doubtful=True)),
        ("1" * 41, Phone(None, is_doubtful=True)),
        ("\u202a+49 151 3836752\u202c", Phone("+491513836752")),
    ],
)
def test_a_number_is_kept_as_it_can_be_rung(typed: str, phone: Phone) -> None:
    assert contacts.phone_of(typed) == phone


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        ("O.2@EXAMPLE.ORG", "O.2@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("Ada Costa <ada@example.org>", "ada@example.org"),
        ("用户@例え.jp", "用户@例え.jp"),
        ("ada@", None),
        ("ada at example.org", None),
        ("a@example.org; b@example.org", None),
        ("a" * 330 + "@example.org", None),
    ],
)
def test_an_address_is_one_or_it_is_not(typed: str, address: str | None) -> None:
    assert contacts.email_of(typed) == address


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        *((typed, True) for typed in ("x", "X", "yes", "ja", "sí", "1", "true", "✓", "7", "17")),
        *((typed, False) for typed in ("", "no", "nein", "0", "-")),
        *((typed, None) for typed in ("18", "maybe", "2019")),
    ],
)
def test_a_tick_in_many_hands(typed: str, answer: bool | None) -> None:
    assert cells.yes_or_no(typed) is answer


def test_names_of_every_kind_survive_and_control_characters_do_not() -> None:
    for name in ["ليلى", "さくら", "伟", "Дмитро", "Nguyễn", "Þór", "𠮷野", "नेहा", "👩‍👩‍👧 Costa", "می‌خواهم"]:
        assert cells.clean(f"  {name}\t") == name
    assert cells.clean("Zoe\u0308\r\nCohen\x00\x07\ufeff") == "Zoë Cohen"


def test_a_name_is_cut_to_what_both_its_columns_hold() -> None:
    assert cells.cut_name("a" * 201) == "a" * 200
    korean = cells.cut_name("한" * 200)
    assert len(korean) > 100
    assert len(search_key(korean)) <= 400
