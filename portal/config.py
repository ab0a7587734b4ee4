"""Every setting, its default, and the refusal to start when one is missing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


class ConfigurationError(RuntimeError):
    """A needed setting is missing or cannot be used; the sentence says which and what to do."""


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The settings for this process.

    ``DATABASE_URL``: ``postgresql://…`` or ``sqlite:///…``; one file under ``var/`` by default.
    ``PUBLIC_URL``: the address that links, QR codes and mails carry.
    ``SECRET_KEY``: signs links and cookies; at least 32 characters.
    ``PLACECARD_ENV``: ``production`` (the default), ``demo`` or ``test``; only
    production insists on a ``SECRET_KEY`` of its own.

    Raises:
        ConfigurationError: production without a usable ``SECRET_KEY``.
    """
    public_url = environment.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    secure = public_url.startswith("https://")
    return {
        "SECRET_KEY": _secret_key(environment),
        "PUBLIC_URL": public_url,
        "TRUSTED_HOST_NAMES": [*LOCAL_HOSTS, urlsplit(public_url).hostname or "localhost"],
        "SQLALCHEMY_DATABASE_URI": database_url(environment),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database_url(environment)),
        "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-placecard" if secure else "placecard",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": secure,
    }


def database_url(environment: Mapping[str, str]) -> str:
    """Where the data lives; ``postgres://`` of older hosting services is understood."""
    url = environment.get("DATABASE_URL") or f"sqlite:///{ROOT / 'var' / 'placecard.sqlite'}"
    return url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url


def engine_options(url: str) -> dict[str, Any]:
    """A pool sized for one gevent worker; a lock is waited for three seconds."""
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    return {
        "pool_size": 12,
        "max_overflow": 0,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c lock_timeout=3s -c timezone=UTC"},
    }


def _secret_key(environment: Mapping[str, str]) -> str:
    key = environment.get("SECRET_KEY", "")
    if len(key) >= 32:
        return key
    if environment.get("PLACECARD_ENV", "production") == "production":
        raise ConfigurationError(
            "SECRET_KEY is missing or shorter than 32 characters. It signs every invitation link, so choose it once "
            'and keep it: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return key or _kept_secret(ROOT / "var" / "secret-key")


def _kept_secret(path: Path) -> str:
    """A key for demo and tests, made once so that links still work after a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            file.write(secrets.token_urlsafe(48))
        path.chmod(0o600)
    except FileExistsError:
        pass
    return path.read_text()
