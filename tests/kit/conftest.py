"""The laboratory: the application with routes that misbehave on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import create_app
from portal.kit.schema import db
from tests.client import Browser
from tests.conftest import Database, settings_for
from tests.kit.lab import laboratory


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application for what asks no database."""
    return create_app(settings_for(f"sqlite:///{tmp_path_factory.mktemp('bare')}/never-made.sqlite"))


@pytest.fixture
def lab(database: Database) -> Iterator[Flask]:
    """The application over an empty database, with the routes of the laboratory."""
    app = laboratory(database.url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def phone(lab: Flask) -> Browser:
    """A browser without JavaScript in the laboratory."""
    return Browser(lab, htmx=False)
