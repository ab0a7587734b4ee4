"""The server's own settings, patience of another measure, and a watch in every worker: how its event loop turns.

Read by gunicorn instead of ``gunicorn.conf.py``, which it reads itself, so that
nothing of this stands in the product.
"""

import os
import runpy
import time
from pathlib import Path
from typing import Any

_production = runpy.run_path(str(Path(__file__).parents[2] / "gunicorn.conf.py"))
globals().update({name: value for name, value in _production.items() if not name.startswith("_")})


def post_worker_init(worker: Any) -> None:
    """Begin to watch the loop of a worker that is about to answer."""
    import gevent

    from portal.kit import database, security

    if "post_worker_init" in _production:
        _production["post_worker_init"](worker)
    security.SLOWEST_FORM = float(os.environ["SLOWEST_FORM"])
    database.BUSY_SECONDS = 60.0  # who waits for somebody's pen waits for a machine that is busy otherwise, too
    gevent.spawn(_watch)


def _watch() -> None:
    import gevent

    from tests.endurance.watch import EVERY, Watch

    watch = Watch.of_worker(Path(os.environ["WATCH"]), os.getpid())
    last, worked = time.perf_counter(), time.thread_time()
    while True:
        gevent.sleep(EVERY)
        now, work = time.perf_counter(), time.thread_time()
        watch.turned(now - last - EVERY, work - worked)
        last, worked = now, work
