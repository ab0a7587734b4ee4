"""Hundreds of connections that send next to nothing take nothing from anybody else, and are let go in the end."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from tests.cast import Cast, Family
from tests.endurance.conftest import IS_LONG, SLOWEST_FORM, Figures, Watched
from tests.patience import wait_for
from tests.races.room import everybody_accepts, regular_seats, seated
from tests.races.server import Phone, at_once

EACH = 100
"""Connections of each of the three kinds."""

VISITS = 15 if IS_LONG else 2
WORST = 500
"""Milliseconds that a page may take meanwhile."""

SILENT = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nAccept: text/"
"""Half a header, and then nothing."""

DRIPPING = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: "
"""A header that goes on forever, a letter at a time."""

FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nemail="
)
"""A form that comes a letter at a time."""


@contextmanager
def dawdlers(port: int) -> Iterator[list[socket.socket]]:
    """Three hundred connections that are in no hurry; the last two hundred send a letter now and then."""
    sockets = []
    for beginning in [SILENT] * EACH + [DRIPPING] * EACH + [FORM] * EACH:
        sockets.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        sockets[-1].sendall(beginning)
    is_over = threading.Event()
    dripping = threading.Thread(target=drip, args=(sockets[EACH:], is_over), daemon=True)
    dripping.start()
    try:
        yield sockets
    finally:
        is_over.set()
        dripping.join(30)
        for each in sockets:
            each.close()


def drip(sockets: list[socket.socket], is_over: threading.Event) -> None:
    """A letter to each, again and again."""
    while not is_over.wait(0.1):
        for each in sockets:
            with suppress(OSError):  # let go by the server
                each.send(b"a")


def let_go(sockets: list[socket.socket]) -> int:
    """How many of them the server has answered or closed."""
    return len(select.select(sockets, [], [], 0)[0])


def visit(phone: Phone, family: Family, seat: int) -> float:
    """Open the invitation, take a seat and give it back, each over a connection of its own; says the longest wait."""
    longest = 0.0
    member = f"/members/{family.members[0]}"
    for _ in range(VISITS):
        for ask in (
            partial(phone.get, family.path()),
            partial(phone.post, family.path(f"{member}/seat"), None, seat_id=seat),
            partial(phone.post, family.path(f"{member}/seat/release")),
        ):
            began = time.monotonic()
            assert ask().status in {200, 303}
            longest = max(longest, time.monotonic() - began)
            phone.close()
    return longest


def visits(venue: Watched, cast: Cast) -> float:
    """Everybody visits at once; says the longest wait of all."""
    guests = zip(cast.families, regular_seats(cast), strict=False)
    return max(at_once([partial(visit, venue.phone(htmx=False), *guest) for guest in guests]))


def test_three_hundred_slow_connections_keep_nobody_waiting(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("slow", invitations=8, members=1, tables=1, seats=10)
    everybody_accepts(cast)
    with dawdlers(venue.server.port) as sockets:
        worst = visits(venue, cast)
        assert let_go(sockets[: 2 * EACH]) == 0, "they are still there"
        wait_for(lambda: let_go(sockets[2 * EACH :]) == EACH, "forms that never come are waited for")
        assert {each.recv(12) for each in sockets[2 * EACH :]} == {b"HTTP/1.1 408"}
        if IS_LONG:
            began = time.monotonic()
            wait_for(lambda: let_go(sockets) == len(sockets), "headers that never come are waited for")
            figures.milliseconds("until the last of them was let go", time.monotonic() - began, at_most=35_000)
    assert seated(cast) == 0
    figures.milliseconds("longest wait for a page meanwhile", worst, at_most=WORST)
    figures.note(f"a form may take {SLOWEST_FORM:.0f} s here, {len(sockets)} connections")
