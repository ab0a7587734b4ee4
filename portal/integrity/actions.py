"""Bring rows under the rules, and bring back what that removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, TableClause, delete, insert, select, text, update
from sqlalchemy import column as any_column
from sqlalchemy import table as any_table

from portal.audit.actions import record
from portal.events.models import Event
from portal.integrity.queries import Finding, findings
from portal.integrity.rules import CLEARED, DOUBLES, MENDED, NOUNS, Deed, Row, oldest_first, taken_over
from portal.invitations.models import InvitationGuest
from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import Conflict, NamedRule, named_rules
from portal.kit.database import action, explain, requires_action, tentatively
from portal.kit.integrity import Columns, columns_of, condition_of, duplicates, orphans, standing_columns, table_of
from portal.kit.schema import db
from portal.organizations.models import Organization
from portal.organizations.queries import names_of_users
from portal.seating.actions.places import next_references


@dataclass
class Sweep:
    """A cleaning under way.

    Attributes:
        connection: the action's own.
        columns: what the database has; it may be older than the models.
        now: when.
        deeds: what was done so far, in order.
        left: why something could not be done, by whoever refused it.
    """

    connection: Connection
    columns: Columns
    now: datetime
    deeds: list[Deed] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def table(self, name: str) -> TableClause:
        """A table as it stands; as it is declared, with all its defaults, if it lacks nothing."""
        declared = db.metadata.tables[name]
        present = [each for each in declared.columns if (name, each.name) in self.columns]
        if len(present) == len(declared.columns):
            return declared
        return any_table(name, *(any_column(each.name, each.type) for each in present))

    def rows(self, name: str, *conditions: str, **values: Any) -> list[Row]:
        """The rows of a table that have these values, those with the oldest right first."""
        target = self.table(name)
        same = [target.c[column] == value for column, value in values.items()]
        found = self.connection.execute(select(target).where(*same, *(text(each) for each in conditions if each)))
        return oldest_first([dict(row) for row in found.mappings()])


@dataclass(frozen=True)
class Cleaned:
    """What a cleaning did, what was refused to it, and which rules are still broken."""

    deeds: Sequence[Deed]
    left: Sequence[str]
    findings: Sequence[Finding]


@action
def clean(keep: Callable[[Cleaned], None], *, now: datetime) -> Cleaned:
    """Bring the rows under the rules, as far as that is nobody's decision.

    Of what was written twice the oldest stays; what hangs on another goes over to it where the rules let it. Rows that
    point nowhere go as their key says. Parents come before their children, so that each is judged by what stays.

    Args:
        keep: is given what was done before any of it is final; whatever it raises takes everything back.
        now: when.

    Raises:
        Conflict: a rule that is looked at only at the end refused.
    """
    connection = db.session.connection()
    sweep = Sweep(connection, standing_columns(connection), now)
    unique = {str(rule.name): rule for rule in named_rules(db.metadata) if rule.name in MENDED}
    for declared in db.metadata.sorted_tables:
        for key in sorted(declared.foreign_key_constraints, key=lambda key: str(key.name)):
            _mend_orphans(sweep, key)
        for rule in (unique[name] for name in MENDED if table_of(unique[name]) is declared):
            _mend_duplicates(sweep, rule)
    cleaned = Cleaned(sweep.deeds, sweep.left, findings(connection))
    keep(cleaned)
    return cleaned


def _mend_orphans(sweep: Sweep, key: ForeignKeyConstraint) -> None:
    """Do what the key would have done when the row it points to went away; one that says nothing is left to people."""
    if not columns_of(key) <= sweep.columns or key.ondelete not in {"CASCADE", "SET NULL"}:
        return
    name, rule = key.table.name, str(key.name)
    for _what, (number,) in orphans(sweep.connection, key):
        with _or_leave(sweep):
            for row in sweep.rows(name, id=number):  # none, if it was folded into another meanwhile
                if key.ondelete == "SET NULL":
                    _mend(sweep, rule, name, row, dict.fromkeys(key.columns.keys()))
                elif other := _double_of(sweep, name, row):
                    _fold(sweep, rule, name, other, row)
                else:
                    _remove(sweep, rule, name, row)


def _mend_duplicates(sweep: Sweep, rule: NamedRule) -> None:
    if not columns_of(rule) <= sweep.columns:
        return
    name, where = table_of(rule).name, condition_of(rule, sweep.connection.dialect.name)
    for _shared, numbers in duplicates(sweep.connection, name, rule.columns.keys(), where=where):
        with _or_leave(sweep):
            kept, *doubles = oldest_first([row for number in numbers for row in sweep.rows(name, id=number)])
            for double in doubles:
                if rule.name in DOUBLES:
                    kept = _fold(sweep, str(rule.name), name, kept, double)
                else:
                    _renumber(sweep, str(rule.name), double)


@contextmanager
def _or_leave(sweep: Sweep) -> Iterator[None]:
    """Do all of it, or nothing and say who refused."""
    done = len(sweep.deeds)
    try:
        with tentatively():
            yield
    except Conflict as refusal:
        del sweep.deeds[done:]
        sweep.left.append(str(refusal))


def _fold(sweep: Sweep, rule: str, name: str, kept: Row, double: Row) -> Row:
    """Make one of two rows that are the same thing; returns the one that stays as it is then."""
    taken = taken_over(name, kept, double)
    heir = {**kept, **taken}
    if name == "memberships":  # before the other goes: an organization keeps an admin at every step
        _mend(sweep, rule, name, kept, taken)
    _hand_over(sweep, rule, name, double, heir)
    _remove(sweep, rule, name, double, kept=kept["id"])
    if name != "memberships":  # after it has gone: what is taken over may be unique
        _mend(sweep, rule, name, kept, taken)
    return heir


def _hand_over(sweep: Sweep, rule: str, name: str, double: Row, heir: Row) -> None:
    """Let whatever points to ``double`` point to ``heir``."""
    for child in db.metadata.sorted_tables:
        keys = [key for key in child.foreign_key_constraints if key.referred_table.name == name]
        for key in (key for key in keys if columns_of(key) <= sweep.columns):
            sought = {element.parent.name: double[element.column.name] for element in key.elements}
            for row in sweep.rows(child.name, **sought) if None not in sought.values() else []:
                pairs = [(each.parent.name, each.column.name) for other in keys for each in other.elements]
                pointed = {mine: heir[theirs] for mine, theirs in pairs if row[mine] is not None}
                if pointed != {mine: row[mine] for mine in pointed}:
                    _point(sweep, rule, child.name, row, pointed)


def _point(sweep: Sweep, rule: str, name: str, row: Row, pointed: Row) -> None:
    """Let a row point elsewhere; one that may not be there goes. What is there twice by that is seen to in its turn."""
    try:
        with tentatively():
            _mend(sweep, rule, name, row, pointed)
    except Conflict:
        _remove(sweep, rule, name, row)


def _double_of(sweep: Sweep, name: str, row: Row) -> Row | None:
    """Another row that is the same thing as this one, by the rules under which something is written once."""
    for rule in named_rules(db.metadata):
        if rule.name in DOUBLES and table_of(rule).name == name and columns_of(rule) <= sweep.columns:
            shared = {column: row[column] for column in rule.columns.keys()}  # noqa: SIM118 - columns are no mapping
            if None not in shared.values():
                found = sweep.rows(name, condition_of(rule, sweep.connection.dialect.name), **shared)
                others = [other for other in found if other["id"] != row["id"]]
                if others:
                    return others[0]
    return None


def _renumber(sweep: Sweep, rule: str, row: Row) -> None:
    """Give a place another number than the older one's; its member keeps the new code as their own."""
    name = "guest_assignments"
    if rule == CLEARED:
        _mend(sweep, rule, name, row, {"bidder_number": None})
        return
    code = row["reference_code"]
    while sweep.rows(name, organization_id=row["organization_id"], reference_code=code):
        (code,) = next_references(row["organization_id"], 1)
    _mend(sweep, rule, name, row, {"reference_code": code})
    theirs = (InvitationGuest.id == row["member_id"], InvitationGuest.reference_code == row["reference_code"])
    sweep.connection.execute(update(InvitationGuest).where(*theirs).values(reference_code=code))


