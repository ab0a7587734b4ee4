"""The files for a spreadsheet: their columns, which stay as they are, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.events.rules import SessionView
from portal.exports.models import Kind
from portal.exports.rules.people import Chair, Person, told_apart
from portal.kit.text import slugify


class Format(StrEnum):
    """What programs a file is for."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Contents:
    """Everything that the rows of any file are made of; moments are written in the event's own time zone."""

    people: Sequence[Person]
    chairs: Sequence[Chair]
    sessions: Sequence[SessionView]
    attending: Mapping[int, Set[int]]
    time_zone: str


Column = tuple[str, Callable[[Person, Contents], str]]

_WHO: list[Column] = [
    ("Household", lambda person, _: person.household),
    ("Name", lambda person, _: person.name),
]
_GUESTS: list[Column] = [
    *_WHO,
    ("Email", lambda person, _: person.email),
    ("Phone", lambda person, _: person.phone),
    ("Child", lambda person, _: _ticked(person.is_child)),
    ("Plus one", lambda person, _: _ticked(person.is_plus_one)),
    ("Dietary", lambda person, _: person.dietary),
    ("Notes", lambda person, _: person.host_note),
    ("Answer", lambda person, _: person.rsvp),
    ("Table", lambda person, _: person.table),
    ("Seat", lambda person, _: person.seat),
    ("Reference", lambda person, _: person.reference),
    ("Works for", lambda person, _: person.company),
    ("Language", lambda person, _: person.language),
    ("Invitation sent", lambda person, contents: _moment(person.sent_at, contents)),
    ("Invitation opened", lambda person, contents: _moment(person.opened_at, contents)),
]
_ANSWERS: list[Column] = [
    *_WHO,
    ("Answer", lambda person, _: person.rsvp),
    ("Answered", lambda person, contents: _moment(person.responded_at, contents)),
    (
        "Answered by",
        lambda person, _: {"guest": "guest", "user": "host"}.get(person.responded_by.partition(":")[0], ""),
    ),
    ("Child", lambda person, _: _ticked(person.is_child)),
    ("Plus one", lambda person, _: _ticked(person.is_plus_one)),
    ("Choice of meal", lambda person, _: person.meal),
    ("Dietary", lambda person, _: person.dietary),
    ("Word to the hosts", lambda person, _: person.note),
]
SEATING = ("Table", "Seat", "Kind of seat", "Name", "Household", "Child", "Choice of meal", "Dietary", "Reference")


def file_name(slug: str, kind: str, format_: str, day: date) -> str:
    """``lantern-night-guests-2026-11-21.csv``; nothing in it but letters, digits and dashes."""
    return f"{slugify(slug)}-{kind}-{day.isoformat()}.{format_}"


def rows(kind: Kind, contents: Contents) -> Iterator[Sequence[str]]:
    """The header and the rows of a file."""
    if kind == Kind.SEATING:
        return _seating(contents)
    columns = _GUESTS if kind == Kind.GUESTS else [*_ANSWERS, *map(_attends, contents.sessions)]
    return _listed(columns, contents)


def _listed(columns: Sequence[Column], contents: Contents) -> Iterator[Sequence[str]]:
    yield [name for name, _ in columns]
    for person in told_apart(person for person in contents.people if person.member_id is not None):
        yield [value(person, contents) for _, value in columns]


def _attends(session: SessionView) -> Column:
    def ticked(person: Person, contents: Contents) -> str:
        return _ticked(session.id in contents.attending.get(person.member_id or 0, ()))

    return f"Comes to: {session.title}", ticked


def _seating(contents: Contents) -> Iterator[Sequence[str]]:
    """Every seat of the room in order, free ones too; then those who come and have none."""
    yield SEATING
    sitting = {person.seat_id: person for person in contents.people if person.seat_id is not None}
    for chair in contents.chairs:
        yield [chair.table, chair.label, chair.category, *_sits(sitting.get(chair.id))]
    for person in contents.people:
        if person.comes and person.seat_id is None:
            yield [person.table, "", "", *_sits(person)]


def _sits(person: Person | None) -> list[str]:
    if person is None:
        return [""] * 6
    return [
        person.called, person.household, _ticked(person.is_child), person.meal, person.dietary, person.reference,
    ]  # fmt: skip


def _ticked(is_so: bool) -> str:
    return "yes" if is_so else ""


def _actor(answered_by: str) -> str:
    return {"guest": "guest", "user": "host"}.get(answered_by.partition(":")[0], "")


def _moment(moment: datetime | None, contents: Contents) -> str:
    return moment.astimezone(ZoneInfo(contents.time_zone)).strftime("%Y-%m-%d %H:%M") if moment else ""
