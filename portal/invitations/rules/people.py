"""Who is invited, as hosts write it down: names in lines, and what is known of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from portal.kit.conflicts import rule
from portal.kit.contacts import email_of, phone_of
from portal.kit.text import email_key, search_key, slugify, tidy

MOST_AT_ONCE = 50
"""How many names one form takes; a longer list is a file to be imported."""

CHANGED_MEANWHILE = rule(
    "changed_meanwhile",
    "This was changed while you were typing. Nothing you typed is lost.",
    "Esto cambió mientras escribías. Nada de lo que escribiste se perdió.",
)
LAST_MEMBER = rule(
    "last_member",
    "An invitation needs at least one person. Withdraw the link instead.",
    "Una invitación necesita al menos a una persona. Mejor retira el enlace.",
)
SAME_HOUSEHOLD = rule(
    "same_household",
    "{name} is in this household already.",
    "{name} ya está en este grupo.",
)
HOUSEHOLD_WITHDRAWN = rule(
    "household_withdrawn",
    "The link of “{other}” is withdrawn, so nobody can join them. Give it back first.",
    "El enlace de «{other}» está retirado, así que nadie puede unirse. Devuélvelo primero.",
)

_NUMBER = re.compile(r"[+＋(]?\d[\d\s()./-]{4,30}\d")
FEWEST_DIGITS = 7
"""Fewer may be part of a name."""

_MARK = re.compile(r"\((?P<mark>child|kid|niño|niña|vip)\)", re.IGNORECASE)
"""In brackets only: Nina is a name, too."""

_ADDRESS = re.compile(r"[<(]?(?P<address>[^\s<>(),;@]{1,64}@[^\s<>(),;]{1,255})[>)]?")


@dataclass(frozen=True)
class Named:
    """Somebody whom a line names; a plus-one may have no name yet."""

    name: str
    email: str | None = None
    is_plus_one: bool = False
    phone: str | None = None
    is_child: bool = False
    is_vip: bool = False

    def field(self, number: int) -> str:
        """The name of the field that says who of the address book this is, tied to what the line said."""
        return f"known-{number}-{slugify(self.name)}"


@dataclass(frozen=True)
class Known:
    """What the hosts know of a member: the person's own entry, and what holds at this event alone."""

    name: str
    email: str | None
    phone: str | None
    language: str | None
    is_child: bool
    host_note: str
    seat_category: str

    def changes(self, wished: Known) -> dict[str, list[Any]]:
        """What would be different, by column: before and after."""
        before, after = asdict(self), asdict(wished)
        return {column: [before[column], after[column]] for column in before if before[column] != after[column]}


@dataclass(frozen=True)
class Familiar:
    """Somebody of the address book whom a typed line may mean, and where they are invited already."""

    guest_id: int
    name: str
    email: str | None
    phone: str | None
    search_key: str
    email_key: str | None
    invitation_id: int | None
    household: str | None


def read_people(text: str) -> list[Named]:
    """One person a line: a name, perhaps an e-mail, a phone number, “(child)” or “(VIP)”.

    A line that begins with “+” is a guest somebody brings along. A line that is only an address is named for what
    stands before the @.
    """
    return [named for line in text.splitlines() if (named := _read_line(tidy(line))) is not None]


def _read_line(line: str) -> Named | None:
    if not line:
        return None
    is_plus_one = line.startswith("+")
    found = _ADDRESS.search(line)
    address = email_of(found["address"]) if found else None
    name = tidy(line[: found.start()] + " " + line[found.end() :]) if found and address else line
    name, marks = _MARK.sub(" ", name), {found["mark"].casefold() for found in _MARK.finditer(name)}
    name, phone = _without_number(name)
    name = tidy(name).strip(" ,;+" if is_plus_one else " ,;")
    if is_plus_one and name == "1":
        name = ""
    if not name and address:
        name = address.partition("@")[0]
    if not name and not is_plus_one:
        return None
    return Named(name, address, is_plus_one, phone, is_child=bool(marks - {"vip"}), is_vip="vip" in marks)


def _without_number(line: str) -> tuple[str, str | None]:
    """A line without the telephone number in it, and the number; what is left has to name somebody."""
    for found in _NUMBER.finditer(line, 1 if line.startswith("+") else 0):
        rest, told = line[: found.start()] + " " + line[found.end() :], phone_of(found[0].strip())
        is_number = not told.is_doubtful and sum(letter.isdigit() for letter in found[0]) >= FEWEST_DIGITS
        if is_number and any(letter.isalpha() for letter in rest):
            return rest, told.number
    return line, None


def meant_by(named: Named, familiar: Sequence[Familiar]) -> list[Familiar]:
    """Those of the address book whom a line may mean: the same address first, then the same name."""
    if not named.name:
        return []
    key, address = search_key(named.name), email_key(named.email) if named.email else ""
    by_address = [each for each in familiar if address and each.email_key == address]
    return by_address + [each for each in familiar if each.search_key == key and each not in by_address]


@dataclass(frozen=True)
class Person:
    """An entry of the address book, without what belongs to one event."""

    name: str
    email: str | None
    phone: str | None
    company: str | None
    language: str | None

    def changes(self, wished: Person) -> dict[str, list[Any]]:
        """What would be different, by column: before and after."""
        before, after = asdict(self), asdict(wished)
        return {column: [before[column], after[column]] for column in before if before[column] != after[column]}


Entry = TypeVar("Entry", Known, Person)


def put_together(shown: Entry, typed: Entry, now: Entry) -> Entry:
    """What two hosts wrote at once: as it stands ``now``, but for what was typed over what this host was shown."""
    return replace(now, **{column: pair[1] for column, pair in shown.changes(typed).items()})


def news_of(shown: Entry, both: Entry, now: Entry) -> dict[str, list[Any]]:
    """What others changed since it was shown, and what is to be changed: as it stands, and as it would be saved."""
    told = shown.changes(now) | now.changes(both)
    return {column: [getattr(now, column), getattr(both, column)] for column in asdict(now) if column in told}


def disagreements(one: Person, other: Person) -> dict[str, list[Any]]:
    """What two entries both say, and not alike: somebody has to choose. A blank agrees with everything."""
    return {column: pair for column, pair in one.changes(other).items() if pair[0] and pair[1]}


def merged(one: Person, other: Person, chosen: Mapping[str, str]) -> Person:
    """One entry out of two: where they disagree what was ``chosen`` ("one" or "other"), else whatever there is."""
    first, second = asdict(one), asdict(other)
    return Person(
        **{
            column: second[column] if chosen.get(column) == "other" else first[column] or second[column]
            for column in first
        }
    )
