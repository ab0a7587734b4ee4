"""The conversation with the mail server; the only file that holds one."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

PATIENCE = 20
"""Seconds that the other side may take for an answer."""


class Undelivered(Exception):
    """The other side did not take the mail, or could not be reached; the words are its own."""


@dataclass(frozen=True)
class MailServer:
    """Who takes our mail, read from ``MAIL_URL``.

    ``smtps://`` speaks TLS from the first byte, ``smtp://`` turns to it as soon as
    it is offered, and insists on it before a password is said, except to this machine.
    """

    host: str
    port: int
    user: str
    password: str
    tls_at_once: bool

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """The server of ``smtp://user:password@mail.example.org:587``; the settings have seen that it is one."""
        parts = urlsplit(url)
        at_once = parts.scheme == "smtps"
        port = parts.port or (465 if at_once else 587)
        return cls(parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""), at_once)


def deliver(message: EmailMessage, server: MailServer) -> None:
    """Hand one mail over.

    Raises:
        Undelivered: it was not taken.
    """
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(_words(error)) from error


def _connected(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.tls_at_once:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        _turn_to_tls(connection, server, trusted)
    except BaseException:
        connection.close()
        raise
    return connection


def _turn_to_tls(connection: smtplib.SMTP, server: MailServer, trusted: ssl.SSLContext) -> None:
    connection.ehlo()
    if connection.has_extn("starttls") and server.host not in LOOPBACK:
        connection.starttls(context=trusted)
    elif server.user and server.host not in LOOPBACK:
        raise smtplib.SMTPNotSupportedError("The mail server offers no TLS, and the password is not said without it.")


def _words(error: Exception) -> str:
    """What the other side said; libraries put it into several shapes."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
