"""Verbs that move a mail through the outbox. None of them speaks to a mail server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.kit.database import action, requires_action
from portal.kit.schema import db
from portal.mail.models import Outgoing
from portal.mail.rules import LEASE, LONGEST_ERROR, LONGEST_SUBJECT, Letter, next_try


def post(letter: Letter, *, now: datetime) -> None:
    """Put a letter into the outbox, in the running action: it is sent if that succeeds, and only then.

    Raises:
        RuntimeError: no action is running.
    """
    requires_action()
    db.session.execute(
        insert(Outgoing).values(
            recipient=letter.recipient, subject=letter.subject[:LONGEST_SUBJECT], body=letter.body, due_at=now
        )
    )


@action
def take_due_mail(*, now: datetime) -> Any | None:
    """Take the oldest mail that is due, for as long as a lease lasts; None if there is none.

    One statement: of two who ask at once, one gets it, and the other looks on.
    """
    oldest = select(Outgoing.id).where(Outgoing.due_at <= now).order_by(Outgoing.due_at, Outgoing.id).limit(1)
    return db.session.execute(
        update(Outgoing)
        .where(Outgoing.id == oldest.scalar_subquery(), Outgoing.due_at <= now)
        .values(due_at=now + LEASE, attempts=Outgoing.attempts + 1)
        .returning(
            Outgoing.id, Outgoing.recipient, Outgoing.subject, Outgoing.body, Outgoing.attempts, Outgoing.created_at
        )
    ).one_or_none()


@action
def put_off(outgoing_id: int, *, attempts: int, error: str, now: datetime) -> None:
    """Try a mail again later, or give it up; what the other side said is kept."""
    db.session.execute(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.attempts == attempts)
        .values(due_at=next_try(attempts, now), error=error[:LONGEST_ERROR])
    )


@action
def forget_sent(outgoing_id: int) -> None:
    """A mail that was sent leaves the outbox."""
    db.session.execute(delete(Outgoing).where(Outgoing.id == outgoing_id))


@action
def post_alone(letter: Letter, *, now: datetime) -> None:
    """A letter that tells of no change."""
    post(letter, now=now)
