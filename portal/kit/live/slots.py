"""How many streams one invitation, one user or one address may have open, in all processes of a machine together."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import threading
from pathlib import Path

WIDTH = 1 << 16
"""Slots that lie between one owner and the next; no limit is higher."""


class Slots:
    """Locked bytes of an empty file: the system frees them when a process ends, however it ends.

    Args:
        name: tells the products on one machine apart, and the kinds of owners.
    """

    def __init__(self, name: str) -> None:
        digest = hashlib.sha256(f"{os.getuid()} {name}".encode()).hexdigest()[:16]
        self._path = Path(tempfile.gettempdir()) / f"placecard-streams-{digest}"
        self._lock = threading.Lock()
        self._file = -1
        self._taken: set[int] = set()

    def find(self, owner: str, limit: int) -> int | None:
        """Take one of the ``limit`` slots of an owner, or None if each of them is taken."""
        first = int.from_bytes(hashlib.sha256(owner.encode()).digest()[:5]) * WIDTH
        with self._lock:
            for slot in range(first, first + limit):
                if slot not in self._taken and self._is_ours(slot):
                    self._taken.add(slot)
                    return slot
        return None

    def free(self, slot: int) -> None:
        """Give a slot back; once is enough."""
        with self._lock:
            if slot in self._taken:
                self._taken.discard(slot)
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, slot)

    def _is_ours(self, slot: int) -> bool:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
        except OSError:
            return False
        return True
