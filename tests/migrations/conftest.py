"""A database of its own for each test, which no migration has touched yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from portal.kit.schema import db
from tests.conftest import ENGINES, settings_for
from tests.migrations.scratch import Scratch, drop_database, new_database


@pytest.fixture(params=ENGINES)
def scratch(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Scratch]:
    """A fresh, empty database on each engine in turn."""
    url = new_database(request.param, tmp_path, f"scratch_{worker_id}")
    app: Flask = create_app(settings_for(url))
    with app.app_context():
        yield Scratch(app)
        db.session.remove()
        db.engine.dispose()
    drop_database(url)
