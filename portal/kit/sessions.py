"""Flask's session in its signed cookie; whoever comes again with the same cookie has it verified only once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from portal.kit import clock


class SignedSessions(SecureCookieSessionInterface):
    """As the library keeps sessions, but for what it would make and verify anew for every request."""

    def __init__(self, app: Flask) -> None:
        serializer = super().get_signing_serializer(app)
        assert serializer is not None, "there is a secret key"
        self._serializer = serializer
        signer = cast(TimestampSigner, serializer.make_signer(serializer.salt))

        @lru_cache(maxsize=4096)
        def verified(cookie: str) -> tuple[bytes, datetime]:
            return signer.unsign(cookie, return_timestamp=True)

        self._verified = verified

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:  # noqa: ARG002
        """What signs the cookie: the same for as long as the application runs."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of a cookie that we have signed and that is not too old; else an empty one."""
        try:
            payload, signed_at = self._verified(request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            return self.session_class()
        age = clock.now() - signed_at
        if not timedelta(0) <= age <= app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(self._serializer.load_payload(payload))


def init_app(app: Flask) -> None:
    """Keep sessions so."""
    app.session_interface = SignedSessions(app)
