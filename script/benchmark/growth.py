"""Growth: the same page and the same pick, alone in the database and among ten thousand other events."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median
from typing import Any

import psycopg

from benchmark.crowd import Unexpected, Waits
from benchmark.ground import Evening, Ground, Server
from benchmark.phone import Phone
from benchmark.report import Table, say

EVENTS, HOUSEHOLDS, PEOPLE = 10_000, 50, 4
FIRST = 1_000_000
"""Ids of what is loaded begin here, above those of the events that were made by hand."""

ROUNDS, ASKED = 5, 40
WHEN, LATER = "2026-10-01 12:00:00.000000", "2026-10-01 18:00:00.000000"
PIECE = 50_000
COLUMNS = {
    "events": "id, organization_id, title, slug, description, place, starts_at, ends_at, time_zone, status,"
    " hold_seconds, show_names, is_public, version, settings, created_at",
    "guests": "id, organization_id, name, search_key, created_at",
    "invitations": "id, event_id, code, code_version, name, names_hidden, created_at",
    "invitation_guests": "id, organization_id, event_id, invitation_id, guest_id, position, rsvp, is_child, dietary,"
    " note, host_note, seat_category, created_at",
}


def growth(grounds: Sequence[Ground]) -> list[Table]:
    """Measure page and pick before and after 10,000 events with 2,000,000 members are loaded."""
    table = Table("Growth", ("engine", "what", "with ten events, ms", "with 10,000, ms", "ratio", "loaded in s"))
    for ground in grounds:
        evenings = [ground.evening(75, 38, 8, coming=True) for _ in range(10)]
        few = _measure(ground, evenings[:5])
        before = time.monotonic()
        _load(ground)
        loaded = time.monotonic() - before
        say(f"{ground.engine}: {EVENTS:,} events loaded in {loaded:.0f} seconds")
        many = _measure(ground, evenings[5:])
        for what, alone in few.items():
            table.add(ground.engine, what, alone, many[what], many[what] / alone, loaded)
    return [table]


def _measure(ground: Ground, evenings: Sequence[Evening]) -> dict[str, float]:
    """Medians of one client's waits, in milliseconds."""
    pages, picks = [], []
    with Server(ground.environment) as server:
        phone = Phone(server.port)
        for evening in evenings:
            looked, picked = Waits(), Waits()
            for number in range(ASKED):
                family = evening.households[number]
                table, seat = evening.seats[number]
                looked.each.append(_timed(phone, family.path))
                picked.each.append(_timed(phone, f"{family.path}/members/{family.members[0]}/seat?table={table}", seat))
            pages.append(looked.percentile(0.5))
            picks.append(picked.percentile(0.5))
    return {"invitation page": median(pages[1:]), "take a seat": median(picks[1:])}


def _timed(phone: Phone, path: str, seat: int | None = None) -> float:
    before = time.perf_counter()
    answer = phone.get(path) if seat is None else phone.post(path, seat_id=seat)
    if answer.status != 200:
        raise Unexpected(f"one client alone was answered {answer.status}")
    return time.perf_counter() - before


def _rows(table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table: events of one organization, fifty households each, four people in every one."""
    households, people = EVENTS * HOUSEHOLDS, EVENTS * HOUSEHOLDS * PEOPLE
    if table == "events":
        for number in range(FIRST, FIRST + EVENTS):
            shown = ("Hall", WHEN, LATER, "UTC", "published", 0, False, False, 1, "{}", WHEN)
            yield (number, FIRST, f"Event {number}", f"event-{number}", "", *shown)
    elif table == "guests":
        yield from ((n, FIRST, f"Guest {n}", f"guest {n}", WHEN) for n in range(FIRST, FIRST + people))
    elif table == "invitations":
        chance = random.Random(table)
        for number in range(households):
            code = f"{number:06d}{chance.randrange(10**6):06d}"
            yield (FIRST + number, FIRST + number // HOUSEHOLDS, code, 1, f"Household {number}", False, WHEN)
    else:
        for number in range(people):
            household, position = divmod(number, PEOPLE)
            keys = (FIRST + number, FIRST, FIRST + household // HOUSEHOLDS, FIRST + household, FIRST + number)
            yield (*keys, position, "pending", False, "", "", "", "regular", WHEN)


def _load(ground: Ground) -> None:
    if ground.engine == "SQLite":
        connection = sqlite3.connect(ground.file, isolation_level=None, timeout=30)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_organization())
        for table, columns in COLUMNS.items():
            marks = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", _rows(table))
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.close()
        return
    with psycopg.connect(ground.url) as server:
        server.execute(_organization().encode())
        for table, columns in COLUMNS.items():
            rows = _rows(table)
            with server.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                while lines := [_line(row) for row in islice(rows, PIECE)]:
                    copy.write("".join(lines))
    with psycopg.connect(ground.url, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join(str(cell) for cell in row) + "\n"


def _organization() -> str:
    return (
        "INSERT INTO organizations (id, name, slug, last_reference, created_at)"
        f" VALUES ({FIRST}, 'Everybody', 'everybody', 0, '{WHEN}')"
    )
