"""Taking seats: each their own, and five hundred phones on fifty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median

from benchmark.bare import bare_picks
from benchmark.crowd import Unexpected, Waits, typical, until_done
from benchmark.ground import Evening, Ground, Household, Server
from benchmark.phone import Phone
from benchmark.report import Table

CLIENTS = (1, 16, 64)
ROUNDS = 3
FAMILIES, TABLES, SEATS = 75, 38, 8
BARE_FAMILIES = 250
FIGHTERS, PRIZES = 500, 50


def picks(grounds: Sequence[Ground]) -> list[Table]:
    """Measure picks on every engine, the bare transaction between them."""
    own = Table(
        "Take a seat",
        ("engine", "clients", "seats/s", "of the bare transaction", "bare transactions/s", "p50 ms", "p99 ms"),
    )
    fought = Table("500 phones on 50 seats", ("engine", "seated", "told 409", "answers/s", "p50 ms", "p99 ms"))
    for ground in grounds:
        with Server(ground.environment) as server:
            _add_own(own, ground, server.port)
            _add_fights(fought, ground, server.port)
    return [own, fought]


def _add_own(table: Table, ground: Ground, port: int) -> None:
    practice = ground.evening(BARE_FAMILIES, 2 * BARE_FAMILIES // 4, SEATS, coming=True)
    evenings = {clients: [_evening(ground) for _ in range(ROUNDS)] for clients in CLIENTS}
    bare: list[float] = []
    runs: dict[int, list[Waits]] = {clients: [] for clients in CLIENTS}
    for number in range(ROUNDS):
        for clients in CLIENTS:
            bare.append(bare_picks(ground, practice))
            runs[clients].append(_everybody_sits(evenings[clients][number], port, clients))
    for clients, waits in runs.items():
        found, alone = typical(waits), median(bare)
        share = f"{found['rate'] / alone:.0%}" if alone else "no pgbench here"
        table.add(ground.engine, clients, found["rate"], share, alone, found["p50"], found["p99"])


def _evening(ground: Ground) -> Evening:
    return ground.evening(FAMILIES, TABLES, SEATS, coming=True)


def _everybody_sits(evening: Evening, port: int, clients: int) -> Waits:
    """Every member on a seat of their own, as the buttons of the map do it."""
    phones = [_phone(port, evening.households[0]) for _ in range(clients)]
    wishes = [
        (household, member, *place)
        for (household, member), place in zip(_members(evening), evening.seats, strict=False)
    ]
    free = phones.copy()

    def errand(household: Household, member: int, table: str, seat: int) -> Callable[[], None]:
        def take() -> None:
            phone = free.pop()
            status = phone.post(f"{household.path}/members/{member}/seat?table={table}", seat_id=seat).status
            free.append(phone)
            if status != 200:
                raise Unexpected(f"a free seat answered {status}")

        return take

    waits = until_done(clients, [errand(*wish) for wish in wishes])
    for phone in phones:
        phone.hang_up()
    return waits


def _add_fights(table: Table, ground: Ground, port: int) -> None:
    runs, said = [], Counter[int]()
    for _ in range(ROUNDS):
        evening = ground.evening(FIGHTERS // 4, PRIZES // 5, 5, coming=True)
        waits, statuses = _fight(evening, port)
        runs.append(waits)
        said += statuses
        if statuses != Counter({200: PRIZES, 409: FIGHTERS - PRIZES}):
            raise Unexpected(f"{FIGHTERS} phones on {PRIZES} seats were answered {dict(statuses)}")
    found = typical(runs)
    table.add(ground.engine, said[200] // ROUNDS, said[409] // ROUNDS, found["rate"], found["p50"], found["p99"])


def _fight(evening: Evening, port: int) -> tuple[Waits, Counter[int]]:
    statuses: Counter[int] = Counter()
    errands = []
    for number, (household, member) in enumerate(_members(evening)):
        table, seat = evening.seats[number % PRIZES]
        phone = _phone(port, household)
        path = f"{household.path}/members/{member}/seat?table={table}"

        def take(phone: Phone = phone, path: str = path, seat: int = seat) -> None:
            statuses[phone.post(path, seat_id=seat).status] += 1
            phone.hang_up()

        errands.append(take)
    return until_done(len(errands), errands), statuses


def _members(evening: Evening) -> list[tuple[Household, int]]:
    return [(household, member) for household in evening.households for member in household.members]


def _phone(port: int, household: Household) -> Phone:
    """A phone that has opened its link and holds a connection."""
    phone = Phone(port)
    if phone.get(household.path).status != 200:
        raise Unexpected("a link that does not open")
    return phone
