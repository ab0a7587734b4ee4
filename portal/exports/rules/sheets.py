"""The sheets that can be printed: which there are, what may be wished of them, and what goes onto which page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import chain, count, groupby
from typing import Any, TypeVar

from portal.exports.rules.people import Person
from portal.invitations.models import Rsvp
from portal.kit.text import search_key

T = TypeVar("T")


class Sheet(StrEnum):
    """What can be printed."""

    CARDS = "cards"
    TABLES = "tables"
    FINDER = "finder"
    SEATING = "seating"
    KITCHEN = "kitchen"
    DOOR = "door"
    BADGES = "badges"
    SESSIONS = "sessions"
    INVITATIONS = "invitations"


class Paper(StrEnum):
    """What lies in the printer."""

    A4 = "a4"
    LETTER = "letter"


class Order(StrEnum):
    """How people are sorted."""

    NAME = "name"
    SURNAME = "surname"
    TABLE = "table"


class Who(StrEnum):
    """Who is printed: those who come, or everybody who has not said no."""

    COMING = "coming"
    OPEN = "open"


@dataclass(frozen=True)
class Wish:
    """How a host would like a sheet; ``language`` is None for the host's own."""

    paper: Paper = Paper.A4
    order: Order = Order.NAME
    who: Who = Who.COMING
    marks: bool = False
    meals: bool = False
    language: str | None = None
    part: int = 1


ON_A_PAGE = {Sheet.CARDS: 6, Sheet.TABLES: 1, Sheet.BADGES: 10, Sheet.INVITATIONS: 8}
"""How many cards a page holds, on either paper; lists flow by themselves."""

IN_A_PART = {Sheet.SEATING: 60, Sheet.TABLES: 60, Sheet.INVITATIONS: 96, Sheet.SESSIONS: 10}
MOST_IN_A_PART = 600
"""What is printed at once; of a larger event the parts follow each other."""

OPTIONS: Mapping[Sheet, tuple[str, ...]] = {
    Sheet.CARDS: ("order", "who", "meals", "marks"),
    Sheet.TABLES: ("marks",),
    Sheet.FINDER: ("order", "who"),
    Sheet.SEATING: ("who", "meals"),
    Sheet.KITCHEN: (),
    Sheet.DOOR: ("order", "who"),
    Sheet.BADGES: ("order", "who", "marks"),
    Sheet.SESSIONS: (),
    Sheet.INVITATIONS: ("who", "marks"),
}
"""What can be wished of each sheet, besides paper and language."""


@dataclass(frozen=True)
class Printed:
    """What goes onto the paper now; ``pages`` of cards, ``groups`` of people, or ``rows`` of one list."""

    count: int = 0
    parts: int = 1
    pages: Sequence[Sequence[Any]] = ()
    groups: Sequence[tuple[str, Sequence[Any]]] = ()
    rows: Sequence[Any] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


def chosen(people: Iterable[Person], wish: Wish) -> list[Person]:
    """Those a sheet is about, in the order that was wished."""
    wanted = {Rsvp.ACCEPTED} if wish.who == Who.COMING else {Rsvp.ACCEPTED, Rsvp.PENDING}
    return sorted((person for person in people if person.rsvp in wanted), key=_KEYS[wish.order])


def part_of(sheet: Sheet, wish: Wish, things: Sequence[T]) -> tuple[Sequence[T], int]:
    """The part that was wished, and how many there are; a part beyond the last is the last."""
    size = IN_A_PART.get(sheet, MOST_IN_A_PART)
    parts = max(1, -(-len(things) // size))
    first = (min(wish.part, parts) - 1) * size
    return things[first : first + size], parts


def pages_of(sheet: Sheet, wish: Wish, things: Sequence[Any], marks: Mapping[str, str] | None = None) -> Printed:
    """Cards, as many on a page as there is room for."""
    these, parts = part_of(sheet, wish, things)
    size = ON_A_PAGE[sheet]
    pages = [these[first : first + size] for first in range(0, len(these), size)]
    return Printed(len(things), parts, pages=pages, marks=marks or {})


def by_letter(wish: Wish, people: Sequence[Person]) -> Printed:
    """People under the letters they are looked for; by table they stand under no letter."""
    these, parts = part_of(Sheet.FINDER, wish, people)
    if wish.order == Order.TABLE:
        return Printed(len(people), parts, groups=[("", these)] if these else [])
    found = groupby(these, key=lambda person: _letter(_KEYS[wish.order](person)))
    return Printed(len(people), parts, groups=[(letter, list(those)) for letter, those in found])


def by_table(wish: Wish, people: Sequence[Person], marks: Mapping[str, str]) -> Printed:
    """Each table with those who sit at it; whoever has no table stands at the end, under no name."""
    ordered = sorted(people, key=_at_table)
    tables = [(name, list(those)) for (_, name), those in groupby(ordered, key=lambda p: (p.table_id is None, p.table))]
    these, parts = part_of(Sheet.SEATING, wish, tables)
    return Printed(sum(1 for person in people if person.table), parts, groups=these, marks=marks)


@lru_cache(maxsize=4096)
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """The key by which “Table 2” comes before “Table 10”."""
    parts = re.findall(r"\d+|\D+", search_key(name))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def size_of(text: str) -> str:
    """How large a text may be written so that it fits its card: ``xl`` for the shortest, ``xs`` for the longest."""
    width = sum(_width(letter) for letter in text)
    limits = (("xl", 11), ("l", 19), ("m", 32), ("s", 58))
    return next((size for size, limit in limits if width <= limit), "xs")


def meal_marks(meals: Sequence[str]) -> dict[str, str]:
    """A letter or two for every meal, or a number, so that whoever serves can tell them apart."""
    marks: dict[str, str] = {}
    for number, meal in enumerate(meals, start=1):
        letters = "".join(letter for letter in meal if letter.isalnum())
        tried = chain((letters[:1].upper(), letters[:1].upper() + letters[1:2].lower()), map(str, count(number)))
        marks[meal] = next(mark for mark in tried if mark and mark not in marks.values())
    return marks


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _letter(key: tuple[Any, ...]) -> str:
    return next((letter.upper() for letter in str(key[0]) if letter.isalnum()), "#")


def _by_name(person: Person) -> tuple[Any, ...]:
    return (search_key(person.called), search_key(person.household))


def _by_surname(person: Person) -> tuple[Any, ...]:
    return (search_key(person.called.rsplit(" ", 1)[-1]), *_by_name(person))


def _at_table(person: Person) -> tuple[Any, ...]:
    return (person.table_id is None, natural(person.table), not person.seat, person.position, *_by_name(person))


_KEYS: Mapping[str, Callable[[Person], tuple[Any, ...]]] = {
    Order.NAME: _by_name,
    Order.SURNAME: _by_surname,
    Order.TABLE: _at_table,
}


def sittings(
    names: Mapping[int, str], attending: Mapping[int, Iterable[int]], people: Sequence[Person]
) -> Iterator[tuple[str, list[Person]]]:
    """Each part of the event with those of ``people`` who come to it."""
    for session_id, title in names.items():
        yield title, [each for each in people if session_id in attending.get(each.member_id or 0, ())]
