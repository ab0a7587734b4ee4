"""The laboratory: the application with routes that misbehave on purpose."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.client import Browser
from tests.conftest import Database
from tests.kit.lab import laboratory


@pytest.fixture
def lab(database: Database) -> Flask:
    """The application over an empty database, with the routes of the laboratory."""
    return laboratory(database.url)


@pytest.fixture
def phone(lab: Flask) -> Browser:
    """A browser without JavaScript in the laboratory."""
    return Browser(lab, htmx=False)
