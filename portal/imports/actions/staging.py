"""A list is brought, its columns are named, its rows are mended: a draft that only its hosts see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.audit.actions import record
from portal.events.rules import EventView
from portal.imports.models import Import, ImportHousehold, ImportRow, State
from portal.imports.rules.columns import Line
from portal.imports.rules.refusals import Unusable
from portal.imports.rules.staging import KEPT_DAYS, MOVED_ON, OPEN, ROW_CHANGED, Stage
from portal.kit.conflicts import LANGUAGES
from portal.kit.database import action, requires_action
from portal.kit.schema import db
from portal.kit.text import tidy

MOST_OPEN = 10
"""Lists of one event that are begun and not written."""

PIECE = 500
"""Rows that are written, or thrown away, at once: other writers wait no longer than that."""


@action
def begin_import(event: EventView, *, user_id: int, file_name: str, content: bytes, now: datetime) -> int:
    """Keep a file as it was brought, so that it can be read outside the request; returns the import's id.

    Of lists that nobody finishes an event keeps the newest few.
    """
    forgotten = select(Import.id).where(Import.event_id == event.id, Import.state.in_(list(OPEN)))
    forgotten = forgotten.order_by(Import.id.desc()).offset(MOST_OPEN - 1)
    db.session.execute(update(Import).where(Import.id.in_(forgotten)).values(expires_at=now))
    import_id: int = db.session.execute(
        insert(Import)
        .values(
            organization_id=event.organization_id,
            event_id=event.id,
            user_id=user_id,
            file_name=tidy(file_name)[:200],
            content=content,
            worked_at=now,
            expires_at=now + timedelta(days=KEPT_DAYS),
        )
        .returning(Import.id)
    ).scalar_one()
    record(
        "import.begun",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=f"user:{user_id}",
        subject=f"import:{import_id}",
        now=now,
        detail={"file": tidy(file_name)[:200]},
    )
    return import_id


@action
def keep_rows(stage: Stage, start: int, lines: Sequence[Line], *, now: datetime) -> bool:
    """Stage the rows from ``start`` on; False if somebody else has read that far already."""
    if not advance(stage, State.READING, start, start + len(lines), now):
        return False
    db.session.execute(
        insert(ImportRow),
        [
            {"event_id": stage.event_id, "import_id": stage.id, "number": line.number, "cells": _storable(line.cells)}
            for line in lines
        ],
    )
    return True


@action
def finish_reading(stage: Stage, count: int, *, header_row: int, columns: Mapping[str, int], now: datetime) -> None:
    """All rows are staged: the file is let go, and the columns are as they were recognised."""
    values = {"content": None, "header_row": header_row, "columns": dict(columns), "done": 0}
    _set(stage, [State.READING], {"state": State.MAPPING, **values, "worked_at": now}, done=count)


@action
def refuse_file(stage: Stage, why: Unusable, *, now: datetime) -> None:
    """The file cannot be read at all: it is let go, and its host is told why."""
    _set(
        stage,
        [State.READING],
        {"state": State.REFUSED, "content": None, "refusal": _told(why), "expires_at": now + timedelta(hours=1)},
    )


@action
def refuse_columns(stage: Stage, why: Unusable, *, now: datetime) -> None:
    """The list cannot be understood with these columns: back to them, with what is wrong."""
    values = {"state": State.MAPPING, "refusal": _told(why), "findings": {}, "worked_at": now}
    _set(stage, [State.CHECKING], values, version=stage.version)


@action
def map_columns(stage: Stage, *, header_row: int, columns: Mapping[str, int], version: int, now: datetime) -> None:
    """Say which column holds what; the list is then checked.

    Raises:
        Conflict: somebody changed the list meanwhile, or it is being written.
    """
    values = {"header_row": header_row, "columns": dict(columns), "refusal": {}, "findings": {}}
    _check_anew(stage, [State.MAPPING, State.READY], now, values, version=version)


@action
def mend_row(stage: Stage, number: int, *, cells: Mapping[int, str], version: int, now: datetime) -> None:
    """Write other words into cells of a row; the list is then checked anew.

    Raises:
        Conflict: somebody else changed the row, or the list is being written.
    """
    row = _row(stage, number)
    width = max([len(row), *(index + 1 for index in cells)])
    mended = [cells.get(index, row[index] if index < len(row) else "") for index in range(width)]
    _change_row(stage, number, version, now, cells=_storable(mended))


@action
def leave_row(stage: Stage, number: int, *, is_left_out: bool, version: int, now: datetime) -> None:
    """Leave a row out, or take it in again; the list is then checked anew.

    Raises:
        Conflict: somebody else changed the row, or the list is being written.
    """
    _change_row(stage, number, version, now, is_left_out=is_left_out)


@action
def discard(stage: Stage, *, now: datetime) -> None:
    """Throw a list away; what it wrote stays.

    Raises:
        Conflict: it is just being written or taken back.
    """
    resting = [state for state in State if state not in {State.WRITING, State.UNDOING}]
    if not _set(stage, resting, {"expires_at": now}):
        raise MOVED_ON.conflict()


@action
def purge(now: datetime) -> bool:
    """Delete a piece of what nobody needs any more; whether there may be more of it."""
    expired = select(Import.id).where(Import.expires_at <= now, Import.state.not_in([State.WRITING, State.UNDOING]))
    first = db.session.scalar(expired.order_by(Import.id).limit(1).with_for_update(skip_locked=True))
    if first is None:
        return False
    rows = select(ImportRow.id).where(ImportRow.import_id == first).limit(PIECE)
    found = db.session.execute(delete(ImportRow).where(ImportRow.id.in_(rows)).returning(ImportRow.id)).all()
    if len(found) < PIECE:
        db.session.execute(delete(Import).where(Import.id == first))
    return True


def advance(stage: Stage, state: State, start: int, end: int, now: datetime) -> bool:
    """Take the next piece of the work, inside the running action; False if it is somebody else's by now."""
    requires_action()
    return _set(stage, [state], {"done": end, "worked_at": now}, done=start)


