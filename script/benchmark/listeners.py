"""Thousands of pages that listen, in a process of their own: each an open connection and little else."""

from __future__ import annotations

import multiprocessing
import re
import select
import socket
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType

TABLE = re.compile(rb'id="table-state-(\d+)"')
Told = dict[int, list[float]]
"""When a change at a table was told, once for each listener that was."""


class Listeners:
    """Streams that are held open until the end; what they are told is noted with the time."""

    def __init__(self, port: int, paths: Sequence[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_listen, args=(theirs, port, list(paths)), daemon=True)
        self._process.start()
        theirs.close()

    def wait(self) -> int:
        """Until every stream has begun or was refused; how many are open."""
        return int(self._ours.recv())

    def told(self) -> tuple[Told, int]:
        """What was told so far, and how many streams are still open; then all of them hang up."""
        self._ours.send("enough")
        found: tuple[Told, int] = self._ours.recv()
        return found

    def __enter__(self) -> Listeners:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._ours.close()
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()


def _listen(end: Connection, port: int, paths: list[str]) -> None:
    streams: dict[int, socket.socket] = {}
    poll, told, unread = select.epoll(), defaultdict[int, list[float]](list), dict[int, bytes]()
    for path in paths:
        if (stream := _opened(port, path)) is not None:
            streams[stream.fileno()] = stream
            poll.register(stream, select.EPOLLIN)
    end.send(len(streams))
    poll.register(end, select.EPOLLIN)
    while True:
        for number, _event in poll.poll():
            if number == end.fileno():
                with suppress(EOFError):  # nobody wants to know
                    end.recv()
                    end.send((dict(told), len(streams)))
                return
            received = _read(streams[number])
            if not received:
                poll.unregister(number)
                streams.pop(number).close()
                continue
            now, text = time.monotonic(), unread.get(number, b"") + received
            whole, _, unread[number] = text.rpartition(b"\n\n")
            for table in set(TABLE.findall(whole)):
                told[int(table)].append(now)


def _opened(port: int, path: str) -> socket.socket | None:
    """A stream that has begun, or None if it was refused."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=20)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode())
    head = stream.recv(4096)
    if not head.startswith(b"HTTP/1.1 200"):
        stream.close()
        return None
    stream.setblocking(False)
    return stream


def _read(stream: socket.socket) -> bytes:
    try:
        return stream.recv(65536)
    except BlockingIOError:
        return b""
    except OSError:
        return b""
