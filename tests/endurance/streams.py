"""Phones that only listen: hundreds of open streams, read in one thread."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.cast import Family
from tests.patience import PATIENCE


@dataclass
class Stream:
    """One of them: how it began, and how often it was told something."""

    socket: socket.socket
    beginning: bytes = b""
    told: int = 0
    has_ended: bool = False

    def hear(self) -> None:
        """Read what there is."""
        heard = self.socket.recv(1 << 16)
        self.beginning = (self.beginning + heard)[:64]
        self.told += heard.count(b"data:")
        self.has_ended = not heard


@contextmanager
def listening(port: int, families: Sequence[Family], each: int, *, address: str = "") -> Iterator[list[Stream]]:
    """So many streams for each household, read until the block ends; all from one address, or each from its own."""
    streams = [
        Stream(_connect(port, family, address or f"203.0.113.{place % 250 + 1}"))
        for place, family in enumerate(families)
        for _ in range(each)
    ]
    is_over = threading.Event()
    reader = threading.Thread(target=_read, args=(streams, is_over), daemon=True)
    reader.start()
    try:
        yield streams
    finally:
        is_over.set()
        reader.join(PATIENCE)
        for stream in streams:
            stream.socket.close()


def _connect(port: int, family: Family, address: str) -> socket.socket:
    """Ask for the stream of a household."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    headers = f"Host: localhost\r\nAccept: text/event-stream\r\nX-Forwarded-For: {address}\r\n\r\n"
    connection.sendall(f"GET {family.path('/live')} HTTP/1.1\r\n{headers}".encode())
    return connection


def _read(streams: Sequence[Stream], is_over: threading.Event) -> None:
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream.socket, selectors.EVENT_READ, stream)
        while not is_over.is_set():
            for key, _ in selector.select(0.2):
                key.data.hear()
                if key.data.has_ended:
                    selector.unregister(key.fileobj)
