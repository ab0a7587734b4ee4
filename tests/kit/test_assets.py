"""Static files carry the hash of their content in their address and are kept for a year."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask, render_template, render_template_string

from portal.kit import assets, renderings

HASHED = re.compile(r"^/static/css/base\.[0-9a-f]{10}\.css$")


def asset(app: Flask, name: str) -> str:
    with app.test_request_context():
        return render_template_string("{{ name|asset }}", name=name)


def test_an_address_names_its_content(bare: Flask) -> None:
    path = asset(bare, "css/base.css")
    assert HASHED.match(path)
    with bare.test_client().get(path) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_was_compressed_beforehand(bare: Flask, encoding: str, unpack: object) -> None:
    path = asset(bare, "css/base.css")
    client = bare.test_client()
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": encoding}) as packed:
        assert packed.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) < len(plain.data)
        assert unpack(packed.data) == plain.data  # type: ignore[operator]


def test_a_vendored_file_keeps_its_name_because_it_holds_the_version(bare: Flask) -> None:
    assert asset(bare, "vendor/htmx-4.0.1.min.js") == "/static/vendor/htmx-4.0.1.min.js"


def test_an_unknown_file_is_an_error_and_no_dead_link(bare: Flask) -> None:
    with pytest.raises(KeyError):
        asset(bare, "css/nothing.css")


def test_a_page_that_was_compiled_before_a_file_changed_has_its_new_address(tmp_path: Path) -> None:
    for folder in ("static", "templates", "cache"):
        (tmp_path / folder).mkdir()
    (tmp_path / "templates/page.html").write_text("{{ 'a.css'|asset }}")
    found = set()
    for words in ("one", "two"):
        (tmp_path / "static/a.css").write_text(words)
        app = Flask("other", root_path=str(tmp_path))
        app.config.update(TEMPLATE_CACHE=str(tmp_path / "cache"), PUBLIC_URL="https://cards.example")
        assets.init_app(app)
        renderings.init_app(app)
        with app.test_request_context():
            found.add(render_template("page.html"))
    assert len(found) == 2


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/css/"])
def test_nothing_outside_is_served(bare: Flask, path: str) -> None:
    assert bare.test_client().get(path, follow_redirects=True).status_code == 404
