"""S11: streams over several real processes: limited, heard everywhere, and gone when the phone is."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.deeds import everybody_comes
from tests.patience import PATIENCE, wait_for
from tests.races.conftest import Venue
from tests.races.server import Server

MOST = 6
CROWD = 30


class Line:
    """An open stream on a socket of its own, and what came in so far."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode())
        self.heard = b""
        while b"\r\n\r\n" not in self.heard:
            self.heard += self.socket.recv(65536)
        self.status = int(self.heard.split(b" ")[1])
        self.socket.settimeout(0.01)

    def hears(self, words: str) -> bool:
        """Whether these words have come in by now."""
        with suppress(TimeoutError):
            self.heard += self.socket.recv(65536)
        return words.encode() in self.heard


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    opened: list[Line] = []
    yield opened
    for line in opened:
        line.socket.close()


def test_streams_are_limited_heard_in_every_process_and_gone_with_the_phone(venue: Venue, lines: list[Line]) -> None:
    cast = venue.cast("live", invitations=10)
    everybody_comes(cast)
    port, greedy = venue.server.port, cast.brandt.path("/live?table=1")
    lines += [Line(port, greedy) for _ in range(CROWD)]
    refused = [line for line in lines if line.status == 429]
    assert len(refused) == CROWD - MOST, "six of one invitation, in all processes together"
    assert all(b"Retry-After: " in line.heard for line in refused)
    others = [Line(port, family.path("/live?table=1")) for family in cast.families[2:] for _ in range(MOST)]
    lines += others
    assert {line.status for line in others} == {200}, "others are not concerned"

    phone = venue.phone(htmx=True)
    assert phone.get(cast.brandt.path("/seats/map?table=1")).status == 200, "who was refused may ask"
    phone.get(cast.okafor.path("/seats?table=1"))
    seat = cast.seat(1, 5)
    assert phone.post(cast.okafor.path(f"/members/{cast.okafor.members[0]}/seat"), seat_id=seat).status == 200
    listening = [line for line in lines if line.status == 200]
    wait_for(lambda: all(line.hears(f'id="seat-{seat}"') or line.hears("event: stale") for line in listening))

    for line in lines:
        line.socket.close()
    lines.clear()

    def again() -> bool:
        line = Line(port, greedy)
        lines.append(line)
        return [each.status for each in lines].count(200) == MOST

    wait_for(again)


def test_a_server_that_stops_ends_its_streams_itself(venue: Venue, lines: list[Line]) -> None:
    cast = venue.cast("stopping")
    server = Server(str(venue.app.config["SQLALCHEMY_DATABASE_URI"]), 1, "--graceful-timeout", "60")
    lines.append(Line(server.port, cast.okafor.path("/live")))
    assert lines[0].status == 200
    server.stop(signal.SIGTERM)
    wait_for(lambda: lines[0].hears("\r\n0\r\n\r\n"))