def _mend(sweep: Sweep, rule: str, name: str, row: Row, became: Mapping[str, Any]) -> None:
    if became:
        target = sweep.table(name)
        sweep.connection.execute(update(target).where(target.c.id == row["id"]).values(became))
        sweep.deeds.append(Deed("mended", rule, name, row, became, None))
        _enter(sweep, sweep.deeds[-1])


def _remove(sweep: Sweep, rule: str, name: str, row: Row, *, kept: int | None = None) -> None:
    target = sweep.table(name)
    sweep.connection.execute(delete(target).where(target.c.id == row["id"]))
    sweep.deeds.append(Deed("removed", rule, name, row, {}, kept))
    _enter(sweep, sweep.deeds[-1])


def _enter(sweep: Sweep, deed: Deed) -> None:
    """Enter it into the log of its organization, if there is such a log: an old schema has none, nor has an account."""
    requires_action()
    row, event_id = deed.row, deed.row.get("event_id")
    if ("activity", "id") not in sweep.columns:
        return
    owner = select(Event.organization_id).where(Event.id == event_id)
    if event_id is None:
        owner = select(Organization.id).where(Organization.id == row.get("organization_id"))
    organization_id = sweep.connection.execute(owner).scalar()
    if organization_id is None:
        return
    noun = NOUNS.get(deed.table, deed.table)
    record(
        f"{noun}.{deed.what}",
        organization_id=organization_id,
        event_id=event_id,
        actor="system",
        subject=f"user:{row['user_id']}" if deed.table == "memberships" else f"{noun}:{row['id']}",
        now=sweep.now,
        detail={"name": _name_of(row), "rule": deed.rule, "kept": deed.kept},
    )


def _name_of(row: Row) -> str:
    """What a row is called, or whoever has an account and is meant by it; nothing if it says neither."""
    called = row.get("display_name") or row.get("name")
    user = [f"user:{row['user_id']}"] if row.get("user_id") else []
    return called or "".join(names_of_users(user).values())


@action
def bring_back(deed: Deed, *, now: datetime) -> bool:
    """Write a row that was removed, as it was; whether there was room for it: its table is there, and its number free.

    Raises:
        Conflict: a rule refused it.
        UnknownConstraint: the schema asks for more than the row has.
    """
    connection = db.session.connection()
    sweep = Sweep(connection, standing_columns(connection), now)
    if (deed.table, "id") not in sweep.columns or sweep.rows(deed.table, id=deed.row["id"]):
        return False
    explain(**{"name": name} if (name := _name_of(deed.row)) else {})
    target = sweep.table(deed.table)
    row = {each.name: _read(each.type, deed.row[each.name]) for each in target.columns if each.name in deed.row}
    connection.execute(insert(target).values(row))
    _enter(sweep, Deed("restored", deed.rule, deed.table, row, {}, deed.kept))
    return True


def _read(kind: Any, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(kind, UTCDateTime) and isinstance(value, str) else value
