"""Dates, times, counts and names as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, render_template_string, session
from flask_wtf.csrf import validate_csrf
from markupsafe import Markup

from portal.kit import presentation

LONDON, NEPAL, NEW_YORK = "Europe/London", "Asia/Kathmandu", "America/New_York"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(app: Flask, language: str, say: Callable[..., Any], *values: Any) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        return str(say(*values))


@pytest.mark.parametrize(
    ("moment", "zone", "english", "spanish"),
    [
        ("2026-12-12T18:30", LONDON, "Saturday 12 December, 6:30 pm", "sábado 12 de diciembre, 18:30"),
        ("2026-12-12T18:30", NEPAL, "Sunday 13 December, 12:15 am", "domingo 13 de diciembre, 00:15"),
        ("2026-12-13T04:59", NEW_YORK, "Saturday 12 December, 11:59 pm", "sábado 12 de diciembre, 23:59"),
        ("2026-03-29T00:59", LONDON, "Sunday 29 March, 12:59 am", "domingo 29 de marzo, 00:59"),
        ("2026-03-29T01:00", LONDON, "Sunday 29 March, 2:00 am", "domingo 29 de marzo, 02:00"),
        ("2026-10-25T00:30", LONDON, "Sunday 25 October, 1:30 am", "domingo 25 de octubre, 01:30"),
        ("2026-10-25T01:30", LONDON, "Sunday 25 October, 1:30 am", "domingo 25 de octubre, 01:30"),
        ("2026-05-02T12:00", LONDON, "Saturday 2 May, 1:00 pm", "sábado 2 de mayo, 13:00"),
    ],
)
def test_days_and_times_are_those_of_the_event(bare: Flask, moment: str, zone: str, english: str, spanish: str) -> None:
    for language, expected in (("en", english), ("es", spanish)):
        day = said(bare, language, presentation.day, at(moment), zone)
        time = said(bare, language, presentation.clock_time, at(moment), zone)
        assert f"{day}, {time}".replace("\u202f", " ") == expected


def test_a_short_day_has_no_weekday(bare: Flask) -> None:
    assert said(bare, "en", presentation.short_day, at("2026-11-29T12:00"), LONDON) == "29 November"
    assert said(bare, "es", presentation.short_day, at("2026-11-29T12:00"), LONDON) == "29 de noviembre"


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [(0, "no", "ningún"), (1, "one", "uno"), (12, "twelve", "doce"), (13, "13", "13"), (-1, "-1", "-1")],
)
def test_small_counts_are_words(bare: Flask, count: int, english: str, spanish: str) -> None:
    assert said(bare, "en", presentation.number, count) == english
    assert said(bare, "es", presentation.number, count) == spanish


@pytest.mark.parametrize(
    ("names", "english", "spanish"),
    [
        ([], "", ""),
        (["Ada"], "Ada", "Ada"),
        (["Ngozi", "Ada"], "Ngozi and Ada", "Ngozi y Ada"),
        (["Ngozi", "Daniel", "Ada"], "Ngozi, Daniel and Ada", "Ngozi, Daniel y Ada"),
        (["Ada", "Inés"], "Ada and Inés", "Ada e Inés"),
        (["Ada", "Hilario"], "Ada and Hilario", "Ada e Hilario"),
        (["Ada", "Yolanda"], "Ada and Yolanda", "Ada y Yolanda"),
        (["Ada", "Ian"], "Ada and Ian", "Ada y Ian"),
    ],
)
def test_lists_of_names(bare: Flask, names: list[str], english: str, spanish: str) -> None:
    assert said(bare, "en", presentation.name_list, names) == english
    assert said(bare, "es", presentation.name_list, names) == spanish


@pytest.mark.parametrize(
    ("name", "first", "initial"),
    [
        ("Ngozi Okafor", "Ngozi", "N"),
        ("李小龙", "李小龙", "李"),
        ("élodie", "élodie", "É"),
        ("", "", "+"),
        ("ñandú", "ñandú", "Ñ"),
    ],
)
def test_first_names_and_initials(name: str, first: str, initial: str) -> None:
    assert presentation.first_name(name) == first
    assert presentation.initial(name) == initial


def test_a_table_that_is_only_a_number_is_called_a_table(bare: Flask) -> None:
    assert said(bare, "en", presentation.table_title, "7") == "Table 7"
    assert said(bare, "es", presentation.table_title, "7") == "Mesa 7"
    assert said(bare, "es", presentation.table_title, "Los Ñúñez") == "Los Ñúñez"


@pytest.mark.parametrize(
    ("table", "labels", "english", "spanish"),
    [
        ("7", ["4"], "Table 7, seat 4", "Mesa 7, asiento 4"),
        ("7", ["4", "5"], "Table 7, seats 4 and 5", "Mesa 7, asientos 4 y 5"),
        ("7", ["9", "10", "11"], "Table 7, seats 9 to 11", "Mesa 7, asientos 9 a 11"),
        ("7", ["1", "3", "4"], "Table 7, seats 1, 3 and 4", "Mesa 7, asientos 1, 3 y 4"),
        ("7", ["3", "2", "1"], "Table 7, seats 3, 2 and 1", "Mesa 7, asientos 3, 2 y 1"),
        ("7", ["1", "²", "3"], "Table 7, seats 1, ² and 3", "Mesa 7, asientos 1, ² y 3"),
        ("Los Ñúñez", ["A", "B", "C"], "Los Ñúñez, seats A, B and C", "Los Ñúñez, asientos A, B y C"),
        ("The Pier", ["1", "2", "3"], "The Pier, seats 1 to 3", "The Pier, asientos 1 a 3"),
    ],
)
def test_seats_in_a_row_are_said_by_their_ends(
    bare: Flask, table: str, labels: list[str], english: str, spanish: str
) -> None:
    assert said(bare, "en", presentation.seats_at, table, labels) == english
    assert said(bare, "es", presentation.seats_at, table, labels) == spanish


def test_a_qr_code_takes_no_word_of_its_content_into_the_page() -> None:
    code = presentation.qr('"><script>alert(1)</script>')
    assert isinstance(code, Markup)
    assert code.startswith("<svg")
    assert "script" not in code
    assert " style=" not in code, "the policy allows none"


def test_a_link_is_made_from_the_public_address(bare: Flask) -> None:
    with bare.test_request_context(base_url="http://localhost:1234"):
        assert presentation.public_url("/i/token") == f"{bare.config['PUBLIC_URL']}/i/token"


def test_what_many_share_becomes_each_household_s_own() -> None:
    shared = Markup('<a href="{0}?{1}table=7">Table 7</a><a href="{0}?{1}table=8">Table 8</a>').format(
        presentation.HERE, presentation.MINE
    )
    for address, query, mine in (
        ("/i/a/seats", "for=1", "for=1&amp;"),
        ("/i/b/seats", "", ""),
        ("/<i>", "<", "&lt;&amp;"),
    ):
        own = presentation.at(shared, address, query)
        links = [f'<a href="{Markup.escape(address)}?{mine}table={number}">Table {number}</a>' for number in (7, 8)]
        assert own == "".join(links)
    assert presentation.at("No blanks", "/i/a/seats", "for=1") == "No blanks"


@pytest.mark.parametrize("name", ["check", 'x"><script>'])
def test_an_icon_is_a_name_and_nothing_else(bare: Flask, name: str) -> None:
    shown = bare.jinja_env.from_string("{{ name|icon }}").render(name=name)
    assert shown == f'<svg class="i" aria-hidden="true"><use href="#i-{Markup.escape(name)}"/></svg>'


def test_what_a_template_does_not_know_is_an_error(bare: Flask) -> None:
    with bare.test_request_context(), pytest.raises(Exception, match="'nobody' is undefined"):
        bare.jinja_env.from_string("{{ nobody }}").render()


def test_forms_carry_one_signed_token_however_often_and_when_they_are_shown(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = "{{ csrf_token() }}"
    shown = []
    for moment in (1_800_000_000, 1_800_086_400):
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda moment=moment: moment)
        with bare.test_request_context():
            session["csrf_token"] = "as the browser keeps it"
            shown.append(render_template_string(form))
            validate_csrf(shown[-1])
    assert shown[0] == shown[1]
