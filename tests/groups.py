"""Which tests go together: those that share servers, processes or a browser run in one worker, one after the other."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {"browser", "endurance", "races"}
"""Folders whose tests share what is slow to start, and whose races are not to be disturbed by each other."""


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # the library has no types
    """Hands out each of these folders as a whole, beginning with the largest; all other tests one by one."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.split("/")[1]
        return folder if folder in TOGETHER else nodeid
