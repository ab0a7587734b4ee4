"""Passwords: argon2id, and the same work for an account without one."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from portal.kit.passwords import hash_password, is_password


@pytest.mark.parametrize("password", ["lanterns at the depot", "", "ñandú 🌸", "a" * 4096, "with\x00nul"])
def test_the_right_password_and_no_other(bare: Flask, password: str) -> None:
    with bare.app_context():
        kept = hash_password(password)
        assert kept.startswith("$argon2id$")
        assert len(kept) <= 255
        assert is_password(kept, password)
        assert not is_password(kept, password + " ")
        assert hash_password(password) != kept, "salted"


@pytest.mark.parametrize("kept", [None, "", "plain text", "$argon2id$broken"])
def test_an_account_without_a_usable_password_lets_nobody_in(bare: Flask, kept: str | None) -> None:
    with bare.app_context():
        assert not is_password(kept, "")
        assert not is_password(kept, "nobody has this password")


def test_saying_no_to_nobody_takes_as_long_as_saying_no_to_somebody(bare: Flask) -> None:
    """Counted by the work: one verification at the present cost, whether or not there is a password."""
    with bare.app_context():
        bare.config["CHEAP_PASSWORDS"] = False
        try:
            kept = hash_password("lanterns")
            is_password(None, "warm up the decoy")
            took = {known: min(_seconds(known, "wrong") for _ in range(3)) for known in (kept, None)}
        finally:
            bare.config["CHEAP_PASSWORDS"] = True
    assert took[None] > took[kept] / 3


def _seconds(kept: str | None, password: str) -> float:
    started = time.process_time()  # what else the machine has to do is not counted
    assert not is_password(kept, password)
    return time.process_time() - started
