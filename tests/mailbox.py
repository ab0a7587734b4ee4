"""A real mail server on this machine, and what it was given."""

from __future__ import annotations

import re
import socket
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask

from tests.patience import PATIENCE

LINK = re.compile(r"https?://\S+")


class Mailbox:
    """Takes every mail, but for those to an address that it ``refuses``; says what it got."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        """Whether a mail to this address is taken."""
        if address in self.refuses:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def last(self, recipient: str) -> EmailMessage:
        """The last mail that somebody got."""
        return next(mail for mail in reversed(self.mails) if mail["To"] == recipient)

    def link(self, recipient: str) -> str:
        """The path of the link in it."""
        found = LINK.search(self.words(recipient))
        assert found, "a link"
        return "/" + found.group().split("/", 3)[3]

    def words(self, recipient: str) -> str:
        """What it says."""
        return str(self.last(recipient).get_content())


class _Server(Controller):
    """Listens on whichever port is free, and may take its time to begin."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection((self.hostname, self.port), PATIENCE) as greeted:
            greeted.recv(1024)


@cache
def _running() -> _Server:
    """One for all tests of this process, to its end: none of its connections is left open behind a test."""
    server = _Server(Mailbox(), hostname="127.0.0.1", port=0, ready_timeout=PATIENCE)
    server.start()
    return server


@contextmanager
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """Have ``app`` send its mail to a real server, whose box is empty."""
    server = _running()
    box: Mailbox = server.handler
    box.mails.clear()
    box.refuses.clear()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
    try:
        yield box
    finally:
        app.config["MAIL_URL"] = ""
