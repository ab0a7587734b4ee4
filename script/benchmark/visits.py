"""A household's whole visit: open the link, answer for four, seat four, as the pages make their requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from html import unescape

from benchmark.crowd import Unexpected, Waits, typical, until_done
from benchmark.ground import Ground, Household, Server, interleaved
from benchmark.phone import Answer, Phone
from benchmark.report import Table

EVENINGS = {1: 1, 16: 1, 64: 2}
"""How many events of 75 households one run fills, by clients."""

ROUNDS = 3
FORM = re.compile(rb'<form[^>]* hx-post="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
ALL_COME, TOGETHER = b'value="accepted"', b'id="together"'


def visits(grounds: Sequence[Ground]) -> list[Table]:
    """Measure whole visits on every engine, interleaved."""
    table = Table(
        "A household’s whole visit",
        ("engine", "clients", "households/s", "requests each", "p50 ms", "p99 ms", "visits that failed"),
    )
    servers = {ground.engine: Server(ground.environment) for ground in grounds}
    runs: dict[tuple[str, int], list[Waits]] = {(g.engine, clients): [] for clients in EVENINGS for g in grounds}
    counts: dict[tuple[str, int], list[int]] = {run: [] for run in runs}
    try:
        for ground, clients in interleaved(ROUNDS, [(g, clients) for clients in EVENINGS for g in grounds]):
            waits, asked = _run(ground, servers[ground.engine].port, clients)
            runs[ground.engine, clients].append(waits)
            counts[ground.engine, clients] += asked
    finally:
        for server in servers.values():
            server.__exit__()
    for (engine, clients), waits_of in runs.items():
        found, asked = typical(waits_of), counts[engine, clients]
        failed = sum(len(waits.each) for waits in waits_of) - len(asked)
        table.add(engine, clients, found["rate"], sum(asked) / len(asked), found["p50"], found["p99"], failed)
    return [table]


def _run(ground: Ground, port: int, clients: int) -> tuple[Waits, list[int]]:
    households = [
        household
        for together in zip(*(ground.evening(75, 38, 8).households for _ in range(EVENINGS[clients])), strict=True)
        for household in together
    ]
    counts: list[int] = []

    def errand(household: Household) -> Callable[[], None]:
        def visit_once() -> None:
            with suppress(Unexpected, OSError):
                counts.append(visit(port, household))

        return visit_once

    return until_done(clients, [errand(household) for household in households]), counts


def visit(port: int, household: Household) -> int:
    """One visit with fresh cookies, every request that the pages make; how many there were."""
    phone = Phone(port)
    page = _fine(phone.get(household.path))
    if b'id="opened"' in page.body:
        _fine(phone.post(f"{household.path}/opened"))
    answered = _press(phone, page, ALL_COME, status="accepted")
    if b'id="thanks"' not in answered.body:
        raise Unexpected("the answers were not kept")
    seats = _fine(phone.get(f"{household.path}/seats"))
    seated = _press(phone, seats, TOGETHER)
    if TOGETHER in seated.body or seated.body.count(b' class="seat mine"') != len(household.members):
        raise Unexpected("the family is not seated")
    phone.hang_up()
    return phone.requests


def _press(phone: Phone, page: Answer, button: bytes, **fields: str) -> Answer:
    """Send the first form that has this button, as it stands on the page."""
    for address, form in FORM.findall(page.body):
        if button in form:
            return _fine(phone.post(unescape(address.decode()), **fields))
    raise Unexpected(f"the page has no button {button!r}")


def _fine(answer: Answer) -> Answer:
    if answer.status != 200:
        raise Unexpected(f"a page answered {answer.status}")
    return answer
