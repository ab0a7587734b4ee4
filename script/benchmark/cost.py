"""What it takes to run: from an empty environment to the first page, and the memory of a server at rest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmark.ground import Ground, Server
from benchmark.phone import Phone
from benchmark.report import Table, say
from portal.config import ROOT

LEFT_OUT = (".venv", "var", ".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis")


def cost(grounds: Sequence[Ground]) -> list[Table]:
    """Measure an installation from nothing, and a server that nobody asks."""
    table = Table("Cost", ("what", "engine", "figure"))
    for what, figure in _installed():
        table.add(what, "SQLite", figure)
    for ground in grounds:
        evening = ground.evening(75, 38, 8)
        with Server(ground.environment) as server:
            Phone(server.port).get(evening.households[0].path)
            table.add(f"MB idle, {len(server.workers())} workers", ground.engine, server.megabytes())
    return [table]


def _installed() -> list[tuple[str, float | str]]:
    with tempfile.TemporaryDirectory(prefix="placecard-cost-") as folder:
        here = Path(folder) / "placecard"
        shutil.copytree(ROOT, here, ignore=shutil.ignore_patterns(*LEFT_OUT))
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "PLACECARD_ENV": "demo", "PYTHONUTF8": "1"}
        used, before = os.times(), time.perf_counter()
        try:
            subprocess.run([here / "script/environment", "requirements.txt"], cwd=here, env=environment, check=True)
            subprocess.run(
                [here / ".venv/bin/python", "-m", "flask", "demo", "--json"],
                cwd=here,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        except subprocess.CalledProcessError as error:
            say(f"Nothing could be installed here: {error}")
            return [("seconds from an empty environment", "not measured: nothing could be installed")]
        with Server({**environment, "DATABASE_URL": ""}, at=here) as server:
            Phone(server.port).get("/")
        seconds, after = time.perf_counter() - before, os.times()
        machine = sum(after[2:4]) - sum(used[2:4])
        size = sum(file.lstat().st_size for file in (here / ".venv").rglob("*") if file.is_file())
    return [
        ("seconds from an empty environment to the first page", seconds),
        ("of them seconds of machine time", machine),
        ("MB installed", size / 1024**2),
        ("Python", sys.version.split()[0]),
    ]
