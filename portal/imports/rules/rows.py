"""From one row of a guest list to the people it names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.imports.rules import cells, notices
from portal.imports.rules.columns import Field, Header, Line
from portal.imports.rules.notices import Notice, notice
from portal.kit import contacts

MAX_BROUGHT = 9
"""The most guests one row may bring along by number."""

_LONGEST_CELL = 1_000
"""How much of a cell is looked at for a name."""


@dataclass(frozen=True)
class Person:
    """Somebody on the list. A plus-one whom nobody has named has an empty name.

    ``is_child`` is None where the list does not say.
    """

    row: int
    name: str
    email: str | None = None
    phone: str | None = None
    is_child: bool | None = None
    is_plus_one: bool = False
    dietary: str = ""
    host_note: str = ""
    notices: tuple[Notice, ...] = ()

    def told(self, *more: Notice) -> Person:
        """The same with something more to tell the host."""
        return replace(self, notices=(*self.notices, *more))


@dataclass(frozen=True)
class Row:
    """A row that names somebody: the household as typed (or blank), who it is, and whom they bring.

    ``typed`` is the name as it stood; ``brings`` are the names of plus-ones, empty ones included.
    """

    number: int
    household: str
    person: Person
    typed: str
    brings: tuple[str, ...] = ()


def read_row(line: Line, header: Header) -> Row | Notice:
    """Who stands in ``line``, or why it names nobody."""
    household, over_long = _text(line, header, Field.HOUSEHOLD, cells.MAX_NAME)
    typed = _typed_name(line, header)
    if _is_total(line, household, typed):
        return notice(notices.TOTAL, line.number)
    brings, unclear = _brings(line, header)
    if not typed and not brings:
        return notice(notices.NO_NAME, line.number, column=name_column(header))
    name, brings_one = cells.without_companion(typed) if not cells.is_nameless(typed) else ("", False)
    person, remarks = _person(line, header, cells.full_name(name))
    person = person.told(*over_long, *remarks, *unclear)
    if not name:
        named = brings[0] if brings else ""
        return Row(line.number, household, replace(person, name=named, is_plus_one=True), typed)
    return Row(line.number, household, person, typed, brings or ("",) * brings_one)


def household_of(line: Line, header: Header) -> str:
    """The household as it stands in ``line``."""
    return _text(line, header, Field.HOUSEHOLD, cells.MAX_NAME)[0]


def _typed_name(line: Line, header: Header) -> str:
    parts = [header.read(line, field) for field in (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME)]
    return cells.clean(" ".join(part[:_LONGEST_CELL] for part in parts))


def name_column(header: Header) -> str:
    """The column in which names stand."""
    return header.letter(Field.NAME) or header.letter(Field.FIRST_NAME) or header.letter(Field.LAST_NAME)


def _is_total(line: Line, household: str, typed: str) -> bool:
    """A sum stands where a name would, and nothing but numbers beside it."""
    words = [text for cell in line.cells if (text := cells.clean(cell))]
    headings = [text for text in (household, typed, *words[:1]) if cells.is_total(text)]
    rest = [text for text in words if text not in headings]
    return bool(headings) and not any(c.isalpha() for text in rest for c in text)


def _person(line: Line, header: Header, name: str) -> tuple[Person, list[Notice]]:
    short = cells.cut_name(name)
    told = [] if short == name else [_too_long(line, name_column(header), cells.MAX_NAME)]
    dietary, long_dietary = _text(line, header, Field.DIETARY, cells.MAX_DIETARY)
    host_note, long_note = _text(line, header, Field.NOTES, cells.MAX_NOTE)
    email, bad_email = _email(line, header, short)
    phone, bad_phone = _phone(line, header, short)
    is_child, unclear = _child(line, header)
    person = Person(line.number, short, email, phone, is_child, dietary=dietary, host_note=host_note)
    return person, [*told, *bad_email, *bad_phone, *unclear, *long_dietary, *long_note]


def _text(line: Line, header: Header, field: Field, limit: int) -> tuple[str, list[Notice]]:
    text = cells.clean(header.read(line, field))
    short = cells.cut_name(text) if limit == cells.MAX_NAME else text[:limit].rstrip()
    return short, [] if short == text else [_too_long(line, header.letter(field), limit)]


def _too_long(line: Line, column: str, limit: int) -> Notice:
    return notice(notices.TOO_LONG, line.number, column=column, limit=limit)


def _email(line: Line, header: Header, name: str) -> tuple[str | None, list[Notice]]:
    text = cells.clean(header.read(line, Field.EMAIL))
    address = contacts.email_of(text) if text else None
    if address or not text:
        return address, []
    words = {"address": text[:80], "column": header.letter(Field.EMAIL), "name": name}
    return None, [notice(notices.INVALID_ADDRESS, line.number, **words)]


def _phone(line: Line, header: Header, name: str) -> tuple[str | None, list[Notice]]:
    text = cells.clean(header.read(line, Field.PHONE))
    phone = contacts.phone_of(text) if text else contacts.Phone(None)
    if not phone.is_doubtful:
        return phone.number, []
    what = notices.DOUBTFUL_PHONE if phone.number else notices.NO_PHONE
    words = {"phone": phone.number, "column": header.letter(Field.PHONE), "name": name}
    return phone.number, [notice(what, line.number, **words)]


def _child(line: Line, header: Header) -> tuple[bool | None, list[Notice]]:
    text = cells.clean(header.read(line, Field.CHILD))
    if not text:
        return None, []
    answer = cells.yes_or_no(text)
    return answer, [] if answer is not None else [_unclear(line, header, Field.CHILD, text)]


def _unclear(line: Line, header: Header, field: Field, text: str) -> Notice:
    return notice(notices.UNCLEAR, line.number, text=text[:80], column=header.letter(field))


def _brings(line: Line, header: Header) -> tuple[tuple[str, ...], list[Notice]]:
    """Whom the plus-one column announces: one, a number of them, or somebody by name."""
    text = cells.clean(header.read(line, Field.PLUS_ONE))
    if text.isdecimal():
        if (count := int(text[:4])) > MAX_BROUGHT:
            return (), [_unclear(line, header, Field.PLUS_ONE, text)]
        return ("",) * count, []
    answer = True if cells.is_nameless(text) else cells.yes_or_no(text)
    if answer is None:
        return (cells.cut_name(cells.full_name(text[:_LONGEST_CELL])),), []
    return ("",) * answer, []
