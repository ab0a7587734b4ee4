"""A real server of several processes on a loopback port, and phones that speak to it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from http.cookies import SimpleCookie
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from portal.config import ROOT
from tests.conftest import settings_for

R = TypeVar("R")

PATIENCE = 120.0
"""Seconds after which a server has not started, or a request hangs."""

UNHURRIED = ["--graceful-timeout", "2", "--timeout", "300", "--keep-alive", "300"]
"""On a busy machine a worker may be quiet for a while, and so may a phone between two requests."""


class Answer(NamedTuple):
    """What a phone gets."""

    status: int
    text: str
    location: str
    retry_after: str = ""


class Server:
    """Gunicorn with several workers, as in production, with the settings of the tests and whatever else is asked.

    ``{port}`` in a setting stands for where it listens.
    """

    def __init__(self, url: str, workers: int, *options: str, **environment: str) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self.socket.getsockname()[1]
        command = ["gunicorn", "app:app", "--bind", f"fd://{self.socket.fileno()}", "--workers", str(workers)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, "--log-level", "warning", *UNHURRIED, *options],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": url,
                "PLACECARD_ENV": "test",
                "SECRET_KEY": settings_for(url)["SECRET_KEY"],
                "PYTHONWARNINGS": "",
                **{name: value.format(port=self.port) for name, value in environment.items()},
            },
            pass_fds=[self.socket.fileno()],
        )
        self._wait()

    def _wait(self) -> None:
        """Until every request is answered: the socket listens before anybody is behind it."""
        phone = Phone(self.port)
        assert phone.get("/static/nothing").status == 404
        phone.close()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it, at once unless asked otherwise, and wait until it has gone."""
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
        self.socket.close()


class Phone:
    """A browser that keeps its cookies and one connection, with or without htmx; a proxy tells its ``address``."""

    def __init__(self, port: int, *, htmx: bool = False) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies: SimpleCookie = SimpleCookie()
        self.htmx = htmx
        self.address = ""
        self.csrf = ""

    def get(self, path: str) -> Answer:
        """Open a page and remember its token."""
        answer = self._ask("GET", path, None)
        if found := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self.csrf = found[1]
        return answer

    def post(self, path: str, fields: dict[str, list[str]] | None = None, **more: object) -> Answer:
        """Send a form with the token of the last page."""
        sent = {"csrf_token": [self.csrf], **{key: [str(value)] for key, value in more.items()}, **(fields or {})}
        return self._ask("POST", path, urlencode(sent, doseq=True))

    def twin(self) -> Phone:
        """Another tab: the same cookies on a connection of its own."""
        twin = Phone(self.connection.port, htmx=self.htmx)
        twin.cookies.load(self.cookies.output(header="", sep=";"))
        twin.csrf = self.csrf
        return twin

    def post_and_hang_up(self, path: str, fields: dict[str, list[str]]) -> None:
        """Send a form and lose the network before the answer comes."""
        self._send("POST", path, urlencode({"csrf_token": self.csrf, **fields}, doseq=True))
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def _send(self, method: str, path: str, body: str | None) -> None:
        headers = {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())}
        headers["X-Forwarded-For"] = self.address
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.htmx and body is not None:
            headers["HX-Request"] = "true"
        self.connection.request(method, path, body, {name: value for name, value in headers.items() if value})

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        self._send(method, path, body)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Answer(answer.status, text, answer.headers.get("Location", ""), answer.headers.get("Retry-After", ""))


def at_once(errands: Sequence[Callable[[], R]]) -> list[R]:
    """What each errand gets, all begun at the same moment."""
    line = threading.Barrier(len(errands), timeout=PATIENCE)
    answers: dict[int, R] = {}

    def run(number: int, errand: Callable[[], R]) -> None:
        line.wait()
        answers[number] = errand()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(errands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert len(answers) == len(errands), "nobody hangs"
    return [answers[number] for number in range(len(errands))]
