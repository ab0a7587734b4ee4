"""What is staged: lists on their way in, their rows, and the households that would be formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.accounts.models import User
from portal.imports.models import Import, ImportHousehold, ImportRow, RowFate, State
from portal.imports.rules.columns import Line
from portal.imports.rules.staging import AT_WORK, OPEN, Column, RowView, Stage, columns_of
from portal.kit.schema import db

PAGE = 25
"""Rows, or households, on a page."""

HEADS = 12
"""How many of the first rows are looked through for headings and samples."""

_STAGE: list[Any] = [
    Import.id,
    Import.event_id,
    Import.organization_id,
    Import.file_name,
    User.name,
    Import.state,
    Import.header_row,
    Import.columns,
    Import.refusal,
    Import.findings,
    Import.version,
    Import.total,
    Import.done,
    Import.worked_at,
    Import.expires_at,
    Import.created_at,
]


def _stages(event_id: int) -> Select[Any]:
    return select(*_STAGE).join(User, Import.user_id == User.id).where(Import.event_id == event_id)


def find_stage(event_id: int, import_id: int) -> Stage | None:
    """A list of this event."""
    row = db.session.execute(_stages(event_id).where(Import.id == import_id)).first()
    return _stage(row) if row else None


def newest_stage(event_id: int, user_id: int) -> Stage | None:
    """The list that this host brought last."""
    mine = _stages(event_id).where(Import.user_id == user_id)
    row = db.session.execute(mine.order_by(Import.id.desc()).limit(1)).first()
    return _stage(row) if row else None


def earlier_stages(event_id: int, now: datetime) -> list[Stage]:
    """The lists of an event that can be gone on with or looked at again, the newest first."""
    kept = [*OPEN, *AT_WORK, State.DONE, State.UNDONE]
    rows = db.session.execute(
        _stages(event_id).where(Import.state.in_(kept), Import.expires_at > now).order_by(Import.id.desc()).limit(PAGE)
    )
    return [_stage(row) for row in rows]


def _stage(row: Any) -> Stage:
    return Stage(row[0], row[1], row[2], row[3], row[4], State(row[5]), *row[6:])


def content_of(import_id: int) -> bytes | None:
    """The file as it was brought; None once its rows are read."""
    return db.session.scalar(select(Import.content).where(Import.id == import_id))


def lines_of(stage: Stage) -> tuple[list[Line], set[int]]:
    """Every row of the list in order, and the numbers of those that a host left out.

    A row that is left out keeps its household's name, which the rows below may share.
    """
    rows = db.session.execute(
        select(ImportRow.number, ImportRow.cells, ImportRow.is_left_out)
        .where(ImportRow.import_id == stage.id)
        .order_by(ImportRow.number)
    ).all()
    named = stage.columns.get("household")
    left_out = {row.number for row in rows if row.is_left_out}
    return [
        Line(row.number, _kept(row.cells, named) if row.is_left_out else tuple(row.cells)) for row in rows
    ], left_out


def _kept(cells: Sequence[str], column: int | None) -> tuple[str, ...]:
    return tuple(cell if index == column else "" for index, cell in enumerate(cells))


def first_lines(stage: Stage) -> list[Line]:
    """The first rows of the list, its headings among them."""
    rows = db.session.execute(
        select(ImportRow.number, ImportRow.cells)
        .where(ImportRow.import_id == stage.id)
        .order_by(ImportRow.number)
        .limit(HEADS)
    )
    return [Line(row.number, tuple(row.cells)) for row in rows]


def columns(stage: Stage, lines: Sequence[Line]) -> list[Column]:
    """The columns of the list with samples of its first rows."""
    heads = next((line for line in lines if line.number == stage.header_row), None)
    return columns_of(heads, [line for line in lines if line.number > stage.header_row])


@dataclass(frozen=True)
class Member:
    """Somebody of a household as it would be formed."""

    row: int
    name: str
    fate: str
    is_child: bool
    is_plus_one: bool
    is_remarked: bool


@dataclass(frozen=True)
class HouseholdView:
    """A household of the list as it would be formed, or as it was written."""

    place: int
    name: str
    invitation_id: int | None
    refusal: dict[str, Any]
    members: list[Member]


def household_page(import_id: int, after: int, *, made: bool = False) -> tuple[list[HouseholdView], int | None]:
    """The households from a place on, and where the next page begins; two statements.

    Args:
        import_id: the list.
        after: the place of the first one.
        made: only those that the import has made.
    """
    households = select(
        ImportHousehold.place, ImportHousehold.name, ImportHousehold.invitation_id, ImportHousehold.refusal
    ).where(ImportHousehold.import_id == import_id, ImportHousehold.place >= after)
    if made:
        households = households.where(ImportHousehold.is_new, ImportHousehold.invitation_id.is_not(None))
    rows = db.session.execute(households.order_by(ImportHousehold.place).limit(PAGE + 1)).all()
    shown, more = rows[:PAGE], rows[PAGE:]
    members = _members(import_id, [row.place for row in shown])
    views = [
        HouseholdView(row.place, row.name, row.invitation_id, row.refusal, members.get(row.place, [])) for row in shown
    ]
    return views, more[0].place if more else None


def _members(import_id: int, places: Sequence[int]) -> dict[int, list[Member]]:
    rows = db.session.execute(
        select(ImportRow.place, ImportRow.number, ImportRow.people, ImportRow.kinds)
        .where(ImportRow.import_id == import_id, ImportRow.place.in_(places))
        .order_by(ImportRow.number)
    )
    found: dict[int, list[Member]] = {}
    for row in rows:
        for person in row.people:
            member = Member(
                row.number, person["name"], person["fate"], person["child"], person["plus"], bool(row.kinds)
            )
            found.setdefault(row.place, []).append(member)
    return found


def row_page(import_id: int, show: str, after: int) -> tuple[list[RowView], int | None]:
    """The rows of one fate, or with one kind of notice, from a number on, and where the next page begins."""
    chosen = ImportRow.fate == show if show in set(RowFate) else ImportRow.kinds.contains(f"|{show}|", autoescape=True)
    rows = db.session.execute(
        _rows(import_id).where(chosen, ImportRow.number >= after).order_by(ImportRow.number).limit(PAGE + 1)
    ).all()
    return [_row(row) for row in rows[:PAGE]], rows[PAGE].number if len(rows) > PAGE else None


def find_row(import_id: int, number: int) -> RowView | None:
    """A row of the list."""
    row = db.session.execute(_rows(import_id).where(ImportRow.number == number)).first()
    return _row(row) if row else None


def rows_not_taken(import_id: int) -> list[RowView]:
    """Every row that did not go in, in order; a sum below the list is none that anybody misses."""
    missed = ImportRow.fate.in_([RowFate.LEFT_OUT, RowFate.SKIPPED]), ImportRow.kinds != "|total_row|"
    rows = db.session.execute(_rows(import_id).where(*missed).order_by(ImportRow.number))
    return [_row(row) for row in rows]


def _rows(import_id: int) -> Select[Any]:
    return select(
        ImportRow.number,
        ImportRow.cells,
        ImportRow.is_left_out,
        ImportRow.version,
        ImportRow.fate,
        ImportRow.people,
        ImportRow.notices,
    ).where(ImportRow.import_id == import_id)


def _row(row: Any) -> RowView:
    return RowView(row[0], tuple(row[1]), *row[2:])


def written(import_id: int) -> dict[str, int]:
    """What was done, in people by their fate and in households."""
    households, fates = ImportHousehold, ("new", "updated", "unchanged", "skipped")
    row = db.session.execute(
        select(
            *(func.coalesce(func.sum(getattr(households, fate)), 0) for fate in fates),
            func.count(households.id).filter(households.is_new),
            func.count(households.id).filter(households.is_kept),
        ).where(households.import_id == import_id)
    ).one()
    names = (*fates, "new_households", "kept")
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def invitations_of(import_id: int, *, but: int | None = None) -> set[int]:
    """The invitations that the households of the list are, as far as they are written; but for one of them."""
    rows = db.session.scalars(
        select(ImportHousehold.invitation_id).where(
            ImportHousehold.import_id == import_id,
            ImportHousehold.place != (-1 if but is None else but),
            ImportHousehold.invitation_id.is_not(None),
        )
    )
    return {invitation_id for invitation_id in rows if invitation_id is not None}


def places_waiting(import_id: int) -> list[int]:
    """The households that went without an address, if one has become free since; else nobody."""
    rows = db.session.execute(
        select(ImportHousehold.place, ImportHousehold.waits, ImportHousehold.frees)
        .where(ImportHousehold.import_id == import_id, or_(ImportHousehold.waits, ImportHousehold.frees))
        .order_by(ImportHousehold.place)
    ).all()
    return [row.place for row in rows if row.waits] if any(row.frees for row in rows) else []


def traces_of(import_id: int, place: int) -> dict[str, Any]:
    """What taking a household back needs."""
    of = select(ImportHousehold.traces).where(ImportHousehold.import_id == import_id, ImportHousehold.place == place)
    return dict(db.session.scalar(of) or {})


def refusals_of(import_id: int) -> dict[int, dict[str, str]]:
    """Why households could not be written, by the number of each of their rows."""
    rows = db.session.execute(
        select(ImportRow.number, ImportHousehold.refusal)
        .join(
            ImportHousehold,
            (ImportHousehold.import_id == ImportRow.import_id) & (ImportHousehold.place == ImportRow.place),
        )
        .where(ImportRow.import_id == import_id, ImportRow.fate == RowFate.SKIPPED)
    )
    return {row.number: row.refusal for row in rows if row.refusal}
