"""A PostgreSQL of one test's own, which it may stop and start as it likes."""

from __future__ import annotations

import subprocess
from typing import Literal

from portal.config import ROOT

Mode = Literal["fast", "immediate"]
"""Politely, or as in a crash."""

KEEPER = """
set -euo pipefail
. script/postgres
postgres=$(find_postgres) || postgres=$(find_packaged_postgres)
start_postgres
echo "$TEST_POSTGRES_URL"
while read -r mode; do
    as_owner "$postgres/pg_ctl" -D "$folder/data" -l "$folder/data/log" -m "$mode" -w restart >/dev/null 2>&1
    echo "$mode"
done
"""
"""Keeps the server for as long as somebody speaks to it: each line is the way in which it shall be restarted."""


class OwnPostgres:
    """Started at once, and gone with whoever made it."""

    def __init__(self) -> None:
        self.keeper = subprocess.Popen(
            ["bash", "-c", KEEPER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.url = self._hear()

    def restart(self, mode: Mode) -> None:
        """Stop it and start it; returns when it takes connections again."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.write(f"{mode}\n")
        assert self._hear() == mode

    def stop(self) -> None:
        """End it and remove what it stored."""
        self.keeper.communicate(timeout=60)

    def _hear(self) -> str:
        assert self.keeper.stdout is not None
        line = self.keeper.stdout.readline().strip()
        assert line, "PostgreSQL does not start"
        return line
