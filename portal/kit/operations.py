"""One effect for a form that was sent twice.

A form may carry an operation id. It is stored in the transaction of the first
success, under one unique key with what was asked; the same request again finds
the key taken, changes nothing and is shown the world as it is.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Index, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from portal.kit.conflicts import says
from portal.kit.schema import Base
from portal.kit.text import tidy

FIELD = "operation_id"


class Operation(Base):
    """A request that succeeded, so that its repetition does nothing."""

    __tablename__ = "operations"
    __table_args__ = (
        Index(
            "uq_operations_scope_operation_id",
            "scope",
            "operation_id",
            unique=True,
            info=says("That was done already.", "Eso ya está hecho."),
        ),
    )

    scope: Mapped[str] = mapped_column(String(120))
    operation_id: Mapped[str] = mapped_column(String(64))


class AlreadyDone(Exception):
    """This very request succeeded before; nothing was done again."""


def new_id() -> str:
    """An id for one submission of one form."""
    return secrets.token_urlsafe(9)


def claim(session: scoped_session[Any] | Session) -> None:
    """Enter the running request's operation id, if it has one, into this transaction.

    Raises:
        AlreadyDone: it stands there already.
    """
    if not has_request_context():
        return
    operation_id = tidy(request.form.get(FIELD, ""))[:64]
    if not operation_id:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Operation)
        .values(scope=_scope(), operation_id=operation_id)
        .on_conflict_do_nothing(index_elements=["scope", "operation_id"])
        .returning(Operation.id)
    )
    if session.execute(statement).first() is None:  # counted rows are not told alike by the two engines
        raise AlreadyDone


def _scope() -> str:
    """Invitation, route and what was asked: another seat under the same id is another wish."""
    asked = sorted((key, value) for key, value in request.form.items(multi=True) if key != "csrf_token")
    told = repr((request.path, asked)).encode()
    return f"{request.endpoint}:{hashlib.sha256(told).hexdigest()[:32]}"
