"""A staged list as its pages and its work see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.imports.models import RowFate, State
from portal.imports.rules.columns import Field, Header, Line
from portal.imports.rules.fates import Fate, Plan
from portal.imports.rules.households import GuestList
from portal.imports.rules.notices import Notice
from portal.kit.conflicts import LANGUAGES, rule

KEPT_DAYS = 14
"""How long a list that nobody touches is kept."""

STILL_SECONDS = 8
"""After this long without a step, whoever was at work is taken to be gone."""

SAMPLES = 3
"""How many rows show what a column holds."""

AT_WORK = frozenset({State.READING, State.CHECKING, State.WRITING, State.UNDOING})
OPEN = frozenset({State.MAPPING, State.READY})
"""States in which a process is at work, and in which a host may change the list."""

MOVED_ON = rule(
    "import_moved_on",
    "Somebody else has just gone on with this list. Here is how it is now.",
    "Alguien más acaba de seguir con esta lista. Así está ahora.",
)
ROW_CHANGED = rule(
    "import_row_changed",
    "Row {row} was changed by somebody else while you were typing. What you typed is below; save it again to keep it.",
    "Alguien más cambió la fila {row} mientras escribías. Lo que escribiste está abajo; guárdalo otra vez para"
    " conservarlo.",
)

TOUCHED = rule(
    "import_touched",
    "Somebody has touched this household since, so it stays.",
    "Alguien ha tocado esta familia desde entonces, así que se queda.",
)


@dataclass(frozen=True)
class Stage:
    """A list on its way in. ``refusal`` and ``findings`` are as the work left them."""

    id: int
    event_id: int
    organization_id: int
    file_name: str
    host: str
    state: State
    header_row: int
    columns: Mapping[str, int]
    refusal: Mapping[str, Any]
    findings: Mapping[str, Any]
    version: int
    total: int
    done: int
    worked_at: datetime
    expires_at: datetime
    created_at: datetime

    @property
    def is_at_work(self) -> bool:
        """Whether a process is reading, checking, writing or taking back."""
        return self.state in AT_WORK

    @property
    def is_open(self) -> bool:
        """Whether a host may change it."""
        return self.state in OPEN

    def stands_still(self, now: datetime) -> bool:
        """Whether the work has stopped, as after a restart; whoever looks may take it up again."""
        return self.is_at_work and now - self.worked_at > timedelta(seconds=STILL_SECONDS)

    @property
    def fields(self) -> dict[int, Field]:
        """What each column holds, in the order of the list."""
        return {index: Field(name) for name, index in sorted(self.columns.items(), key=lambda entry: entry[1])}

    @property
    def is_alone(self) -> bool:
        """Whether a host has said that no column holds the household."""
        was_said = self.state == State.READY or bool(self.refusal)
        return was_said and Field.HOUSEHOLD not in self.columns

    def header(self, unknown: Sequence[tuple[int, str]] = ()) -> Header:
        """The columns as reading a list takes them."""
        columns = {Field(name): index for name, index in self.columns.items()}
        return Header(self.header_row, columns, tuple(unknown))


@dataclass(frozen=True)
class RowView:
    """A row as the check left it."""

    number: int
    cells: tuple[str, ...]
    is_left_out: bool
    version: int
    fate: str | None
    people: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]

    def cell(self, index: int) -> str:
        """What stands in a column."""
        return Line(self.number, self.cells).cell(index)

    @property
    def to_mend(self) -> list[int]:
        """The columns that something was said about."""
        return list(dict.fromkeys(told["column"] for told in self.notices if told["column"] is not None))


@dataclass(frozen=True)
class FoundRow:
    """What the check found about a row."""

    number: int
    place: int | None
    fate: RowFate
    people: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kinds(self) -> str:
        """The kinds of its notices between bars."""
        kinds = dict.fromkeys(told["kind"] for told in self.notices)
        return f"|{'|'.join(kinds)}|" if kinds else ""


REMEDIES: Mapping[str, tuple[str, ...]] = {
    "correct": ("no_name", "invalid_address", "doubtful_phone", "neither_yes_nor_no", "nobody_to_accompany"),
    "look": ("same_name", "same_household", "shared_address", "too_long"),
    "nothing": ("total_row", "dietary_kept", "revoked"),
}
"""The kinds of notices by what a host does about them: correct a cell, look whether it is meant so, or nothing."""

_ABOUT: Mapping[str, tuple[Field, ...]] = {
    "no_name": (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME),
    "nobody_to_accompany": (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME),
    "same_name": (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME),
    "same_household": (Field.HOUSEHOLD,),
    "shared_address": (Field.EMAIL,),
    "invalid_address": (Field.EMAIL,),
    "doubtful_phone": (Field.PHONE,),
    "dietary_kept": (Field.DIETARY,),
}
"""The columns that a kind of notice is about, where its words do not name one."""


def found_rows(
    guests: GuestList, plans: Mapping[int, Plan], header: Header, left_out: Collection[int]
) -> Iterator[FoundRow]:
    """What becomes of every row that holds something, those of a household together.

    Args:
        guests: the list as it was read.
        plans: what would become of each of its households.
        header: which column holds what.
        left_out: the rows that a host left out.
    """
    for place, plan in plans.items():
        yield from _rows_of(place, plan, header)
    yield from (FoundRow(number, None, RowFate.LEFT_OUT) for number in sorted(left_out) if number > header.row)
    told: dict[int, list[Notice]] = {}
    for notice in guests.left_out:
        if notice.kind not in {"blank_row", "unknown_column"} and notice.row not in left_out:
            told.setdefault(notice.row, []).append(notice)
    for number, notices in told.items():
        yield FoundRow(number, None, RowFate.LEFT_OUT, notices=[_packed(notice, header) for notice in notices])


def _rows_of(place: int, plan: Plan, header: Header) -> Iterator[FoundRow]:
    rows: dict[int, FoundRow] = {}
    for step in plan.steps:
        person = step.person
        row = rows.setdefault(person.row, FoundRow(person.row, place, RowFate(step.fate)))
        name = person.name or (step.member.name if step.member else "")
        row.people.append({"name": name, "fate": step.fate, "child": bool(person.is_child), "plus": person.is_plus_one})
        row.notices.extend(_packed(notice, header) for notice in person.notices)
    yield from rows.values()


def _packed(notice: Notice, header: Header) -> dict[str, Any]:
    """A notice as it is kept: its kind, the column it is about, and its sentence in every language."""
    sentences = {language: notice.sentence(language) for language in LANGUAGES}
    return {"kind": notice.kind, "column": _column_of(notice, header), **sentences}


def _column_of(notice: Notice, header: Header) -> int | None:
    named = notice.words.get("column")
    for about, index in header.columns.items():
        if named == header.letter(about) or (named is None and about in _ABOUT.get(notice.kind, ())):
            return index
    return None


def summary(guests: GuestList, rows: Sequence[FoundRow], plans: Iterable[Plan]) -> dict[str, Any]:
    """The whole check in numbers, and what was said of no row that is kept: blank rows and unknown columns."""
    steps = [step for plan in plans for step in plan.steps]
    kinds = Counter(kind for row in rows for kind in row.kinds.strip("|").split("|") if kind)
    return {
        "households": len(guests.households),
        "people": len(steps),
        "fates": {fate.value: sum(step.fate == fate for step in steps) for fate in Fate},
        "rows": {fate.value: sum(row.fate == fate for row in rows) for fate in RowFate},
        "kinds": dict(kinds),
        "blank_rows": sum(notice.kind == "blank_row" for notice in guests.left_out),
    }


@dataclass(frozen=True)
class Column:
    """A column of the list: where it stands, what it is headed, and what the first rows hold."""

    index: int
    heading: str
    samples: tuple[str, ...]


def columns_of(heads: Line | None, rows: Sequence[Line]) -> list[Column]:
    """Every column that holds something in its head or in the first rows."""
    width = max((len(line.cells) for line in (*rows, *([heads] if heads else []))), default=0)
    found = []
    for index in range(width):
        samples = tuple(text for row in rows if (text := row.cell(index).strip()))[:SAMPLES]
        heading = heads.cell(index).strip() if heads else ""
        if heading or samples:
            found.append(Column(index, heading, samples))
    return found
