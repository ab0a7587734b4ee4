"""Connections are given in the order they were asked for."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from flask import g
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty, Queue

SERVED = "served"
"""Stands in what Flask keeps for one request once that has had a connection."""


@dataclass
class _Waiting:
    """Somebody in line; whoever brings a connection back hands it over and says so."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    given: Any = None

    def __post_init__(self) -> None:
        self.turn.acquire()


class Line(Queue[Any]):
    """Free connections, and whoever waits for one, first come first served.

    The library's own queue wakes who has waited longest, but gives what came
    back to whoever asks before that one is awake; in a crowd somebody unlucky
    waits until their time is over. Here it is handed over. Whoever was served
    before in the same request goes first: a request waits in line once, and
    what has begun is finished before more is begun.
    """

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        super().__init__(maxsize, use_lifo)
        self._line: deque[_Waiting] = deque()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Hand a connection to the first in line, or keep it if there is no line."""
        with self.mutex:
            if self._line:
                first = self._line.popleft()
                first.given = item
                first.turn.release()
            else:
                super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """A free connection; where there is none, stand in line if ``block``.

        Raises:
            Empty: there is none, or none came within ``timeout`` seconds.
        """
        with self.mutex:
            if not self._empty() or not block:
                return super().get(block=False)
            me = _Waiting()
            (self._line.appendleft if g and SERVED in g else self._line.append)(me)
        try:
            me.turn.acquire(timeout=-1 if timeout is None else timeout)
        except BaseException:
            if not self._leaves(me):
                self.put(me.given)
            raise
        if self._leaves(me):
            raise Empty
        return me.given

    def _leaves(self, waiting: _Waiting) -> bool:
        """Whether somebody goes with empty hands; who was given a connection is in line no more."""
        with self.mutex:
            if waiting.given is not None:
                return False
            self._line.remove(waiting)
            return True


class FairPool(QueuePool):
    """The library's pool, with a line."""

    _queue_class = Line

    def _do_get(self) -> ConnectionPoolEntry:
        entry = super()._do_get()
        if g:
            setattr(g, SERVED, True)
        return entry
