"""The rush: picking opens, everybody is there, and all of them want the front tables."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import gevent

from benchmark.crowd import Waits, at_once
from benchmark.ground import Ground, Household, Server
from benchmark.listeners import Listeners
from benchmark.phone import Answer, Phone
from benchmark.report import Table
from benchmark.streams import MANY_STREAMS

FREE = re.compile(rb'form="pick" name="seat_id" value="(\d+)"')
TABLES = re.compile(rb"[?;&]table=([\w-]+)")
FRONT = 10
"""How many of the first tables with room somebody looks at."""

TRIES = 200
PAUSE = (1.5, 4.5)
STREAMS_EACH = 4


@dataclass
class Evenings:
    """What the phones of one rush saw."""

    pages: Waits = field(default_factory=Waits)
    picks: Waits = field(default_factory=Waits)
    statuses: Counter[int] = field(default_factory=Counter)
    standing: int = 0


def rush(grounds: Sequence[Ground]) -> list[Table]:
    """Measure both rushes on every engine, and a small one on the smallest server."""
    table = Table(
        "The rush",
        (
            *("engine", "rush", "guests", "seconds", "seated", "requests", "told 409", "errors"),
            *("worst page ms", "pick p50 ms", "pick p99 ms", "MB idle", "MB after"),
        ),
    )
    for ground in grounds:
        table.add(ground.engine, "at one instant", *_rush(ground, 500))
        table.add(ground.engine, "with pauses, 2,000 streams", *_rush(ground, 500, pauses=True))
    small = next(ground for ground in grounds if ground.engine == "SQLite")
    table.add(small.engine, "at one instant, one core", *_rush(small, 75, cores=1))
    return [table]


def _rush(ground: Ground, families: int, *, pauses: bool = False, cores: int = 0) -> tuple[int | float, ...]:
    evening = ground.evening(families, families // 2, 8, coming=True)
    seen = Evenings()
    with Server(ground.environment | MANY_STREAMS, cores=cores) as server:
        Phone(server.port).get(evening.households[0].path)
        idle = server.megabytes()
        listening = [f"{family.path}/live?view=cards" for family in evening.households] * (STREAMS_EACH * pauses)
        with Listeners(server.port, listening) as listeners:
            listeners.wait()
            seconds = at_once([partial(_arrive, server.port, family, seen, pauses) for family in evening.households])
        after = server.megabytes()
    guests = 4 * families
    refused = sum(count for status, count in seen.statuses.items() if status not in {200, 409})
    return (
        *(guests, seconds, guests - seen.standing, sum(seen.statuses.values()), seen.statuses[409], refused),
        *(seen.pages.percentile(1.0), seen.picks.percentile(0.5), seen.picks.percentile(0.99), idle, after),
    )


def _arrive(port: int, family: Household, seen: Evenings, pauses: bool) -> None:
    """Look at the tables, go to one of the first, and take a seat there for each, wherever there still is one."""
    phone, chance = Phone(port), random.Random(family.members[0])
    waiting, table, free = list(family.members), b"", list[bytes]()
    for _ in range(TRIES):
        if not waiting:
            break
        if pauses:
            gevent.sleep(chance.uniform(*PAUSE))
        if not free:
            answer = _timed(phone, seen.pages, seen, f"{family.path}/seats")
            tables = sorted(set(TABLES.findall(answer.body)), key=int)[:FRONT]
            if not tables:
                continue
            table = chance.choice(tables)
            free = FREE.findall(_timed(phone, seen.pages, seen, f"{family.path}/seats?table={table.decode()}").body)
            continue
        path = f"{family.path}/members/{waiting[0]}/seat?table={table.decode()}"
        answer = _timed(phone, seen.picks, seen, path, chance.choice(free))
        free = FREE.findall(answer.body)
        if answer.status == 200:
            waiting.pop(0)
    seen.standing += len(waiting)
    phone.hang_up()


def _timed(phone: Phone, waits: Waits, seen: Evenings, path: str, seat: bytes | None = None) -> Answer:
    before = time.perf_counter()
    try:
        answer = phone.get(path) if seat is None else phone.post(path, seat_id=seat.decode())
    except OSError:
        phone.hang_up()
        answer = Answer(0, b"", "")
    waits.each.append(time.perf_counter() - before)
    seen.statuses[answer.status] += 1
    return answer
