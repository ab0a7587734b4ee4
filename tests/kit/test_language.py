"""Which language a page speaks: what was chosen here, else what the browser asks for, else English."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kit import language


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("fr;q=1.0,es;q=0.5", "es"),
        ("", "en"),
        ("*", "en"),
        ("xx-yy-zz;q=nonsense", "en"),
    ],
)
def test_what_the_browser_asks_for(bare: Flask, asked: str, spoken: str) -> None:
    with bare.test_request_context(headers={"Accept-Language": asked}):
        assert language.current() == spoken


@pytest.mark.parametrize(("cookie", "spoken"), [("es", "es"), ("en", "en"), ("fr", "es"), ("../../etc", "es")])
def test_a_choice_of_this_browser_comes_first_if_it_is_one(bare: Flask, cookie: str, spoken: str) -> None:
    with bare.test_request_context(headers={"Accept-Language": "es", "Cookie": f"language={cookie}"}):
        assert language.current() == spoken


def test_a_household_s_own_choice_comes_before_both(bare: Flask) -> None:
    with bare.test_request_context(headers={"Accept-Language": "en", "Cookie": "language=en"}):
        language.prefer(None)
        language.prefer("tlh")
        language.prefer("es")
        assert language.current() == "es"


def test_without_a_request_it_is_english(bare: Flask) -> None:
    with bare.app_context():
        assert language.current() == "en"
