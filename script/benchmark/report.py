"""What was found, for people and for programs."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from portal.config import ROOT, VAR

Cell = str | int | float
PAGE = ROOT / "docs" / "performance.md"
PACKAGES = ("flask", "sqlalchemy", "psycopg", "gunicorn", "gevent")


@dataclass
class Table:
    """Rows of figures under one title."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """One more row."""
        self.rows.append(cells)


def show(table: Table) -> None:
    """Print a table as people read it."""
    cells = [table.columns, *[tuple(_words(cell) for cell in row) for row in table.rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
    print(f"\n{table.title}")
    for row in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(flush=True)


def machine() -> dict[str, str]:
    """What the figures were measured on; nothing that tells whose it is."""
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": _found(r"model name\s*: (.+)", Path("/proc/cpuinfo")),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": _sqlite(),
        "postgresql": _postgresql(),
        **{name: version(name) for name in PACKAGES},
    }


def keep(tables: Sequence[Table]) -> None:
    """Write ``var/bench.json``, for programs."""
    found = [{"title": t.title, "columns": t.columns, "rows": t.rows} for t in tables]
    (VAR / "bench.json").write_text(json.dumps({"machine": machine(), "tables": found}, indent=1))


def write(tables: Sequence[Table]) -> None:
    """Put the tables into ``docs/performance.md``, each where its title stands; what was not measured stays."""
    page = PAGE.read_text()
    here = ", ".join(f"{name} {value}" for name, value in machine().items() if name != "measured")
    for table in tables:
        lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * len(table.columns)]
        lines += ["| " + " | ".join(_words(cell) for cell in row) + " |" for row in table.rows]
        lines += ["", f"Measured {machine()['measured']} on: {here}."]
        begin, end = f"<!-- {table.title} -->\n", f"<!-- end of {table.title} -->"
        if begin not in page:
            raise SystemExit(f"docs/performance.md has no place for the table “{table.title}”")
        before, _, rest = page.partition(begin)
        page = before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
    PAGE.write_text(page)


def _words(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}" if cell < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _found(pattern: str, file: Path) -> str:
    found = re.search(pattern, file.read_text())
    return found[1].strip() if found else "0"


def _sqlite() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _postgresql() -> str:
    told = subprocess.run(["postgres", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[2]


def say(words: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)
