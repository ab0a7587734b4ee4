"""A real OpenID provider on this machine, and somebody who has an account there."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.patience import wait_for


@dataclass(frozen=True)
class Provider:
    """Where it is."""

    issuer: str

    def settings(self) -> dict[str, Any]:
        """What an application is told of it."""
        known = {"issuer": self.issuer, "name": "Harbour ID", "client_id": "placecard", "client_secret": "s"}
        return {"PROVIDERS": {"openid": known}}

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody has an account there."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def lets_in(self, address: str, subject: str) -> str:
        """Somebody signs in there, where our page has sent them; returns the path to which they are sent back."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code in {302, 303}, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Start one, a program of its own; if another has its port meanwhile, it ends, and the next one is started."""
    process: subprocess.Popen[bytes] | None = None
    while process is None or process.poll() is not None:
        port = random.randrange(20_000, 30_000)  # below the ports that connections take for themselves
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
        process = started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        provider = Provider(f"http://127.0.0.1:{port}")
        wait_for(lambda: _answers(provider) or started.poll() is not None)  # noqa: B023 - asked at once
    try:
        yield provider
    finally:
        process.terminate()
        process.wait(60)


def _answers(provider: Provider) -> bool:
    try:
        return requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).ok
    except requests.RequestException:
        return False
