"""Placecard: one invitation link, everyone answers, everyone takes a seat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from portal import (
    accounts,
    config,
    demo,
    events,
    exports,
    imports,
    integrity,
    invitations,
    mail,
    organizations,
    room,
    seating,
)
from portal.audit.queries import entries_since
from portal.kit import (
    access,
    addresses,
    assets,
    database,
    errors,
    language,
    limits,
    live,
    logs,
    presentation,
    renderings,
    security,
    sessions,
)
from portal.kit.conflicts import Phrasebook
from portal.kit.schema import db

FEATURES = (
    *(accounts, organizations, events, invitations, seating, room),
    *(imports, exports, mail, integrity, demo),
)
"""Whatever serves something, in the order in which it is registered."""


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application, from the environment unless ``settings`` say otherwise.

    Raises:
        ConfigurationError: a needed setting is missing.
    """
    app = Flask(__name__)
    app.jinja_environment = presentation.OneSetOfNames
    app.config.from_mapping(config.from_environment() if settings is None else settings)

    logs.init_app(app)
    db.init_app(app)
    database.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=False)
    CSRFProtect(app)
    limits.init_app(app)
    language.init_app(app)
    presentation.init_app(app)
    addresses.init_app(app)
    assets.init_app(app)
    renderings.init_app(app)
    security.init_app(app)
    sessions.init_app(app)
    errors.init_app(app)
    live.init_app(app, entries_since=entries_since(), aside={"drafts"})

    for feature in FEATURES:
        feature.init_app(app)
    access.init_app(app, guest_gate=invitations.guest_gate, event_gate=events.event_gate)

    app.extensions["phrasebook"] = Phrasebook(db.metadata)
    return app
