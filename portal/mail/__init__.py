"""Mail: posted in the transaction of what it tells, sent after it, tried again until it is taken."""

from __future__ import annotations

import threading
import time
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, render_template
from flask_babel import gettext

from portal.kit import background, clock, smtp
from portal.kit.schema import db
from portal.kit.text import tidy
from portal.mail.actions import forget_sent, put_off, take_due_mail
from portal.mail.queries import next_due
from portal.mail.rules import Letter

LONGEST_NAP = 60.0
"""Seconds after which whoever waits looks again, for what other processes have put off."""

log = structlog.get_logger()
_postman = threading.Lock()
"""Held by the one of this process who waits for the next try."""


def init_app(app: Flask) -> None:
    """Register the commands; a server's workers begin with what the last ones left."""
    from portal.mail import cli

    app.cli.add_command(cli.group)

    def go_on() -> None:
        with app.app_context():
            begin_sending()

    app.extensions["postman"] = go_on


def is_set_up() -> bool:
    """Whether this server can send mail; where it cannot, its log says what it would have sent."""
    return bool(current_app.config["MAIL_URL"])


def letter(template: str, recipient: str, **words: Any) -> Letter:
    """A letter in the language of the running request; its template's first line is the subject.

    Args:
        template: a file of ``templates/mail``.
        recipient: an e-mail address.
        words: what the template needs.
    """
    said = render_template(template, _=gettext, **words)  # no page: nothing in it is escaped
    subject, _, body = said.partition("\n")
    return Letter(recipient, tidy(subject), body.strip() + "\n")


def begin_sending() -> None:
    """Send what is due beside this request; a server's process goes on while anything waits for another try."""
    background.begin(_send_and_try_again if current_app.config.get("LIVE") else _send_once, patience=0)


def send_due() -> int:
    """Try every mail that is due, once each; returns how many were taken."""
    taken = 0
    while (outgoing := take_due_mail(now=clock.now())) is not None:
        taken += _send(outgoing)
    return taken


def _send_once() -> None:
    send_due()


def _send_and_try_again() -> None:
    """Send at once; one of this process then waits for what is to be tried again."""
    send_due()
    while next_due() is not None and _postman.acquire(blocking=False):
        try:
            _wait_and_send()
        finally:
            _postman.release()


def _wait_and_send() -> None:
    while (due := next_due()) is not None:
        db.session.remove()
        time.sleep(min(max((due - clock.now()).total_seconds(), 0), LONGEST_NAP))
        send_due()


def _send(outgoing: Any) -> bool:
    """Hand one mail over, while no transaction is open."""
    db.session.remove()
    try:
        _deliver(outgoing)
    except (smtp.Undelivered, ValueError) as refusal:  # an address or a subject may be none that a mail can have
        put_off(outgoing.id, attempts=outgoing.attempts, error=str(refusal), now=clock.now())
        log.warning("mail was not taken", mail=outgoing.id, attempts=outgoing.attempts)
        return False
    forget_sent(outgoing.id)
    return True


def _deliver(outgoing: Any) -> None:
    if not is_set_up():
        log.warning(
            "mail is not set up (MAIL_URL); this would have been sent", subject=outgoing.subject, body=outgoing.body
        )
        return
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = outgoing.recipient
    message["Subject"] = outgoing.subject
    message["Date"] = format_datetime(outgoing.created_at)
    message["Message-ID"] = f"<outbox-{outgoing.id}-{int(outgoing.created_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
    message.set_content(outgoing.body)
    smtp.deliver(message, smtp.MailServer.from_url(current_app.config["MAIL_URL"]))
