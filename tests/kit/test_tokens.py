"""Codes that people type, and signatures that nobody makes but us."""

from __future__ import annotations

import string

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kit import tokens

CODE = "7K2MQX4P9RTA"


@pytest.mark.parametrize(
    "typed",
    ["7K2M-QX4P-9RTA", "7k2mqx4p9rta", " 7K2M QX4P 9RTA ", "7K2M–QX4P—9RTA", "7K2M.QX4P.9RTA\n", "«7K2M-QX4P-9RTA»"],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert tokens.read_code(typed) == CODE


@pytest.mark.parametrize(("typed", "meant"), [("O", "0"), ("o", "0"), ("I", "1"), ("i", "1"), ("L", "1"), ("l", "1")])
def test_look_alikes_are_read_as_one(typed: str, meant: str) -> None:
    assert tokens.read_code(typed + CODE[1:]) == meant + CODE[1:]


@pytest.mark.parametrize("typed", ["", "-", CODE[:11], CODE + "0", "7K2M-QX4P-9RT?", "١٢٣٤٥٦٧٨٩٠١٢", "a" * 10_000])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert tokens.read_code(typed) is None


def test_new_codes_are_random_and_readable() -> None:
    codes = {tokens.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {letter for code in codes for letter in code} == set(tokens.ALPHABET)
    assert all(tokens.read_code(tokens.spaced(code).lower()) == code for code in codes)
    assert tokens.spaced(CODE) == "7K2M-QX4P-9RTA"


def test_a_token_is_good_for_its_purpose_alone(bare: Flask) -> None:
    with bare.app_context():
        token = tokens.sign(CODE, "invitation")
        assert tokens.verify(token, "invitation") == CODE
        assert tokens.verify(token, "pass") is None
        assert tokens.verify(tokens.sign(CODE, "pass"), "invitation") is None


def test_only_the_spelling_we_sign_ourselves_is_taken(bare: Flask) -> None:
    """The last character of base 64 has bits that nobody reads: three of its 63 neighbours mean the same."""
    letters = string.ascii_letters + string.digits + "-_"
    with bare.app_context():
        token = tokens.sign(CODE, "invitation")
        accepted = [
            altered
            for position in range(len(token))
            for letter in letters
            if (altered := token[:position] + letter + token[position + 1 :]) != token
            if tokens.verify(altered, "invitation") is not None
        ]
        assert accepted == []


def test_a_cut_or_lengthened_token_is_refused(bare: Flask) -> None:
    with bare.app_context():
        token = tokens.sign(CODE, "invitation")
        cut = [token[:length] for length in range(len(token))]
        longer = [token + more for more in ("=", "A", ".", " ", "\n", "%00", token)]
        odd = [token.lower(), token.upper(), token.replace(".", "..", 1), CODE, f".{token}", "ÿ" + token, "🌸", "\x00"]
        assert [each for each in (*cut, *longer, *odd) if tokens.verify(each, "invitation") is not None] == []


def test_another_key_signs_another_token(bare: Flask) -> None:
    with bare.app_context():
        token = tokens.sign(CODE, "invitation")
        bare.config["SECRET_KEY"], kept = "another key, as long as it must be", bare.config["SECRET_KEY"]
        try:
            assert tokens.verify(token, "invitation") is None
        finally:
            bare.config["SECRET_KEY"] = kept


@settings(deadline=None)
@given(st.text())
def test_nothing_that_anybody_types_breaks_the_reader(typed: str) -> None:
    code = tokens.read_code(typed)
    assert code is None or (len(code) == 12 and set(code) <= set(tokens.ALPHABET))
