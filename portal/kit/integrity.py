"""Rows that break a rule: found before the rule is added, and by the audit after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKeyConstraint, Index, MetaData, Table, inspect, text

from portal.kit.conflicts import NamedRule, named_rules

Breach = tuple[str, list[int]]
"""What breaks a rule, in words of the schema, and the ids of its rows in order."""

MOST_TOLD = 20
"""How many breaches of one rule are listed."""

POSTGRESQL_NAMES = """
SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND convalidated
UNION SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND i.indisvalid
UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
"""
"""What the catalog names and the server heeds: nothing that is disabled or was never made to the end."""


class Duplicates(RuntimeError):
    """A uniqueness rule cannot be added: the rows that break it, and the way to mend them."""


class Offenders(RuntimeError):
    """A rule cannot be added: the rows that break it, and the way to mend them."""


def stop_on_offenders(connection: Connection, statement: str, *, rule: str, mend: str) -> None:
    """Refuse to add a rule over rows that break it, and change nothing.

    Args:
        connection: the migration's own.
        statement: finds the rows that break the rule; its columns say which they are and why.
        rule: the name of the constraint that is to be added.
        mend: what somebody can do about them, as a sentence.

    Raises:
        Offenders: with at most twenty of the rows.
    """
    rows = connection.execute(text(statement)).mappings().all()
    if not rows:
        return
    found = [", ".join(f"{column}={value}" for column, value in row.items()) for row in rows]
    told = f"{rule} cannot be added: {len(rows)} row(s) break it."
    raise Offenders("\n".join([told, *_listed(found), f"Nothing was changed. {mend}"]))


def stop_on_duplicates(
    connection: Connection, table: str, columns: Sequence[str], *, rule: str, where: str = ""
) -> None:
    """Refuse to add a uniqueness rule over rows that break it, and change nothing.

    Args:
        connection: the migration's own.
        table: the table of the rule.
        columns: what must be unique together; a row with a NULL among them is free.
        rule: the name of the constraint that is to be added.
        where: the condition of a partial rule, as SQL.

    Raises:
        Duplicates: with at most twenty offending groups, each with its rows' ids.
    """
    groups = duplicates(connection, table, columns, where=where)
    if not groups:
        return
    told = f"{rule} cannot be added: {len(groups)} group(s) of rows in “{table}” share {', '.join(columns)}."
    mend = "Nothing was changed. Keep one row of each group, remove or change the others, and run this again."
    raise Duplicates("\n".join([told, *told_of(groups), mend, "`flask integrity clean` says what it would do."]))


def told_of(breaches: Sequence[Breach]) -> list[str]:
    """Breaches as lines to read, the first of them if there are many."""
    return _listed(
        [f"{what} → {'row' if len(ids) == 1 else 'rows'} {', '.join(map(str, ids))}" for what, ids in breaches]
    )


def _listed(found: Sequence[str]) -> list[str]:
    more = [f"  … and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return [*(f"  {each}" for each in found[:MOST_TOLD]), *more]


def duplicates(connection: Connection, table: str, columns: Sequence[str], *, where: str = "") -> list[Breach]:
    """Groups of rows that share ``columns``, none of them NULL: what they share, and their ids."""
    names = ", ".join(columns)
    present = " AND ".join([*(f"{column} IS NOT NULL" for column in columns), *([where] if where else [])])
    statement = (
        f"SELECT {names}, id FROM {table} WHERE {present} AND ({names}) IN "  # noqa: S608 - names of our own schema
        f"(SELECT {names} FROM {table} WHERE {present} GROUP BY {names} HAVING count(*) > 1) ORDER BY {names}, id"
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(text(statement)):
        shared = ", ".join(f"{column}={value}" for column, value in zip(columns, row, strict=False))
        found.setdefault(shared, []).append(row[-1])
    return list(found.items())


def orphans(connection: Connection, key: ForeignKeyConstraint) -> list[Breach]:
    """Rows whose key points nowhere; one with a NULL in it does not point at all."""
    pairs = [(element.parent.name, element.column.name) for element in key.elements]
    mine = [f"c.{column}" for column, _target in pairs]
    present = " AND ".join(f"{column} IS NOT NULL" for column in mine)
    agrees = " AND ".join(f"p.{target} = c.{column}" for column, target in pairs)
    return breaches_of(
        connection,
        f"SELECT c.id, {', '.join(mine)} FROM {key.table.name} c WHERE {present} AND NOT EXISTS "  # noqa: S608 - ours
        f"(SELECT 1 FROM {key.referred_table.name} p WHERE {agrees}) ORDER BY c.id",
    )


def breaches_of(connection: Connection, statement: str) -> list[Breach]:
    """What a statement finds, row by row: first the id, then whatever says why."""
    rows = connection.execute(text(statement)).mappings()
    return [(", ".join(f"{name}={value}" for name, value in row.items() if name != "id"), [row["id"]]) for row in rows]


Columns = frozenset[tuple[str, str]]
"""Columns, each with the name of its table."""


@dataclass(frozen=True)
class Probe:
    """How the rows that break a rule are found.

    Attributes:
        rule: the name of its constraint, or of the trigger that keeps it.
        table: whose rows they are.
        needs: every column that is looked at; an older schema may lack some.
        find: looks.
    """

    rule: str
    table: str
    needs: Columns
    find: Callable[[Connection], list[Breach]]


def probes(metadata: MetaData, engine: str) -> Iterator[Probe]:
    """A probe for every named rule, but for those that the primary key alone keeps."""
    for rule in named_rules(metadata):
        if isinstance(rule, ForeignKeyConstraint):
            yield Probe(str(rule.name), rule.table.name, columns_of(rule), partial(orphans, key=rule))
        elif isinstance(rule, CheckConstraint):
            yield _probe_of_check(rule)
        elif "id" not in rule.columns:
            name, where = table_of(rule).name, condition_of(rule, engine)
            find = partial(duplicates, table=name, columns=rule.columns.keys(), where=where)
            yield Probe(str(rule.name), name, columns_of(rule), find)


def _probe_of_check(rule: CheckConstraint) -> Probe:
    """Rows of which the condition is false; it lets pass those of which it is unknown."""
    table = table_of(rule)
    needs = _columns_named(str(rule.sqltext), table)
    names = ", ".join(["id", *sorted(column for _table, column in needs)])
    statement = f"SELECT {names} FROM {table.name} WHERE NOT ({rule.sqltext}) ORDER BY id"  # noqa: S608 - our own
    return Probe(str(rule.name), table.name, needs, partial(breaches_of, statement=statement))


def condition_of(rule: NamedRule, engine: str) -> str:
    """The condition of a partial index, as SQL; nothing if it is not partial."""
    where = rule.dialect_options[engine].get("where") if isinstance(rule, Index) else None
    return "" if where is None else str(where)


def table_of(rule: NamedRule) -> Table:
    """Whose rule it is, also of one that is declared on a column."""
    parent = rule.table if isinstance(rule, Index) else rule.parent
    table = parent.table if isinstance(parent, Column) else parent
    assert isinstance(table, Table)
    return table


def columns_of(rule: NamedRule) -> Columns:
    """What a key or a unique rule looks at, with the condition of a partial one; the same on both engines."""
    table = table_of(rule)
    found = {(table.name, column.name) for column in rule.columns}
    if isinstance(rule, ForeignKeyConstraint):
        found |= {(rule.referred_table.name, element.column.name) for element in rule.elements}
    return frozenset(found) | _columns_named(condition_of(rule, "sqlite"), table)


def _columns_named(sql: str, table: Table) -> Columns:
    words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", sql)))
    return frozenset((table.name, column.name) for column in table.columns if column.name in words)


def standing_columns(connection: Connection) -> Columns:
    """Every column that the database has, at whichever revision it is."""
    tables = inspect(connection).get_multi_columns()
    return frozenset((table, column["name"]) for (_schema, table), columns in tables.items() for column in columns)


def names_in(connection: Connection) -> set[str]:
    """The names of the constraints, indexes and triggers that the database heeds."""
    if connection.dialect.name == "postgresql":
        return set(connection.scalars(text(POSTGRESQL_NAMES)))
    made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {name for name, _sql in made} | {
        name for _name, sql in made for name in re.findall(r'CONSTRAINT "?(\w+)', sql)
    }


def names_due(metadata: MetaData) -> set[str]:
    """The names of the constraints and indexes that the models declare."""
    indexes = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    return indexes | {str(rule.name) for rule in named_rules(metadata)}
