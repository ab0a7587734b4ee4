"""Nouns about mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from portal.kit.schema import db
from portal.mail.models import Outgoing


def next_due() -> datetime | None:
    """When the next mail is due; None if none waits."""
    return db.session.scalar(select(func.min(Outgoing.due_at)))


def mails_given_up() -> list[tuple[str, str, str]]:
    """Recipient, subject and the last error of each mail that was given up, oldest first."""
    rows = db.session.execute(
        select(Outgoing.recipient, Outgoing.subject, Outgoing.error)
        .where(Outgoing.due_at.is_(None))
        .order_by(Outgoing.id)
    )
    return [(row.recipient, row.subject, row.error) for row in rows]
