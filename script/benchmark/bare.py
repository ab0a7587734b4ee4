"""The same transaction without the product: what the database alone could do of “take a seat”."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from benchmark.ground import Evening, Ground

STATEMENTS = (
    "INSERT INTO operations (scope, operation_id, created_at)"
    " VALUES ('bare', 'wish-' || :n || '-' || :run, CURRENT_TIMESTAMP) ON CONFLICT DO NOTHING RETURNING id",
    "SELECT id FROM guest_assignments WHERE member_id = :member{lock}",
    "SELECT id FROM seats WHERE id = :seat{lock}",
    "INSERT INTO seat_claims (event_id, table_id, seat_id, assignment_id, state, taken_table_id, created_at)"
    " SELECT :event, s.table_id, s.id, a.id, 'taken', s.table_id, CURRENT_TIMESTAMP"
    " FROM seats s, guest_assignments a WHERE s.id = :seat AND a.member_id = :member",
    "UPDATE guest_assignments SET table_id = (SELECT table_id FROM seats WHERE id = :seat) WHERE member_id = :member",
    "INSERT INTO activity (organization_id, event_id, actor, verb, subject, detail, at, created_at)"
    " SELECT organization_id, id, 'guest:1', 'seat.taken', 'invitation:1', '{{}}', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP"
    " FROM events WHERE id = :event",
)
"""What a pick does: count the wish, lock place and seat, claim, note the table, leave an entry."""

ANNOUNCE = "SELECT pg_notify('placecard', 'bare ' || :event || ':' || 'seats')"
"""In the product's words; pgbench would take a name after a colon for a value, even in quotes."""

CLIENTS = 16


def bare_picks(ground: Ground, evening: Evening) -> float:
    """Picks a second, every member of the event on a seat of their own; the seats are free again afterwards."""
    members = [member for household in evening.households for member in household.members]
    seats = [seat for _table, seat in evening.seats]
    return (
        _sqlite(ground.file, evening.id, members, seats)
        if ground.engine == "SQLite"
        else _pgbench(ground.url, evening.id, members, seats)
    )


def _sqlite(file: Path, event: int, members: list[int], seats: list[int]) -> float:
    """One loop on one connection, as durable as the product's."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=5)
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    statements = [statement.format(lock="") for statement in STATEMENTS]
    run, before = time.time_ns(), time.perf_counter()
    for n, (member, seat) in enumerate(zip(members, seats, strict=False)):
        values = {"n": n, "run": run, "member": member, "seat": seat, "event": event}
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement, values).fetchall()
        connection.execute("COMMIT")
    rate = min(len(members), len(seats)) / (time.perf_counter() - before)
    connection.execute("DELETE FROM seat_claims WHERE event_id = ?", [event])
    connection.execute("UPDATE guest_assignments SET table_id = NULL WHERE event_id = ?", [event])
    connection.close()
    return rate


def _pgbench(url: str, event: int, members: list[int], seats: list[int]) -> float:
    """PostgreSQL's own generator with prepared statements; 0 where it is not installed."""
    if shutil.which("pgbench") is None:
        return 0.0
    each = min(len(members), len(seats)) // CLIENTS
    lines = [
        f"\\set n :client_id * {each} + :i",
        "\\set i :i + 1",
        f"\\set member {members[0]} + :n",
        f"\\set seat {seats[0]} + :n",
        "BEGIN;",
        *(statement.format(lock=" FOR NO KEY UPDATE") + ";" for statement in (*STATEMENTS, ANNOUNCE)),
        "COMMIT;",
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("\n".join(lines))
        script.flush()
        wished = ["-D", "i=0", "-D", f"event={event}", "-D", f"run={time.time_ns()}", "-t", str(each)]
        told = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-f", script.name, *wished, url],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ,
        )
    if told.returncode:
        raise RuntimeError(told.stderr)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM seat_claims WHERE event_id = %s", [event])
        connection.execute("UPDATE guest_assignments SET table_id = NULL WHERE event_id = %s", [event])
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    assert found is not None, told.stdout + told.stderr
    return float(found[1])
