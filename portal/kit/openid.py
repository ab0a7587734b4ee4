"""Signing in with somebody else's account: OpenID Connect, with state, nonce and PKCE.

Sources: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636 (PKCE).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, current_app

from portal.kit.schema import db

PATIENCE = 10
"""Seconds that a provider may take for an answer."""

log = structlog.get_logger()


class NotSignedIn(Exception):
    """The provider did not say who it is, or it cannot be believed; why stands in the log."""


@dataclass(frozen=True)
class Identity:
    """Who somebody is to a provider: ``issuer`` and ``subject`` together are the key, never the address."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str


def names() -> Mapping[str, str]:
    """The providers that are set up, by their name in addresses: how people call them."""
    providers: dict[str, dict[str, str]] = current_app.config["PROVIDERS"]
    return {key: provider["name"] for key, provider in providers.items()}


def begin(key: str, back: str) -> Response:
    """Send the browser to a provider, which sends it ``back``.

    Raises:
        NotSignedIn: the provider cannot be reached.
    """
    db.session.remove()  # no connection is held while another server takes its time
    try:
        response: Response = _client(key).authorize_redirect(back)
    except Exception as error:
        raise _refused(key, error) from error
    return response


def finish(key: str) -> Identity:
    """Who came back from a provider, in the running request.

    Raises:
        NotSignedIn: another browser began this, it was used before, or a signature, nonce, audience or issuer is wrong.
    """
    db.session.remove()
    try:
        token = _client(key).authorize_access_token()
    except Exception as error:
        raise _refused(key, error) from error
    said = token.get("userinfo")
    if not said or not said.get("iss") or not said.get("sub"):
        raise NotSignedIn
    return Identity(
        issuer=str(said["iss"]),
        subject=str(said["sub"]),
        email=str(said.get("email") or ""),
        is_verified=said.get("email_verified") is True,
        name=str(said.get("name") or ""),
    )


def _refused(key: str, error: Exception) -> NotSignedIn:
    """The library and its parts raise errors of many families; all of them mean that nobody is signed in."""
    log.warning("nobody was signed in by a provider", provider=key, error=type(error).__name__, said=str(error)[:200])
    return NotSignedIn()


def _client(key: str) -> Any:
    """Made when it is first needed: a server without providers does not even load the library."""
    known: dict[str, Any] = current_app.extensions.setdefault("providers", {})
    if key not in known:
        from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]

        provider = current_app.config["PROVIDERS"][key]
        known[key] = OAuth(current_app).register(
            key,
            client_id=provider["client_id"],
            client_secret=provider["client_secret"],
            server_metadata_url=f"{provider['issuer'].rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )
    return known[key]
