"""What a worker tells about its event loop, in a small file that it and the tests share."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import NamedTuple

EVERY = 0.005
"""Seconds between two turns of a loop that nothing holds up."""

FORMAT = "<Qdd"


class Turns(NamedTuple):
    """How often a loop turned; the seconds it was late at worst; the seconds it worked at most from turn to turn."""

    number: int
    latest: float
    busiest: float


class Watch:
    """What the loop of one worker did since the watch was last set to nothing."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self.page = mmap.mmap(opened.fileno(), struct.calcsize(FORMAT))

    @classmethod
    def of_worker(cls, folder: Path, pid: int) -> Watch:
        """The watch of a worker that begins to answer; its file says so by being there."""
        unfinished = folder / f".{pid}"
        unfinished.write_bytes(bytes(struct.calcsize(FORMAT)))
        return cls(unfinished.rename(folder / str(pid)))

    def turned(self, late: float, busy: float) -> None:
        """Count another turn, so many seconds late and after so much work."""
        number, latest, busiest = self.read()
        struct.pack_into(FORMAT, self.page, 0, number + 1, max(late, latest), max(busy, busiest))

    def read(self) -> Turns:
        """What it did."""
        return Turns(*struct.unpack_from(FORMAT, self.page))

    def reset(self) -> None:
        """Begin anew."""
        struct.pack_into(FORMAT, self.page, 0, 0, 0.0, 0.0)


def answering(folder: Path) -> list[int]:
    """The ids of the workers that answer; those that have ended leave nothing behind."""
    here = []
    for file in folder.glob("[0-9]*"):
        if _lives(file.name):
            here.append(int(file.name))
        else:
            file.unlink(missing_ok=True)
    return sorted(here)


def _lives(pid: str) -> bool:
    """Whether a process is there; one that has ended and whose end nobody has noticed yet is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
