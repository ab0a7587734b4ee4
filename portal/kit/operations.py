"""One effect for a form that was sent twice.

A form may carry an operation id. It is stored in the transaction of the first
success, under one unique key with what was asked; the same request again finds
the key taken, changes nothing and is shown the world as it is.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, NamedTuple

from flask import current_app, g, has_request_context, request
from sqlalchemy import Index, String, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from portal.kit.conflicts import says
from portal.kit.schema import Base, db
from portal.kit.statements import command
from portal.kit.text import tidy

FIELD = "operation_id"
STANDS = "operation_stands"


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


class Asked(NamedTuple):
    """What a request with an operation id asks for."""

    scope: str
    operation_id: str


def asked() -> Asked | None:
    """What the running request asks for, if it has an operation id; a file is read for it, so no transaction waits.

    The request's first action stands for all: those after it belong to what was asked.
    """
    if not has_request_context() or g.get(STANDS):
        return None
    operation_id = tidy(request.form.get(FIELD, ""))[:64]
    return Asked(_scope(), operation_id) if operation_id else None


def stands(asked: Asked | None) -> None:
    """Note that the running request has succeeded in what it was asked."""
    if asked is not None:
        setattr(g, STANDS, True)


def claim(asked: Asked | None) -> None:
    """Enter what is asked for, if it has an id, into the running action's transaction.

    Raises:
        AlreadyDone: it stands there already.
    """
    if asked is not None and not _enter(within=asked.scope, under=asked.operation_id):
        raise AlreadyDone  # counted rows are not told alike by the two engines


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
    """Invitation, route and what was asked: another seat under the same id is another wish.

    Keyed, as a password may be among what was asked: the row alone tells nobody which.
    """
    asked = sorted((key, value) for key, value in request.form.items(multi=True) if key != "csrf_token")
    asked += [(key, _digest(file)) for key, file in sorted(request.files.items())]
    told = repr((request.path, asked)).encode()
    key = current_app.config["SECRET_KEY"].encode()
    return f"{request.endpoint}:{hmac.digest(key, told, 'sha256').hex()[:32]}"


def _digest(file: FileStorage) -> str:
    """What a file holds, in one line: another file under the same id is another wish."""
    file.stream.seek(0)
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return digest
