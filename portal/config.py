"""Every setting, its default, and the refusal to start when one is missing or cannot be used."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
KEPT_SETTINGS = VAR / "demo.json"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EVERY_ADDRESS = {"0.0.0.0", "::", "[::]"}  # noqa: S104 - compared with, not bound to
SHORTEST_KEY = 32
PROVIDER_SETTINGS = ("issuer", "name", "client_id", "client_secret")
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class ConfigurationError(RuntimeError):
    """A needed setting is missing or cannot be used; the sentence says which and what to do."""


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings for this process.

    ``DATABASE_URL``: ``postgresql://…`` or ``sqlite:///…``; one file under ``var/`` by default.
    ``PUBLIC_URL``: the address that links, QR codes and mails carry; made from ``HOST`` and ``PORT`` by default.
    ``HOST``, ``PORT``: where the server listens; 127.0.0.1 and 8000 by default.
    ``SECRET_KEY``: signs links and cookies; at least 32 characters.
    ``TRUSTED_PROXIES``: how many proxies in front may say who is asking; none by default.
    ``LOG_REQUESTS``: anything but 0 logs a line for every request and conflict; only trouble is logged by default.
    ``LIVE``: whether this process hears what others change, for streams and kept maps; servers say so, commands do not.
    ``STREAMS_PER_ADDRESS``: how many pages of one address are told at once; 500 by default, for a whole venue.
    ``MAIL_URL``: who takes our mail, ``smtp://user:password@mail.example.org:587`` or ``smtps://…``; without it the
    log says what would have been sent.
    ``MAIL_FROM``: whom mail comes from; ``placecard@`` and the host of ``PUBLIC_URL`` by default.
    ``SIGN_UP``: 0 lets nobody found an organization by themselves; open by default.
    ``GOOGLE_CLIENT_ID``, ``GOOGLE_CLIENT_SECRET``: let people sign in with Google.
    ``OIDC_ISSUER``, ``OIDC_NAME``, ``OIDC_CLIENT_ID``, ``OIDC_CLIENT_SECRET``: the same with any OpenID provider.
    ``TEMPLATE_CACHE``: a folder of this user's alone where compiled templates are kept from start to start; none by
    default.
    ``PLACECARD_ENV``: ``production`` (the default), ``demo`` or ``test``; only
    production insists on a ``SECRET_KEY`` of its own.

    Raises:
        ConfigurationError: production without a usable ``SECRET_KEY``, or a value that cannot be read.
    """
    env = environment if environment is not None else _surroundings()
    url = public_url(env)
    secure = url.startswith("https://")
    return {
        "SECRET_KEY": _secret_key(env),
        "PUBLIC_URL": url,
        "TRUSTED_HOST_NAMES": [*LOCAL_HOSTS, bracketed(urlsplit(url).hostname or "localhost")],
        "TRUSTED_PROXIES": _whole_number(env, "TRUSTED_PROXIES", default=0, lowest=0, highest=10),
        "SQLALCHEMY_DATABASE_URI": database_url(env),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database_url(env)),
        "LOG_REQUESTS": env.get("LOG_REQUESTS", "") not in {"", "0"},
        "LIVE": env.get("LIVE", "") not in {"", "0"},
        "STREAMS_PER_ADDRESS": _whole_number(env, "STREAMS_PER_ADDRESS", default=500, lowest=1, highest=65_536),
        "TEMPLATE_CACHE": env.get("TEMPLATE_CACHE", ""),
        "SIGN_UP": env.get("SIGN_UP", "") != "0",
        "PROVIDERS": providers(env),
        "MAIL_URL": mail_url(env),
        "MAIL_FROM": mail_from(env, url),
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


def listens_on(env: Mapping[str, str]) -> tuple[str, int]:
    """Host and port of the server.

    Raises:
        ConfigurationError: ``PORT`` is no port.
    """
    return env.get("HOST") or "127.0.0.1", _whole_number(env, "PORT", default=8000, lowest=1, highest=65535)


def public_url(env: Mapping[str, str]) -> str:
    """The address that links carry; a server on every address is reached by that of the local network.

    Raises:
        ConfigurationError: ``PUBLIC_URL`` is no web address, or has more than scheme, host and port.
    """
    given = env.get("PUBLIC_URL", "").rstrip("/")
    if not given:
        host, port = listens_on(env)
        return f"http://{bracketed(_local_network_address() if host in EVERY_ADDRESS else host)}:{port}"
    parts = _split(given)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ConfigurationError(
            f"PUBLIC_URL “{given}” is not a web address. Write for example https://seats.example.org"
        )
    if parts.path or parts.query or parts.fragment:
        raise ConfigurationError(
            f"PUBLIC_URL “{given}” has something after the host. Write only its beginning: {parts.scheme}://{parts.netloc}"
        )
    return given


def database_url(env: Mapping[str, str]) -> str:
    """Where the data lives; ``postgres://`` of older hosting services is understood.

    Raises:
        ConfigurationError: neither a file of SQLite nor a PostgreSQL server.
    """
    url = env.get("DATABASE_URL") or f"sqlite:///{VAR / 'placecard.sqlite'}"
    if url.startswith("sqlite:"):
        return _sqlite_url(url)
    scheme, mark, rest = url.partition("://")
    if not mark or scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or _split(url) is None:
        raise ConfigurationError(
            "DATABASE_URL cannot be read. Write postgresql://user:password@host/name, or sqlite:////path/to/file"
        )
    return f"postgresql://{rest}"


