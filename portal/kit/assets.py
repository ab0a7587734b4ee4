"""Static files: compressed once at the start, the hash of their content in their address."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from portal.kit.security import protection

IMMUTABLE = re.compile(r"\.[0-9a-f]{10}\.\w+$|-\d+(\.\d+)*(\.min)?\.\w+$")
"""Names that carry a hash or, for vendored files, a version: they never change."""

COMPRESSED = {".css", ".js", ".svg", ".txt"}


def init_app(app: Flask) -> None:
    """Serve ``static/`` through WhiteNoise and give templates ``"css/guest.css"|asset``."""
    source = Path(app.static_folder or "")
    addresses = {str(file.relative_to(source)): _address(file, source) for file in _files(source)}
    built = _build(source, addresses)
    app.extensions["assets"] = built.name
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(built),
        prefix="static/",
        max_age=3600,
        immutable_file_test=lambda _path, url: bool(IMMUTABLE.search(url)),
        add_headers_function=lambda headers, _path, _url: _protect(app, headers),
    )

    def asset(name: str) -> str:
        """The address of a static file; an unknown name is a KeyError, not a dead link."""
        return f"/static/{addresses[name]}"

    app.jinja_env.filters["asset"] = asset


def _protect(app: Flask, headers: Headers) -> None:
    for name, value in protection(app).items():
        headers[name] = value


def _files(source: Path) -> list[Path]:
    return sorted(file for file in source.rglob("*") if file.is_file())


def _address(file: Path, source: Path) -> str:
    name = file.relative_to(source)
    if IMMUTABLE.search(str(name)):
        return str(name)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    return str(name.with_name(f"{file.stem}.{digest}{file.suffix}"))


def _build(source: Path, addresses: dict[str, str]) -> Path:
    """Copy and compress every file into a folder named for their content; done once per content."""
    digest = hashlib.sha256("".join(addresses.values()).encode()).hexdigest()[:12]
    target = Path(tempfile.gettempdir()) / f"placecard-static-{_owner()}-{digest}"
    if target.is_dir():
        return target
    work = Path(tempfile.mkdtemp(prefix="placecard-static-"))
    for name, address in addresses.items():
        copy = work / address
        copy.parent.mkdir(parents=True, exist_ok=True)
        content = (source / name).read_bytes()
        copy.write_bytes(content)
        if copy.suffix in COMPRESSED:
            Path(f"{copy}.br").write_bytes(brotli.compress(content))
            Path(f"{copy}.gz").write_bytes(gzip.compress(content, 9))
    try:
        work.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(work)
    return target


def _owner() -> str:
    """Part of the folder's name, so that two users of one machine do not share it."""
    return hashlib.sha256(str(Path.home()).encode()).hexdigest()[:6]
