"""Whether the rows keep the rules, and whether the rules stand in the database at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateIndex

from portal.config import ROOT
from portal.integrity.rules import LOG_TRIGGERS, TRIGGERS
from portal.kit.integrity import Breach, Columns, Probe, breaches_of, names_due, names_in, probes, standing_columns
from portal.kit.schema import db

COUNTED = {"users": "users", "memberships": "memberships", "profiles": "member_profiles"}

WHO_COMES = """
SELECT e.id, e.coming, (SELECT count(*) FROM invitation_guests m WHERE m.event_id = e.id AND m.rsvp = 'accepted')
AS accepted FROM events e WHERE e.capacity IS NOT NULL AND e.coming <>
(SELECT count(*) FROM invitation_guests m WHERE m.event_id = e.id AND m.rsvp = 'accepted') ORDER BY e.id
"""
PARTS = """
SELECT s.id, s.capacity, count(*) AS coming FROM event_sessions s JOIN session_answers a ON a.session_id = s.id
JOIN invitation_guests m ON m.id = a.member_id AND m.rsvp = 'accepted'
GROUP BY s.id, s.capacity HAVING count(*) > s.capacity ORDER BY s.id
"""
KEPT_BY_TRIGGERS = [
    Probe(
        "count_who_comes",
        "events",
        frozenset({("events", "coming"), ("invitation_guests", "rsvp")}),
        partial(breaches_of, statement=WHO_COMES),
    ),
    Probe(
        "part_has_room",
        "event_sessions",
        frozenset({("event_sessions", "capacity"), ("session_answers", "member_id")}),
        partial(breaches_of, statement=PARTS),
    ),
]
"""What triggers keep true of rows. The others refuse a step, such as the last organizer's leaving: no row shows it."""


@dataclass(frozen=True)
class Finding:
    """A rule that is broken, and by what."""

    rule: str
    table: str
    breaches: Sequence[Breach]


@dataclass(frozen=True)
class Report:
    """How the database stands.

    Attributes:
        revision: where it is, None where no migration ever ran.
        newest: where it could be.
        counts: rows of what people ask for first; None where there is no table for it yet.
        asked: how many rules were asked about.
        findings: those that are broken.
        unasked: the rules that could not be asked about, since their columns are not there yet.
        missing: the constraints, indexes and triggers that are not in the database.
    """

    revision: str | None
    newest: str | None
    counts: dict[str, int | None]
    asked: int
    findings: list[Finding]
    unasked: list[str]
    missing: list[str]

    @property
    def is_newest(self) -> bool:
        """Whether everything that the models declare should be there."""
        return self.revision == self.newest

    @property
    def holds(self) -> bool:
        """Whether nothing is amiss; at an older revision, rules that are still to come are no fault."""
        return not self.findings and not (self.is_newest and self.missing)


def audit() -> Report:
    """Ask about every rule, all at one moment where the engine can."""
    with db.engine.connect() as connection:
        columns = standing_columns(connection)
        asked, unasked = _askable(connection, columns)
        due = names_due(db.metadata) | TRIGGERS | LOG_TRIGGERS[connection.dialect.name]
        return Report(
            revision=MigrationContext.configure(connection).get_current_revision(),
            newest=ScriptDirectory(str(ROOT / "migrations")).get_current_head(),
            counts={name: _count(connection, table, columns) for name, table in COUNTED.items()},
            asked=len(asked),
            findings=_findings(connection, asked),
            unasked=[probe.rule for probe in unasked],
            missing=sorted(due - names_in(connection)),
        )


def findings(connection: Connection) -> list[Finding]:
    """The rules that are broken, of those that can be asked about."""
    asked, _unasked = _askable(connection, standing_columns(connection))
    return _findings(connection, asked)


def way_back(name: str) -> str | None:
    """The statement that makes a missing index anew; None for what is none."""
    indexes = {str(index.name): index for table in db.metadata.tables.values() for index in table.indexes}
    return f"{CreateIndex(indexes[name]).compile(db.engine)};" if name in indexes else None


def _askable(connection: Connection, columns: Columns) -> tuple[list[Probe], list[Probe]]:
    every = [*probes(db.metadata, connection.dialect.name), *KEPT_BY_TRIGGERS]
    return [each for each in every if each.needs <= columns], [each for each in every if not each.needs <= columns]


def _findings(connection: Connection, asked: Sequence[Probe]) -> list[Finding]:
    found = [Finding(probe.rule, probe.table, probe.find(connection)) for probe in asked]
    return [finding for finding in found if finding.breaches]


def _count(connection: Connection, table: str, columns: Columns) -> int | None:
    if (table, "id") not in columns:
        return None
    return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - one of those above