def providers(env: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The OpenID providers with which people may sign in, by their name in addresses.

    Raises:
        ConfigurationError: one is set up by half, or without TLS on another machine.
    """
    google = {"issuer": "https://accounts.google.com", "name": "Google"}
    found = {}
    for key, prefix, known in (("google", "GOOGLE", google), ("openid", "OIDC", {})):
        given = {each: env.get(f"{prefix}_{each.upper()}", "") for each in PROVIDER_SETTINGS if each not in known}
        if not any(given.values()):
            continue
        if missing := [f"{prefix}_{each.upper()}" for each, value in given.items() if not value]:
            raise ConfigurationError(f"{' and '.join(missing)} is missing: nobody could sign in with it.")
        found[key] = {**known, **given}
        issuer = _split(found[key]["issuer"])
        if issuer is None or not (issuer.scheme == "https" or issuer.hostname in LOCAL_HOSTS):
            raise ConfigurationError(f"{prefix}_ISSUER “{given['issuer']}” cannot be trusted. It begins with https://")
    return found


def mail_url(env: Mapping[str, str]) -> str:
    """The server that takes our mail; empty where none is set.

    Raises:
        ConfigurationError: it cannot be read.
    """
    given = env.get("MAIL_URL", "")
    parts = _split(given)
    fits = parts is not None and parts.scheme in {"smtp", "smtps"} and parts.hostname and not parts.path.strip("/")
    if given and not fits:
        raise ConfigurationError("MAIL_URL cannot be read. Write smtp://user:password@mail.example.org:587")
    return given


def mail_from(env: Mapping[str, str], url: str) -> str:
    """Whom mail comes from.

    Raises:
        ConfigurationError: it is no e-mail address.
    """
    given = env.get("MAIL_FROM") or f"placecard@{urlsplit(url).hostname}"
    if not ADDRESS.fullmatch(given):
        raise ConfigurationError(f"MAIL_FROM “{given}” is no e-mail address. Write for example seats@example.org")
    return given


def engine_options(url: str) -> dict[str, Any]:
    """A pool sized for one gevent worker, whose line a crowd of hundreds may stand in; a lock is waited for 3 s."""
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    return {
        "pool_size": 12,
        "max_overflow": 0,
        "pool_timeout": 30,
        "connect_args": {"options": "-c lock_timeout=3s -c timezone=UTC"},
    }


def keep_for_commands(env: Mapping[str, str] = os.environ, path: Path = KEPT_SETTINGS) -> None:
    """Remember what the demo runs with, so that ``.venv/bin/flask …`` typed by hand finds the same event."""
    kept = {name: env[name] for name in ("PLACECARD_ENV", "DATABASE_URL", "SECRET_KEY") if env.get(name)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({**kept, "PUBLIC_URL": public_url(env)}, indent=1))


def with_kept(env: Mapping[str, str], path: Path = KEPT_SETTINGS) -> Mapping[str, str]:
    """``env``, and beneath it what the demo was last started with; an ``env`` that says what it is stands alone."""
    if env.get("PLACECARD_ENV") or not path.exists():
        return env
    kept: dict[str, str] = json.loads(path.read_text())
    if env.get("HOST") or env.get("PORT"):
        del kept["PUBLIC_URL"]
    return ChainMap({name: value for name, value in env.items() if value}, kept)


def _surroundings() -> Mapping[str, str]:
    """The process's own environment; only commands, never a server, look at what the demo left."""
    return with_kept(os.environ) if os.environ.get("FLASK_RUN_FROM_CLI") == "true" else os.environ


def _secret_key(env: Mapping[str, str]) -> str:
    key, kind = env.get("SECRET_KEY", ""), env.get("PLACECARD_ENV") or "production"
    if kind not in {"production", "demo", "test"}:
        raise ConfigurationError(f"PLACECARD_ENV “{kind}” is unknown. It is production, demo or test.")
    if kind == "production" and len(key) < SHORTEST_KEY:
        raise ConfigurationError(
            "SECRET_KEY is missing or shorter than 32 characters. It signs every invitation link, so choose it once "
            'and keep it: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return key or kept_secret(VAR / "secret-key")


def kept_secret(path: Path) -> str:
    """A key for demo and tests, made once so that links still work after a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _sqlite_url(url: str) -> str:
    """A file by its full path: a relative one would be looked for wherever the process happens to stand."""
    name = url.removeprefix("sqlite:///")
    if name in {"", url, ":memory:"}:
        raise ConfigurationError(
            "DATABASE_URL names no file. Write sqlite:////path/to/file: every process must see it."
        )
    file = ROOT / name
    if file.parent == VAR:
        VAR.mkdir(exist_ok=True)
    if not file.parent.is_dir():
        raise ConfigurationError(f"DATABASE_URL names a file in a folder that does not exist: {file.parent}")
    return f"sqlite:///{file}"


def _whole_number(env: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise ConfigurationError(f"{name} “{text}” cannot be used. It is a whole number from {lowest} to {highest}.")
    return int(text)


def _split(url: str) -> SplitResult | None:
    """The parts of an address, or None if it has none; a port beyond all ports counts as that."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if not any(c.isspace() for c in url) else None


def bracketed(host: str) -> str:
    """``host`` as it stands in an address: one with colons in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _local_network_address() -> str:
    """This machine's address as its neighbours see it: a UDP socket is told a far end, and nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        try:
            far.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(far.getsockname()[0])
