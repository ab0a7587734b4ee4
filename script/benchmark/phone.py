"""A phone: one connection, its cookies, and just enough HTTP to leave the machine to the server."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple
from urllib.parse import urlencode

from gevent import socket

PATIENCE = 30.0
"""Seconds after which a request counts as lost."""

CSRF = re.compile(rb'name="csrf_token" value="([^"]+)"')
COOKIE = re.compile(rb"\r\n[Ss]et-[Cc]ookie: ([^=]+)=([^;\r]*)")
LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)")
LOCATION = re.compile(rb"\r\n[Ll]ocation: ([^\r]+)")


class Answer(NamedTuple):
    """What a phone gets."""

    status: int
    body: bytes
    location: str


class Phone:
    """Somebody's browser, with htmx on its pages."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.requests = 0
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Open a page, and remember the token of its forms."""
        answer = self.send(self.request("GET", path))
        if found := CSRF.search(answer.body):
            self.csrf = found[1].decode()
        return answer

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form as htmx does, under an operation id of its own."""
        form = {"csrf_token": self.csrf, "operation_id": secrets.token_urlsafe(9), **fields}
        return self.send(self.request("POST", path, urlencode(form, doseq=True)))

    def request(self, method: str, path: str, form: str | None = None) -> bytes:
        """A request as it goes over the wire."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/html"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if form is not None:
            lines += ["HX-Request: true", "Content-Type: application/x-www-form-urlencoded"]
            lines.append(f"Content-Length: {len(form)}")
        return "\r\n".join([*lines, "", form or ""]).encode()

    def send(self, request: bytes) -> Answer:
        """Ask, and read the whole answer.

        Raises:
            OSError: the server hung up or did not answer in time.
        """
        self.requests += 1
        wire = self._connected()
        wire.sendall(request)
        received = wire.recv(65536)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(wire)
        head, body = received[:end], received[end + 4 :]
        length = int(found[1]) if (found := LENGTH.search(head)) else 0
        if len(body) < length:
            parts, missing = [body], length - len(body)
            while missing > 0:
                parts.append(self._more(wire))
                missing -= len(parts[-1])
            body = b"".join(parts)
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        location = found[1].decode() if (found := LOCATION.search(head)) else ""
        return Answer(int(head[9:12]), body, location)

    def hang_up(self) -> None:
        """End the connection; the next request makes another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _more(self, wire: socket.socket) -> bytes:
        received: bytes = wire.recv(262144)
        if not received:
            raise ConnectionError("the server hung up")
        return received
