"""A real mail server on this machine, and what it was given."""

from __future__ import annotations

import re
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask

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
    """Listens on whichever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """Have ``app`` send its mail to a server of this test's own."""
    box = Mailbox()
    controller = _Server(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
        yield box
    finally:
        app.config["MAIL_URL"] = ""
        controller.stop()
