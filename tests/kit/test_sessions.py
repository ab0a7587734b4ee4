"""The session in its cookie: only as we signed it, only for as long as it lasts, and never another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, session
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import create_environ

BEGINNING = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def cookie(app: Flask, **held: object) -> str:
    """A session's cookie, signed now."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert isinstance(serializer, URLSafeTimedSerializer)
    return str(serializer.dumps(held))


def held(app: Flask, value: str) -> dict[str, object]:
    """What the application finds in a session's cookie."""
    name = app.config["SESSION_COOKIE_NAME"]
    with app.request_context(create_environ("/", headers={"Cookie": f"{name}={value}"})):
        return dict(session)


def test_a_session_is_found_as_it_was_kept_and_changing_it_changes_no_other(bare: Flask) -> None:
    kept = cookie(bare, of=1, before={"7": ["pending", None]})
    name = bare.config["SESSION_COOKIE_NAME"]
    for _ in range(3):
        assert held(bare, kept) == {"of": 1, "before": {"7": ["pending", None]}}
        with bare.request_context(create_environ("/", headers={"Cookie": f"{name}={kept}"})):
            session["before"]["7"].append("spoiled")
            session["of"] = 2


def test_a_session_that_was_read_before_ends_all_the_same(bare: Flask) -> None:
    with time_machine.travel(BEGINNING, tick=False) as clock:
        kept = cookie(bare, of=1)
        assert held(bare, kept) == {"of": 1}
        clock.move_to(BEGINNING + bare.permanent_session_lifetime)
        assert held(bare, kept) == {"of": 1}
        clock.shift(timedelta(seconds=1))
        assert held(bare, kept) == {}
        clock.move_to(BEGINNING - timedelta(seconds=1))
        assert held(bare, kept) == {}, "nothing was signed in the future"


@pytest.mark.parametrize("spoil", [lambda kept: kept[:-2], lambda kept: "x" + kept, lambda kept: "", lambda kept: "."])
def test_what_we_have_not_signed_is_no_session(bare: Flask, spoil: object) -> None:
    kept = cookie(bare, of=1)
    assert held(bare, kept) == {"of": 1}
    assert callable(spoil)
    assert held(bare, spoil(kept)) == {}
    other = URLSafeTimedSerializer("another key", salt="cookie-session")
    assert held(bare, str(other.dumps({"of": 1}))) == {}
