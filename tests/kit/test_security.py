"""Headers of every answer, forged hosts, and requests that are too large."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from flask import Flask, render_template_string

from portal import config
from tests.client import Browser
from tests.conftest import Database
from tests.kit.lab import laboratory

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
MEGABYTE = 2**20

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/i/forged-token", 404),
    ("GET", "/host", 303),
    ("POST", "/nowhere", 404),
    ("PUT", "/", 405),
    ("POST", "/lab/found", 400),
    ("GET", "/lab/status/413", 413),
    ("GET", "/lab/status/500", 500),
    ("GET", "/lab/status/503", 503),
    ("GET", "/static/icon.svg", 200),
    ("GET", "/static/nothing.css", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(lab: Flask, method: str, path: str, status: int) -> None:
    if path == "/static/icon.svg":
        with lab.test_request_context():
            path = render_template_string("{{ 'icon.svg'|asset }}")
    with lab.test_client().open(path, method=method) as answer:
        assert answer.status_code == status
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert policy == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers, "over http it would lock people out"
    if path.startswith("/static/icon"):
        assert "max-age" in answer.headers["Cache-Control"]
    else:
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_over_https_cookies_and_headers_insist_on_it(database: Database) -> None:
    environment = {"PUBLIC_URL": "https://party.example", "DATABASE_URL": database.url, "SECRET_KEY": "k" * 32}
    app = laboratory(database.url, **config.from_environment(environment))
    answer = app.test_client().get("/", base_url="https://party.example")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    attributes = {part.strip() for part in rest.split(";")[1:]}
    assert name == "__Host-placecard"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= attributes
    assert not any(part.startswith("Domain") for part in attributes)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"]
)
def test_our_own_hosts_are_served(lab: Flask, host: str) -> None:
    assert lab.test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evil.example#localhost",
        "localhost@evil.example",
        "127.0.0.1.evil.example:80",
        "localhost:80:evil.example",
        "[::1].evil.example",
        "localhost evil.example",
        "[::2]",
    ],
)
def test_a_forged_host_is_refused_before_anything_else(lab: Flask, host: str) -> None:
    answer = lab.test_client().get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_what_a_proxy_might_say_is_not_believed(lab: Flask) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    answer = lab.test_client().get("/host", headers=forged)
    assert answer.status_code == 303
    assert "evil" not in str(answer.headers) + answer.text


class Endless(io.RawIOBase):
    """A body that says how much of it was read, without being anywhere."""

    def __init__(self, size: int) -> None:
        self.left = self.size = size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size - self.left

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.left = 0 if whence == io.SEEK_END else self.size - offset
        return self.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = min(len(buffer), self.left)
        buffer[:count] = b"a" * count
        self.left -= count
        return count


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_hundred_megabytes_are_refused_unread(phone: Browser, kind: str) -> None:
    body = Endless(100 * MEGABYTE)
    answer = phone.client.post(
        "/lab/found", input_stream=body, content_length=body.size, content_type=kind, headers=phone.headers
    )
    assert answer.status_code in ({413} if kind != "text/plain" else {400, 413})
    assert body.tell() < MEGABYTE, "refused by its length, not after reading it"


def in_parts(fields: dict[str, str]) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    return "".join([*parts, "--x--\r\n"]).encode()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_ten_thousand_fields_are_refused(lab: Flask, phone: Browser, kind: str) -> None:
    fields = {"csrf_token": phone.csrf_token(), "slug": "wharf-road", **{f"f{number}": "" for number in range(10_000)}}
    body = in_parts(fields) if kind.startswith("multipart") else urlencode(fields).encode()
    assert len(body) < lab.config["MAX_CONTENT_LENGTH"]
    assert phone.client.post("/lab/found", data=body, content_type=kind).status_code == 413
    assert phone.post("/lab/found", slug="wharf-road").status_code == 200, "nothing had been made"


def test_a_form_that_does_not_say_how_long_it_is_is_read_as_far_as_any_other(phone: Browser) -> None:
    endless = Endless(100 * MEGABYTE)
    unsaid = {"wsgi.input": endless, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = phone.client.post("/lab/found", content_type="application/x-www-form-urlencoded", environ_overrides=unsaid)
    assert answer.status_code == 413
    assert endless.tell() < MEGABYTE


def test_a_single_field_cannot_be_larger_than_a_form(phone: Browser) -> None:
    answer = phone.post("/lab/found", slug="x" * 300 * 1024)
    assert answer.status_code == 413


def test_settings_of_production_refuse_a_short_key() -> None:
    for key in ({}, {"SECRET_KEY": "short"}):
        with pytest.raises(config.ConfigurationError, match="SECRET_KEY is missing or shorter than 32 characters"):
            config.from_environment(key)