def _set(stage: Stage, states: Collection[State], values: Mapping[str, Any], **expected: int) -> bool:
    """Change the import if it is in one of these states and as expected; whether it was."""
    statement = update(Import).where(Import.id == stage.id, Import.state.in_(list(states)))
    for name, value in expected.items():
        statement = statement.where(getattr(Import, name) == value)
    return db.session.execute(statement.values(**values).returning(Import.id)).first() is not None


def _check_anew(
    stage: Stage, states: Collection[State], now: datetime, values: Mapping[str, Any], **expected: int
) -> None:
    """The list is another one from now on: whoever checks the one before keeps nothing any more, nor is it kept."""
    begins = {"state": State.CHECKING, "done": 0, "total": 0, "version": Import.version + 1, "worked_at": now}
    if not _set(stage, states, {**begins, "expires_at": now + timedelta(days=KEPT_DAYS), **values}, **expected):
        raise MOVED_ON.conflict()
    db.session.execute(delete(ImportHousehold).where(ImportHousehold.import_id == stage.id))


def _storable(cells: Sequence[str]) -> list[str]:
    """Cells without the one character that no text column of PostgreSQL holds."""
    return [cell.replace("\0", "") for cell in cells]


def _row(stage: Stage, number: int) -> list[str]:
    cells = db.session.scalar(
        select(ImportRow.cells).where(ImportRow.import_id == stage.id, ImportRow.number == number)
    )
    return list(cells or [])


def _change_row(stage: Stage, number: int, version: int, now: datetime, **values: Any) -> None:
    _check_anew(stage, [State.MAPPING, State.CHECKING, State.READY], now, {})
    changed = db.session.execute(
        update(ImportRow)
        .where(ImportRow.import_id == stage.id, ImportRow.number == number, ImportRow.version == version)
        .values(version=version + 1, **values)
        .returning(ImportRow.id)
    ).first()
    if changed is None:
        raise ROW_CHANGED.conflict(row=str(number))


def _told(why: Unusable) -> dict[str, Any]:
    return {"rule": why.why.name, **why.words, **{language: why.sentence(language) for language in LANGUAGES}}
