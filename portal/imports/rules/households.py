"""From the rows of a guest list to households, and what the host is told about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from portal.imports.rules import cells, notices, refusals
from portal.imports.rules.columns import Field, Header, Line, find_header, letter
from portal.imports.rules.notices import Notice, notice
from portal.imports.rules.refusals import Unusable
from portal.imports.rules.rows import Person, Row, household_of, name_column, read_row
from portal.kit.text import email_key


@dataclass(frozen=True)
class Household:
    """People who share an invitation, in their order; the first one has a name."""

    name: str
    people: tuple[Person, ...]

    @property
    def first(self) -> Person:
        """By whom, with its name, the household is recognised again."""
        return self.people[0]

    @property
    def key(self) -> tuple[str, str]:
        """What two households of one list share if only their place tells them apart."""
        return cells.name_key(self.name), cells.name_key(self.first.name)


@dataclass(frozen=True)
class GuestList:
    """A list that can be imported: its households in order, and what was left out of it."""

    households: tuple[Household, ...]
    left_out: tuple[Notice, ...]

    @property
    def notices(self) -> list[Notice]:
        """Everything to tell the host about the list itself, in the order of its rows."""
        told = (person.notices for household in self.households for person in household.people)
        return sorted(chain(self.left_out, *told), key=lambda notice: notice.row)


@dataclass
class _Group:
    """The rows of one household while the list is being read."""

    name: str
    rows: list[Row]


def read_list(lines: Sequence[Line], header: Header | None = None) -> GuestList:
    """The households of a list, checked whole.

    Args:
        lines: the rows that hold something, in order.
        header: which column holds what, if somebody said so; else it is found.

    Raises:
        Unusable: the list lacks the columns, a household, or anybody at all.
    """
    header = header or find_header(lines)
    rows = [line for line in lines if line.number > header.row]
    groups, left_out = _gather(rows, header) if Field.HOUSEHOLD in header.columns else _alone(rows, header)
    households = [_household(group) for group in groups]
    if not households:
        raise Unusable(refusals.NOBODY, row=header.row)
    columns = [
        notice(notices.UNKNOWN_COLUMN, header.row, column=letter(index), header=text) for index, text in header.unknown
    ]
    return GuestList(
        tuple(_told_apart(_addresses_once(households))),
        (*columns, *_blank_rows(header, rows), *left_out),
    )


def starts_household(name: str, above: str | None, *, above_was_blank: bool) -> bool:
    """Whether a row with ``name`` in its household column begins another household than the row above.

    A blank cell never does, another name always. The same name again goes on
    where every row carries it; where rows of a household leave it blank, a
    cell that is filled in begins a household, be it of the same name.
    """
    if not name:
        return False
    return above is None or cells.name_key(name) != cells.name_key(above) or above_was_blank


def _gather(rows: Sequence[Line], header: Header) -> tuple[list[_Group], list[Notice]]:
    """The rows of each household, and the rows that name nobody."""
    groups: list[_Group] = []
    left_out: list[Notice] = []
    current: _Group | None = None
    above_was_blank = False
    for line in rows:
        row = read_row(line, header)
        if isinstance(row, Notice) and row.what is notices.TOTAL:
            left_out.append(row)
            continue
        name = household_of(line, header)
        if starts_household(name, current.name if current else None, above_was_blank=above_was_blank):
            current = _Group(name, [])
            groups.append(current)
        above_was_blank = not name
        if isinstance(row, Notice):
            left_out.append(row)
        elif current is None:
            raise Unusable(refusals.NO_HOUSEHOLD_ABOVE, row=line.number, column=header.letter(Field.HOUSEHOLD))
        else:
            current.rows.append(row)
    return [group for group in groups if group.rows], left_out


def _alone(rows: Sequence[Line], header: Header) -> tuple[list[_Group], list[Notice]]:
    """Everybody for themselves, with whom they bring: the list has no column of households."""
    groups: list[_Group] = []
    left_out: list[Notice] = []
    for line in rows:
        row = read_row(line, header)
        if isinstance(row, Notice):
            left_out.append(row)
        elif name := row.person.name or cells.cut_name(row.typed):
            groups.append(_Group(name, [row]))
        else:
            left_out.append(notice(notices.NO_NAME, line.number, column=name_column(header)))
    return groups, left_out


def _household(group: _Group) -> Household:
    people = list(chain.from_iterable(_people(row, is_first=row is group.rows[0]) for row in group.rows))
    first = next((person for person in people if not person.is_plus_one), None)
    if first is None:
        first = _named_as_typed(group.rows[0])
        people[0] = first
    others = [person for person in people if person is not first]
    return Household(group.name, tuple(_same_names([first, *others])))


def _people(row: Row, *, is_first: bool) -> Iterable[Person]:
    """Those whom a row names.

    A plus-one announced beside the first name of a household is one more
    person; beside a later name it says that this person is the plus-one.
    """
    if row.brings and not is_first and not any(row.brings):
        yield replace(row.person, is_plus_one=True)
        return
    yield row.person
    for name in row.brings:
        yield Person(row.number, name, is_plus_one=True)


def _named_as_typed(row: Row) -> Person:
    """Somebody nameless who stands alone: what was typed is all there is to call them."""
    name = row.person.name or cells.cut_name(row.typed) or row.household
    told = notice(notices.NOBODY_TO_ACCOMPANY, row.number, name=name)
    return replace(row.person, name=name, is_plus_one=False).told(told)


def _same_names(people: Iterable[Person]) -> Iterable[Person]:
    seen: dict[str, int] = {}
    for person in people:
        key = cells.name_key(person.name)
        if key and key in seen:
            yield person.told(notice(notices.SAME_NAME, person.row, name=person.name, other=seen[key]))
        else:
            seen[key] = person.row
            yield person


def _addresses_once(households: Sequence[Household]) -> Iterable[Household]:
    """An address belongs to the first who has it; the others are kept without and reached through their link."""
    owners: dict[str, str] = {}
    for household in households:
        yield replace(household, people=tuple(_addressed(person, owners) for person in household.people))


def _addressed(person: Person, owners: dict[str, str]) -> Person:
    if person.email is None:
        return person
    key = email_key(person.email)
    if key not in owners:
        owners[key] = person.name
        return person
    words = {"address": person.email, "other": owners[key], "name": person.name}
    return replace(person, email=None).told(notice(notices.SHARED_ADDRESS, person.row, **words))


def _told_apart(households: Iterable[Household]) -> Iterable[Household]:
    """Two households of one name and one first person are two; the host is asked to look."""
    seen: dict[tuple[str, str], int] = {}
    for household in households:
        first = household.first
        if household.key not in seen:
            seen[household.key] = first.row
            yield household
            continue
        words = {"household": household.name, "name": first.name, "other": seen[household.key]}
        told = first.told(notice(notices.SAME_HOUSEHOLD, first.row, **words))
        yield replace(household, people=(told, *household.people[1:]))


def _blank_rows(header: Header, rows: Sequence[Line]) -> Iterable[Notice]:
    for above, below in pairwise([header.row, *(line.number for line in rows)]):
        if below - above == 2:
            yield notice(notices.BLANK, above + 1)
        elif below - above > 2:
            yield notice(notices.BLANKS, above + 1, last=below - 1)
