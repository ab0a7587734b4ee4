"""Streams: how many a server holds, what one costs, and how soon the last of many knows what changed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import cycle, pairwise

import gevent

from benchmark.crowd import Waits
from benchmark.ground import Evening, Ground, Server
from benchmark.listeners import Listeners, Told
from benchmark.phone import Phone
from benchmark.report import Table

LISTENERS = (500, 2000)
PER_FAMILY = 5
TABLES, SEATS = 60, 8
PICKS_A_SECOND, PAGES_A_SECOND, SECONDS = 20, 50, 8
PICKS = PICKS_A_SECOND * SECONDS
MANY_STREAMS = {"STREAMS_PER_ADDRESS": "10000"}
"""All listeners of the benchmark have one address."""


def streams(grounds: Sequence[Ground]) -> list[Table]:
    """Measure what listeners are told while others pick and look."""
    table = Table(
        "Streams",
        (
            *("engine", "listeners", "KB each", "last told p50 ms", "last told p99 ms"),
            *("page p50 ms", "page p99 ms", "picks refused", "changes not told to all", "streams lost"),
        ),
    )
    for ground in grounds:
        families = (max(LISTENERS) // PER_FAMILY) + len(LISTENERS) * PICKS // 4
        evening = ground.evening(families, TABLES, SEATS, coming=True)
        for number, count in enumerate(LISTENERS):
            with Server(ground.environment | MANY_STREAMS) as server:
                table.add(ground.engine, *_measure(server, evening, count, number))
    return [table]


def _measure(server: Server, evening: Evening, count: int, number: int) -> tuple[int | float, ...]:
    picking = len(LISTENERS) * PICKS // 4
    listening = [f"{family.path}/live?view=cards" for family in evening.households[picking:]]
    for family in evening.households[:4]:
        Phone(server.port).get(f"{family.path}/seats")
    before = server.megabytes()
    with Listeners(server.port, [path for path, _ in zip(cycle(listening), range(count), strict=False)]) as listeners:
        opened = listeners.wait()
        each = (server.megabytes() - before) * 1024 / max(opened, 1)
        picked, pages = _live(server.port, evening, number)
        gevent.sleep(1.5)
        told, left = listeners.told()
    delays, missed = _delays(picked, told, opened)
    return (
        *(opened, each, delays.percentile(0.5), delays.percentile(0.99)),
        *(pages.percentile(0.5), pages.percentile(0.99), PICKS - len(picked), missed, opened - left),
    )


def _live(port: int, evening: Evening, number: int) -> tuple[list[tuple[int, float]], Waits]:
    """Pick and look at a steady pace; which table was picked at when, and how long pages took."""
    members = [(family, member) for family in evening.households for member in family.members]
    wishes = members[number * PICKS : (number + 1) * PICKS]
    tables = list(evening.tables.items())
    table_ids = _ids_of(port, evening)
    picked: list[tuple[int, float]] = []
    pages = Waits()
    phones = [_phone(port, evening) for _ in range(8)]

    def pick(position: int) -> None:
        family, member = wishes[position]
        table, seats = tables[position % len(tables)]
        phone = phones.pop() if phones else _phone(port, evening)
        at, taken = time.monotonic(), number * -(-PICKS // len(tables)) + position // len(tables)
        answer = phone.post(f"{family.path}/members/{member}/seat?table={table}", seat_id=seats[taken])
        if answer.status == 200:
            picked.append((table_ids[table], at))
        phones.append(phone)

    def look(position: int) -> None:
        phone, before = Phone(port), time.perf_counter()
        phone.get(evening.households[-1 - position % 100].path)
        pages.each.append(time.perf_counter() - before)
        phone.hang_up()

    work = [(n / PICKS_A_SECOND, pick, n) for n in range(PICKS)]
    work += [(n / PAGES_A_SECOND, look, n) for n in range(PAGES_A_SECOND * SECONDS)]
    gevent.joinall([gevent.spawn_later(0.1 + at, do, n) for at, do, n in work], raise_error=True)
    return picked, pages


def _phone(port: int, evening: Evening) -> Phone:
    phone = Phone(port)
    phone.get(evening.households[0].path)
    return phone


def _ids_of(port: int, evening: Evening) -> dict[str, int]:
    """The ids of the tables, as they stand on the page of all tables, by name."""
    page = Phone(port).get(f"{evening.households[-1].path}/seats?all=1").body
    ids = sorted({int(found) for found in re.findall(rb'id="table-state-(\d+)"', page)})
    return dict(zip(evening.tables, ids, strict=True))


def _delays(picked: list[tuple[int, float]], told: Told, listeners: int) -> tuple[Waits, int]:
    """How long after a pick was sent the last listener knew of its table; and how many changes did not reach all."""
    delays, missed = Waits(), 0
    for table in {table for table, _at in picked}:
        moments = sorted(at for each, at in picked if each == table)
        for at, following in pairwise([*moments, float("inf")]):
            heard = [moment for moment in told.get(table, ()) if at <= moment < following]
            missed += len(heard) < listeners
            if heard:
                delays.each.append(max(heard) - at)
    return delays, missed
