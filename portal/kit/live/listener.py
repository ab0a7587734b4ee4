"""One open stream: what waits to be written to it, and how it ends."""

from __future__ import annotations

import _socket
import queue
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

FIRST = b"retry: 1000\n\n"
LONGEST_QUEUE = 64
"""Messages that may wait for a slow phone; one that falls further behind is sent away and catches up by state."""


class Listener:
    """The body of a stream's answer; ``close()`` ends it, whoever calls it and however often.

    It keeps no request, no context and no database connection.

    Attributes:
        about: what its channel has to know of it.
    """

    __slots__ = ("_connection", "_is_open", "_left", "_waiting", "about")

    def __init__(self, about: Any, connection: socket.socket | None) -> None:
        self.about = about
        self._connection = connection
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waiting.put(FIRST)
        self._is_open = True
        self._left: list[Callable[[], None]] = []

    def __iter__(self) -> Listener:
        return self

    def __next__(self) -> bytes:
        message = self._waiting.get()
        if message is None:
            raise StopIteration
        return message

    def on_leave(self, call: Callable[[], None]) -> None:
        """Have ``call`` called once when the stream has ended."""
        self._left.append(call)

    def put(self, message: bytes) -> None:
        """Have a message written when its turn comes, or end the stream if too many wait already."""
        if self._waiting.qsize() < LONGEST_QUEUE:
            self._waiting.put(message)
        else:
            self.hang_up()

    def hang_up(self) -> None:
        """End a stream whose phone does not take what is written."""
        self.close()
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def has_hung_up(self) -> bool:
        """Whether the phone has closed its side; nothing else would tell before something is written to it."""
        if self._connection is None:
            return False
        line = _socket.socket(fileno=self._connection.fileno())  # not the one that waits: this must answer at once
        try:
            return line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            line.detach()

    def close(self) -> None:
        """End the stream and let everybody know who counted it."""
        if self._is_open:
            self._is_open = False
            self._waiting.put(None)
            for call in self._left:
                call()


def message(text: str = "", *, event: str = "", at: datetime) -> bytes:
    """A message of a stream: fragments to be swapped in, or a named event by which parts of the page fetch themselves.

    With neither it only keeps the line warm, and says from when on nothing is missed.

    Args:
        text: the fragments.
        event: the name.
        at: the moment whose world it shows; whoever comes back tells it.
    """
    lines = [f"id: {at.timestamp():.3f}"]
    if event:
        lines.append(f"event: {event}")
    lines.extend(f"data: {line}" for line in text.splitlines())
    return "\n".join([*lines, "", ""]).encode()
