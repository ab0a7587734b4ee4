"""How the server runs; ``gunicorn app:app`` in this folder reads this file.

Its settings are checked here, before any worker is made: a refusal is then one
sentence and not one per worker. The application is imported once, and its workers
share that memory; so what gevent patches has to be patched before, but for how the
server itself minds its workers.
"""

import warnings

from gevent import monkey

monkey.patch_all(os=False, signal=False)
warnings.filterwarnings("ignore", category=monkey.MonkeyPatchWarning)  # a worker patches the rest, as it should

import gc  # noqa: E402 - what is imported from here on finds everything patched
import os  # noqa: E402
import runpy  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

_config = runpy.run_path(str(Path(__file__).parent / "portal" / "config.py"))
try:
    _settings = _config["from_environment"]()
    _host, _port = _config["listens_on"](os.environ)
except _config["ConfigurationError"] as refusal:
    raise SystemExit(f"Placecard cannot start. {refusal}") from None

_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_most = 2 if _settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else _cores

bind = f"{_config['bracketed'](_host)}:{_port}"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(_cores, _most))
worker_class = "gevent"
preload_app = True
worker_connections = 4000
backlog = 4096
keepalive = 30
control_socket_disable = True
forwarded_allow_ips = ""  # who is asking is the application's to decide, by TRUSTED_PROXIES
raw_env = ["LIVE=1"]  # a server's workers hear each other's changes; a command typed beside it does not


def when_ready(server: Any) -> None:
    """Compile every template before there are workers: they share it, and nobody’s first page waits for it."""
    templates = server.app.wsgi().jinja_env
    for name in templates.list_templates():
        templates.get_template(name)


def pre_fork(_server: Any, _worker: Any) -> None:
    """Leave what was imported out of the collections of the workers, which would copy it page by page."""
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """A worker sends the mail that others have left, and when it is told to stop it ends its streams.

    They would last for ever; everybody else is answered first.
    """
    if send := getattr(worker.wsgi, "extensions", {}).get("postman"):
        send()

    def wait() -> None:
        while worker.alive:
            time.sleep(0.2)
        if ears := getattr(worker.wsgi, "extensions", {}).get("live"):
            ears.close()

    threading.Thread(target=wait, daemon=True).start()
