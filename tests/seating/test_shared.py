"""What all who look at the room share: pure of whoever looks, and to be had without a request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from portal import create_app
from portal.seating.rules.cards import SeatCard, shared_card
from portal.seating.rules.views import SeatState, seat_state
from tests.conftest import settings_for
from tests.markup import Element, elements, find, words_of
from tests.seating.sketch import REGULAR, table

STATES = {
    "free": ("Seat 1, free.", "Asiento 1, libre."),
    "held": ("Seat 2, someone is choosing it", "Asiento 2, alguien lo está eligiendo"),
    "taken": ("Seat 3, taken", "Asiento 3, ocupado"),
    "resv": ("Seat 4, reserved by the hosts", "Asiento 4, reservado por los anfitriones"),
    "vip": ("Seat 5, VIP, ask the hosts", "Asiento 5, VIP, pregunten a los anfitriones"),
}
DRAWN = table(".hxrvm")
"""A seat in each state; the last one has somebody of whom nobody else knows whose it is."""


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application with no database at all: these fragments ask nobody."""
    return create_app(settings_for("sqlite:////nowhere"))


def fragment(app: Flask, name: str, language: str = "en", **words: Any) -> str:
    """A fragment as a stream renders it: outside of any request."""
    with app.app_context(), force_locale(language):
        return app.jinja_env.get_template(f"seating/{name}.html").render(**words)


def root(html: str) -> Element:
    (found,) = [element for element in elements(html) if element.depth == 0]
    return found


def plates(app: Flask, language: str, *, can_pick: bool = True) -> list[str]:
    seats = shared_card(DRAWN, 2, REGULAR).seats
    return [fragment(app, "_seat", language, plate=plate, can_pick=can_pick) for plate in seats]


def test_a_seat_says_its_state_and_nothing_of_anybody(app: Flask) -> None:
    english, spanish = plates(app, "en"), plates(app, "es")
    for number, (state, said) in enumerate(STATES.items()):
        for html, words in zip((english[number], spanish[number]), said, strict=True):
            assert root(html).attributes["class"] == f"seat {state}"
            assert words in words_of(html, f"seat-{101 + number}")
    assert "Seat 6, taken" in words_of(english[5], "seat-106"), "whoever has it, for all others it is taken"
    for html in (*english, *spanish):
        assert not re.search(r'href="[^#]|action|/i/|csrf|operation|Member|data-', html)


def test_a_free_seat_names_itself_and_the_page_says_for_whom(app: Flask) -> None:
    free, *others = (root(html).attributes for html in plates(app, "en"))
    assert (free["form"], free["name"], free["value"]) == ("pick", "seat_id", "101")
    assert free["aria-labelledby"] == "seat-101 pick-for"
    for attributes in (*others, root(plates(app, "en", can_pick=False)[0]).attributes):
        assert "name" not in attributes and "form" not in attributes, "nothing can be sent with it"
        assert (attributes["type"], attributes["tabindex"], attributes["aria-disabled"]) == ("button", "-1", "true")


def test_a_seat_stays_the_same_element_whatever_becomes_of_it(app: Flask) -> None:
    """The focus of whoever stands on it survives the change."""
    seat = DRAWN.seats[0]
    changes = [seat, *(replace(seat, assignment_id=900, state=state) for state in ("held", "taken"))]
    roots = [root(fragment(app, "_seat", plate=SeatCard(each, seat_state(each, (), REGULAR)), can_pick=True))
             for each in changes]  # fmt: skip
    assert {(each.tag, each.attributes["id"]) for each in roots} == {("button", "seat-101")}


def test_a_vip_seat_is_free_to_those_who_may_take_it() -> None:
    states = [seat.state for seat in shared_card(table("v."), 2, frozenset({"regular", "vip"})).seats]
    assert states == [SeatState.FREE, SeatState.FREE]


@pytest.mark.parametrize(
    ("drawn", "people", "english", "spanish", "mark"),
    [
        ("....xx", 4, "4 seats free, 4 in a row", "4 asientos libres, 4 seguidos", "fit 4 free"),
        (".x.x.x", 2, "3 seats free, not together", "3 asientos libres, no juntos", "fit 3 free"),
        ("....xx", 1, "4 seats free", "4 asientos libres", "fit 4 free"),
        (".xxxxx", 2, "1 seat free", "1 asiento libre", "some 1 free"),
        ("xxxhhm", 2, "Full", "Llena", "full Full"),
        ("vvvvvv", 2, "Full", "Llena", "full VIP"),
        ("....xx", 0, "4 seats free", "4 asientos libres", "some 4 free"),
    ],
)
def test_a_table_says_how_many_could_sit_there(
    app: Flask, drawn: str, people: int, english: str, spanish: str, mark: str
) -> None:
    card = shared_card(table(drawn, number=7), people, REGULAR)
    assert words_of(fragment(app, "_table_state", card=card), "table-state-7") == english
    assert words_of(fragment(app, "_table_state", "es", card=card), "table-state-7") == spanish
    assert words_of(fragment(app, "_free_seats", card=card), "free-seats-7") == english.partition(",")[0]
    marked = root(fragment(app, "_table_mark", card=card))
    kind, _, said = mark.partition(" ")
    assert (marked.attributes["class"], marked.attributes["id"]) == (kind, "table-mark-7")
    assert words_of(fragment(app, "_table_mark", card=card), "table-words-7") == f"Table 7, {said}"


def test_the_strip_shows_every_seat_in_its_order(app: Flask) -> None:
    state = fragment(app, "_table_state", card=shared_card(DRAWN, 2, REGULAR))
    dots = [element.attributes["class"] for element in elements(state) if element.tag == "span"]
    assert dots == [f"seat s {state}" for state in (*STATES, "taken")]
    strip = next(element for element in elements(state) if "strip" in element.attributes.get("class", ""))
    assert strip.attributes["aria-hidden"] == "true", "the words say it already"
    assert find(state, "table-state-1") is not None
