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
from sqlalchemy import Index, String, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from portal.kit.conflicts import says
from portal.kit.schema import Base, db
from portal.kit.statements import command
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


def claim() -> None:
    """Enter the running request's operation id, if it has one, into the running action's transaction.

    Raises:
        AlreadyDone: it stands there already.
    """
    if not has_request_context():
        return
    operation_id = tidy(request.form.get(FIELD, ""))[:64]
    if not operation_id:
        return
    if not _enter(within=_scope(), under=operation_id):  # counted rows are not told alike by the two engines
        raise AlreadyDone


@command
def _enter() -> Any:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return (
        insert(Operation)
        .values(scope=bindparam("within"), operation_id=bindparam("under"))
        .on_conflict_do_nothing(index_elements=["scope", "operation_id"])
        .returning(Operation.id)
    )


def _scope() -> str:
    """Invitation, route and what was asked: another seat under the same id is another wish."""
    asked = sorted((key, value) for key, value in request.form.items(multi=True) if key != "csrf_token")
    asked += [(key, _digest(file)) for key, file in sorted(request.files.items())]
    told = repr((request.path, asked)).encode()
    return f"{request.endpoint}:{hashlib.sha256(told).hexdigest()[:32]}"


def _digest(file: FileStorage) -> str:
    """What a file holds, in one line: another file under the same id is another wish."""
    file.stream.seek(0)
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return digest
