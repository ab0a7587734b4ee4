"""What a check found is kept with the rows, so that pages only have to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.imports.models import Import, ImportHousehold, State
from portal.imports.rules.staging import FoundRow, Stage
from portal.kit.database import action
from portal.kit.schema import db


@action
def go_on_checking(stage: Stage, done: int, total: int, *, now: datetime) -> bool:
    """Say how far the check is; False if the list has changed meanwhile and is checked anew."""
    return _is_still(stage, {"done": done, "total": total, "worked_at": now})


@action
def keep_households(stage: Stage, names: Mapping[int, str], *, now: datetime) -> bool:
    """Keep the households at these places; False if the list has changed meanwhile.

    Another who checks the same version has found the same.
    """
    if not _is_still(stage, {"worked_at": now}):
        return False
    found = [
        {"event_id": stage.event_id, "import_id": stage.id, "place": place, "name": name}
        for place, name in names.items()
    ]
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    key = ["import_id", "event_id", "place"]
    db.session.execute(insert(ImportHousehold).on_conflict_do_nothing(index_elements=key), found)
    return True


@action
def keep_found_rows(stage: Stage, rows: Sequence[FoundRow], *, now: datetime) -> bool:
    """Keep what was found about these rows; False if the list has changed meanwhile."""
    if not _is_still(stage, {"worked_at": now}):
        return False
    table = db.metadata.tables["import_rows"]
    statement = (
        update(table)
        .where(
            table.c.import_id == bindparam("of"),
            table.c.event_id == bindparam("at_event"),  # as its index has it: else each row would be looked for
            table.c.number == bindparam("at"),
        )
        .values({name: bindparam(f"new_{name}") for name in ("place", "fate", "people", "notices", "kinds")})
    )
    db.session.connection().execute(statement, [_values(stage, row) for row in rows])
    return True


@action
def finish_check(stage: Stage, findings: Mapping[str, Any], *, now: datetime) -> None:
    """Everything is found; the host may look."""
    _is_still(
        stage,
        {"state": State.READY, "findings": dict(findings), "refusal": {}, "done": 0, "total": 0, "worked_at": now},
    )


def _values(stage: Stage, row: FoundRow) -> dict[str, Any]:
    found = {"place": row.place, "fate": row.fate, "people": row.people, "notices": row.notices, "kinds": row.kinds}
    return {
        "of": stage.id,
        "at_event": stage.event_id,
        "at": row.number,
        **{f"new_{name}": value for name, value in found.items()},
    }


def _is_still(stage: Stage, values: Mapping[str, Any]) -> bool:
    """Change the import if it is still the version that is being checked; whether it was."""
    checked = update(Import).where(
        Import.id == stage.id, Import.state == State.CHECKING, Import.version == stage.version
    )
    return db.session.execute(checked.values(**values).returning(Import.id)).first() is not None
