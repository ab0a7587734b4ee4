"""Codes that go into addresses and onto printed cards, and their signatures."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadData, Signer, URLSafeSerializer

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a printed code reads one way."""

LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
CODE_LENGTH = 12
"""Sixty bits; eight characters would fall to a patient botnet behind any limit."""


def new_code() -> str:
    """A fresh code of twelve characters, without dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """``code`` as it is printed: ``XXXX-XXXX-XXXX``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in any case, with or without dashes; None if it cannot be one."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(LOOK_ALIKES)
    if len(code) != CODE_LENGTH or any(c not in ALPHABET for c in code):
        return None
    return code


def sign(code: str, purpose: str) -> str:
    """``code`` with a signature that is good for one ``purpose`` ("invitation", "pass")."""
    return _signed(current_app.config["SECRET_KEY"], purpose, code)


def verify(token: str, purpose: str) -> str | None:
    """The code in ``token``, or None for a forged, cut or foreign one.

    The last character of base 64 has bits nobody reads, so several spellings
    carry one signature; only the spelling we sign ourselves is taken.
    """
    code = token.rpartition(".")[0]
    try:
        return code if hmac.compare_digest(sign(code, purpose).encode(), token.encode()) else None
    except UnicodeError:
        return None


def serializer(purpose: str) -> URLSafeSerializer:
    """Signs small documents that travel through the browser."""
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"], salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
    )


def seal(document: dict[str, Any], purpose: str, *, until: datetime) -> str:
    """A small document as a token that is good for one ``purpose`` until a moment."""
    return str(serializer(purpose).dumps([int(until.timestamp()), document]))


def unseal(token: str, purpose: str, *, now: datetime) -> dict[str, Any] | None:
    """The document of a token that ``seal`` made; None for one that is forged, foreign or has run out."""
    try:
        until, document = serializer(purpose).loads(token)
    except BadData:
        return None
    known = serializer(purpose).dumps([until, document])
    whole = hmac.compare_digest(str(known).encode(), token.encode())
    return document if whole and now.timestamp() < until else None


@lru_cache(maxsize=4096)
def _signed(key: str, purpose: str, code: str) -> str:
    """A code is signed again whenever its link is opened, and always alike."""
    signer = Signer(key, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)
    return signer.sign(code).decode()
