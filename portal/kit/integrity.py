"""Rows that break a rule: found before the rule is added, and by the audit after."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text


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
    lines = [f"  {', '.join(f'{column}={value}' for column, value in row.items())}" for row in rows[:20]]
    more = [f"  … and {len(rows) - 20} more"] if len(rows) > 20 else []
    told = [f"{rule} cannot be added: {len(rows)} row(s) break it.", *lines, *more, f"Nothing was changed. {mend}"]
    raise Offenders("\n".join(told))


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
    lines = [f"  {group} → rows {ids}" for group, ids in groups[:20]]
    more = [f"  … and {len(groups) - 20} more"] if len(groups) > 20 else []
    raise Duplicates(
        "\n".join(
            [
                f"{rule} cannot be added: {len(groups)} group(s) of rows in “{table}” share {', '.join(columns)}.",
                *lines,
                *more,
                "Nothing was changed. Keep one row of each group, remove or change the others, and run this again.",
            ]
        )
    )


def duplicates(connection: Connection, table: str, columns: Sequence[str], *, where: str = "") -> list[tuple[str, str]]:
    """Groups of rows that share ``columns``: the shared values and the ids, both as text, oldest first."""
    names = ", ".join(columns)
    present = " AND ".join([*(f"{column} IS NOT NULL" for column in columns), *([where] if where else [])])
    statement = (
        f"SELECT {names}, id FROM {table} WHERE {present} AND ({names}) IN "  # noqa: S608 - names of our own schema
        f"(SELECT {names} FROM {table} WHERE {present} GROUP BY {names} HAVING count(*) > 1) ORDER BY {names}, id"
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(text(statement)):
        shared = ", ".join(f"{column}={value}" for column, value in zip(columns, row, strict=False))
        found.setdefault(shared, []).append(str(row[-1]))
    return [(shared, ", ".join(ids)) for shared, ids in found.items()]
