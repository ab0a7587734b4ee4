"""Sheets to print: who stands on them, in which order, and what hostile words make of them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask

from portal.exports.rules.sheets import Sheet as Kind
from portal.exports.rules.sheets import Wish, meal_marks, natural, part_of, size_of
from portal.invitations.models import Rsvp
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.events.evening import address, all_say, say, sit, tell
from tests.exports.test_round_trip import write
from tests.invitations.test_details import add_part, couple_with_a_guest
from tests.markup import elements, shape
from tests.security.strings import HARMLESS, HOSTILE
from tests.statements import statements

SHEETS = ("cards", "tables", "finder", "seating", "kitchen", "door", "badges", "sessions", "invitations")


def sheet(cast: Cast, name: str, **wishes: Any) -> str:
    answer = host_of(cast).get(address(cast, f"/print/{name}"), query_string=wishes)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return str(answer.text)


def said(cast: Cast, name: str, **wishes: Any) -> str:
    """What stands on the paper, without the desk around it."""
    page = sheet(cast, name, **wishes)
    return words_of(page[page.index('<main class="paper') : page.index("</main>")])


def names(cast: Cast, name: str, **wishes: Any) -> list[str]:
    return re.findall(r"<bdi>([^<]*)</bdi>", sheet(cast, name, **wishes))


def test_a_place_card_has_name_table_and_what_they_eat(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1], no=[2, 3])
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    tell(cast, cast.okafor, 0, meal="Fish")
    assert said(cast, "cards", meals="y").startswith("Place cards Daniel Okafor Lantern Night")
    assert "Ngozi Okafor F Table 2 Ngozi Okafor F Table 2" in said(cast, "cards", meals="y")
    assert " F " not in said(cast, "cards")
    assert "Ada Okafor" not in said(cast, "cards"), "who has declined gets no card"
    assert "Ngozi Brandt" not in said(cast, "cards")
    assert "Ngozi Brandt" in said(cast, "cards", who="open")


def test_people_stand_in_the_order_that_was_wished(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    sit(cast, cast.brandt, 3, cast.seat(1, 5))
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    assert names(cast, "badges")[:4:2] == ["Ada Brandt", "Ada Okafor"]
    assert names(cast, "badges", order="surname")[:8:2] == [
        f"{who} Brandt" for who in ("Ada", "Daniel", "Ngozi", "Tobi")
    ]
    assert names(cast, "badges", order="table")[:4:2] == ["Tobi Brandt", "Ngozi Okafor"]
    assert names(cast, "badges", order="no such thing") == names(cast, "badges")


def test_everybody_finds_their_table(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    sit(cast, cast.brandt, 3, cast.seat(1, 5))
    assert said(cast, "finder").endswith("N Ngozi Okafor Table 2 T Tobi Brandt Table 1")
    assert said(cast, "finder", order="surname").endswith("B Tobi Brandt Table 1 O Ngozi Okafor Table 2")


def test_each_table_lists_its_guests_and_the_others_come_last(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3])
    sit(cast, cast.okafor, 1, cast.seat(1, 9))
    sit(cast, cast.okafor, 0, cast.seat(1, 10))
    assert said(cast, "seating").endswith("Table 1 2 9 Daniel Okafor 10 Ngozi Okafor Without a table 1 Ada Okafor")


def test_the_kitchen_knows_meals_by_table_and_every_allergy_with_its_seat(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    for number in (0, 1):
        sit(cast, cast.okafor, number, cast.seat(1, 5 + number))
    tell(cast, cast.okafor, 0, meal="Fish", dietary="no nuts; carries a pen")
    tell(cast, cast.okafor, 1, meal="Fish")
    tell(cast, cast.brandt, 0, meal="Off the menu", dietary="vegan")
    words = said(cast, "kitchen")
    assert "Table Chicken Vegetarian Fish Off the menu Not chosen yet People" in words
    assert "Table 1 – – 2 – – 2 Without a table – – – 1 5 6 Together – – 2 1 5 8" in words
    assert (
        "Table 1, seat 5 Ngozi Okafor no nuts, carries a pen Fish No seat yet Ngozi Brandt vegan Off the menu" in words
    )


def test_the_door_has_a_box_for_everybody_and_how_many_they_are(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1], no=[2])
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    page = sheet(cast, "door")
    assert page.count('class="box"') == 2
    assert said(cast, "door").endswith("Daniel Okafor Okafor family 2 Ngozi Okafor Okafor family Table 2 5 2")


def test_a_part_of_the_event_lists_who_comes_to_it(cast: Cast) -> None:
    part = add_part(cast, "Dinner")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    cast.run(
        "INSERT INTO session_answers (created_at, event_id, guest_id, member_id, session_id)"
        " SELECT created_at, event_id, guest_id, id, :part FROM invitation_guests WHERE id = :member",
        part=part, member=cast.okafor.members[1],
    )  # fmt: skip
    assert said(cast, "sessions").endswith("Dinner 1 person Daniel Okafor")


def test_an_invitation_card_has_the_way_to_the_page(cast: Cast) -> None:
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.brandt.id)
    page = sheet(cast, "invitations")
    code = cast.okafor.code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in page
    assert page.count('class="qr"') == 1, "a link that was withdrawn opens nothing"
    say(cast, cast.okafor, yes=[0])
    assert "There is no invitation to print" in said(cast, "invitations", who="open")


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "invitations"])
def test_no_other_sheet_holds_a_secret(cast: Cast, name: str) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    page = sheet(cast, name).replace("-", "")
    assert not [family for family in cast.families if family.code in page or family.token in page]


def test_somebody_s_guest_is_called_so(cast: Cast) -> None:
    all_say(cast, couple_with_a_guest(cast), Rsvp.ACCEPTED)
    assert "Guest of Lena Brandt" in said(cast, "cards")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cards", "Nobody has said yes so far"), ("badges", "Nobody has said yes so far"),
        ("door", "Nobody has said yes so far"), ("kitchen", "Nobody has said yes so far"),
        ("finder", "Nobody has a table yet"), ("tables", "There are no tables yet"),
        ("sessions", "This event has no parts"), ("invitations", "There is no invitation to print"),
    ],
)  # fmt: skip
def test_an_empty_sheet_says_why(app: Flask, name: str, words: str) -> None:
    cast = make_cast(app, invitations=0, tables=0)
    assert words in said(cast, name)


def test_a_sheet_speaks_the_language_that_was_wished(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    assert "Mesa 2" in said(cast, "cards", language="es")
    assert '<html lang="es">' in sheet(cast, "cards", language="es")
    assert '<html lang="en">' in sheet(cast, "cards", language="xx")


def test_the_print_page_counts_what_there_is(cast: Cast) -> None:
    add_part(cast, "Dinner")
    say(cast, cast.okafor, yes=[0, 1])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    words = words_of(host_of(cast).get(address(cast, "/print")).text)
    assert "Place cards To fold in two, six on a page: name, table and what they eat. 2 people" in words
    for amount in ("2 tables", "1 with a table", "2 households", "1 list"):
        assert amount in words


def test_hostile_words_are_words_on_every_sheet(app: Flask) -> None:
    cast = make_cast(app, invitations=1, members=4, tables=2)
    add_part(cast, HARMLESS)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    browser = host_of(cast)
    plain = shapes(cast, browser, HARMLESS)
    for words in HOSTILE:
        assert shapes(cast, browser, words) == plain, words


def shapes(cast: Cast, browser: HostBrowser, words: str) -> dict[str, Any]:
    """What each sheet is made of when everything says this."""
    cast.run("UPDATE events SET title = :words", words=words[:200])
    cast.run("UPDATE invitations SET name = :words", words=words[:200])
    cast.run("UPDATE event_sessions SET title = :words", words=words[:200])
    cast.run("UPDATE tables SET name = slug || :words", words=words[:76])
    for member in cast.okafor.members:
        write(cast, member, words)
    paths = ["/print", *(f"/print/{name}?marks=y&order=table" for name in SHEETS)]
    return {path: shape(elements(browser.get(address(cast, path)).text)) for path in paths}


def test_a_sheet_takes_few_statements_however_many_guests(app: Flask) -> None:
    counts: dict[str, set[int]] = {}
    for slug, size in (("few", 2), ("many", 15)):
        cast = make_cast(app, invitations=size, slug=slug)
        browser = host_of(cast)
        for name in SHEETS:
            with statements(app) as sent:
                browser.get(address(cast, f"/print/{name}"))
            counts.setdefault(name, set()).add(len([each for each in sent if each.startswith("SELECT")]))
    assert {name: len(those) for name, those in counts.items()} == dict.fromkeys(SHEETS, 1)
    assert max(max(those) for those in counts.values()) <= 6


def test_a_large_sheet_comes_in_parts(cast: Cast) -> None:
    people = list(range(1450))
    assert part_of(Kind.DOOR, Wish(part=3), people) == (people[1200:], 3)
    assert part_of(Kind.DOOR, Wish(part=99), people) == (people[1200:], 3)
    assert part_of(Kind.DOOR, Wish(), []) == ([], 1)


def test_the_parts_lead_to_each_other(app: Flask) -> None:
    cast = make_cast(app, invitations=1, tables=61, seats=1)
    browser = host_of(cast)
    page = browser.get(address(cast, "/print/tables?marks=y&paper=letter&event_id=7&_external=1"))
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)"[^>]*>Part', page.text)]
    assert [words for words in ("Part 1 of 2", "Part 2 of 2") if words not in page.text] == []
    assert page.text.count('class="leaf') == 60
    last = browser.get(links[1])
    assert last.text.count('class="leaf') == 1
    assert 'class="paper letter tables marks"' in last.text, "as it was wished"


def test_tables_are_counted_as_people_count(cast: Cast) -> None:
    assert sorted(["10", "2", "Table 10", "Table 9", "Élan", "1"], key=natural) == [
        "1", "2", "10", "Élan", "Table 9", "Table 10",
    ]  # fmt: skip


def test_a_name_is_written_as_large_as_it_fits() -> None:
    assert [size_of(name) for name in ("Ada", "Daniel Okafor", "José Ñúñez de la Peña", "W" * 40, "W" * 200)] == [
        "xl", "l", "m", "s", "xs",
    ]  # fmt: skip
    assert size_of("李小龙李小龙") == "l", "letters that are twice as wide"


def test_every_meal_has_a_mark_of_its_own() -> None:
    assert meal_marks(["Chicken", "Child’s meal", "Fish", "Chips", "素食", "!", "!!"]) == {
        "Chicken": "C", "Child’s meal": "Ch", "Fish": "F", "Chips": "4", "素食": "素", "!": "6", "!!": "7",
    }  # fmt: skip
    numbered = meal_marks(["3 eggs", "3 hams", "3 hens", "3 yolks", "4 eggs"])
    assert numbered == {"3 eggs": "3", "3 hams": "3h", "3 hens": "4", "3 yolks": "3y", "4 eggs": "4e"}
    assert len(set(meal_marks(["2", "2!", "2?", "2."]).values())) == 4
