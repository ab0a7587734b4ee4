"""Headers of every answer, trusted hosts, and how large a form may be."""

from __future__ import annotations

from typing import IO, Any, cast

import gevent
from flask import Flask, Request, Response, abort, request
from gevent.monkey import is_module_patched
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import LimitedStream

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


PROTECTION = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNSEEN = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}
FOR_A_YEAR = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_app(app: Flask) -> None:
    """Send the security headers with every answer, errors included, and bound what is read."""
    app.request_class = BoundedRequest
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    @app.before_request
    def refuse_foreign_host() -> None:
        if not _is_trusted(request.host, app.config["TRUSTED_HOST_NAMES"]):
            abort(400)

    always = [*protection(app).items(), *UNSEEN.items()]

    @app.after_request
    def protect(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend((name, value) for name, value in always if name.lower() not in given)
        return response


def protection(app: Flask) -> dict[str, str]:
    """The headers of every answer, static files included; over https, that it stays so."""
    return PROTECTION | (FOR_A_YEAR if str(app.config["PUBLIC_URL"]).startswith("https://") else {})


SLOWEST_FORM = 30.0
"""Seconds in which a form arrives over the worst network that is of use."""


class BoundedFormParser(FormDataParser):
    """The library bounds forms of several parts; this one bounds the plain ones alike."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """The stream, the fields and the files.

        Raises:
            RequestEntityTooLarge: more bytes or more fields than a form of ours has.
            RequestTimeout: it did not arrive in time; the server bounds only how long a request may begin.
        """
        with gevent.Timeout(SLOWEST_FORM if is_module_patched("socket") else None, RequestTimeout()):
            return self._parse(stream, mimetype, content_length, options)

    def _parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None
    ) -> Any:
        if mimetype != "application/x-www-form-urlencoded" or self.max_form_memory_size is None:
            return super().parse(stream, mimetype, content_length, options)
        bounded = LimitedStream(stream, self.max_form_memory_size + 1, is_max=True)
        parsed = super().parse(cast(IO[bytes], bounded), mimetype, content_length, options)
        fields = sum(1 for _ in parsed[1].items(multi=True))
        if bounded.tell() > self.max_form_memory_size or fields > (self.max_form_parts or fields):
            raise RequestEntityTooLarge
        return parsed


class BoundedRequest(Request):
    """A request whose form cannot be larger than the settings say, however it is sent."""

    form_data_parser_class = BoundedFormParser


def _is_trusted(host: str, names: list[str]) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower() in names
