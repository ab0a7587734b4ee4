"""Keys by which text is compared, the same on both engines because Python makes them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kit.text import email_key, search_key, slugify, tidy

NAMES = [
    "Ngozi Okafor",
    "José María Ñúñez",
    "李小龙",
    "שרה לוי",
    "محمد علي",
    "Zoë 🌸 d’Arcy",
    "Łucja Øst",
    "ஆரவி",
    "👩‍👩‍👧",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind_survive_unharmed(name: str) -> None:
    assert tidy(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("Jose\u0301", "José"),
        ("Ada\x00\x07Lovelace", "Ada Lovelace"),
        ("Ada\r\nBcc: everybody", "Ada Bcc: everybody"),
        ("\u00a0Ada\u2003Lovelace", "Ada Lovelace"),
        pytest.param("Ada\ud800", "Ada", id="half a letter"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_left_out(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ("STRASSE@example.org", "straße@example.org"),
        ("ÉVA@example.org", "éva@example.org"),
        ("ａｄａ@example.org", "ada@example.org"),
    ],
)
def test_two_spellings_of_one_address(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


def test_two_addresses_stay_two() -> None:
    addresses = ["ada@example.org", "ada+1@example.org", "a.da@example.org", "ada@example.com", "åda@example.org"]
    assert len({email_key(address) for address in addresses}) == len(addresses)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nunez", "Núñez"),
        ("NÚÑEZ", "nunez"),
        ("ngozi  okafor", "Ngozi Okafor"),
        ("istanbul", "İstanbul"),
        ("strasse", "Straße"),
    ],
)
def test_a_search_finds_a_name_without_accents_and_case(typed: str, name: str) -> None:
    assert search_key(typed) == search_key(name)


@pytest.mark.parametrize("name", ["李小龙", "שרה", "Øst", "Łucja"])
def test_letters_without_accents_keep_themselves(name: str) -> None:
    assert search_key(name) == name.casefold()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lantern Night!", "lantern-night"),
        ("Mesa de los Ñúñez", "mesa-de-los-nunez"),
        ("  ", "x"),
        ("李", "李"),
        ("a" * 99, "a" * 60),
    ],
)
def test_a_slug_is_never_empty_and_never_long(name: str, slug: str) -> None:
    assert slugify(name) == slug


@settings(deadline=None)
@given(st.text())
def test_keys_of_keys_are_themselves(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert email_key(email_key(text)) == email_key(text)
    assert not any(unicodedata.category(letter) == "Cc" for letter in tidy(text))
    assert 0 < len(slugify(text)) <= 60
