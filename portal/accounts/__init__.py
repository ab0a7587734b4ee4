"""People who sign in."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, request
from flask_login import LoginManager, current_user

from portal.accounts import host
from portal.accounts.actions import touch_session
from portal.accounts.queries import find_signed_in
from portal.accounts.rules import SESSION_LASTS, SignedIn, is_long_unseen
from portal.kit import clock
from portal.kit.database import Busy


def init_app(app: Flask) -> None:
    """Register what this feature serves, and who is behind a cookie.

    The cookie lives as long as the row behind it and is sent only when it
    changes: an answer that comes late must not bring an old one back.
    """
    app.config["PERMANENT_SESSION_LIFETIME"] = SESSION_LASTS
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager()
    manager.session_protection = None  # the row of the session decides, not the address it came from
    manager.user_loader(_signed_in)
    manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user  # asked for only by a template that names it
    app.register_blueprint(host.blueprint)


def _signed_in(token: str) -> SignedIn | None:
    """Whoever is signed in with this token; their last use is noted, but reading never fails for it.

    Only while reading: a change carries an operation id, which belongs to the
    change itself.
    """
    now = clock.now()
    user = find_signed_in(token, now)
    if user is not None and request.method in {"GET", "HEAD"} and is_long_unseen(user.last_seen_at, now):
        with suppress(Busy):
            touch_session(token, now=now)
    return user
