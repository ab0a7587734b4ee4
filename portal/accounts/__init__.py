"""People who sign in."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from flask import Flask, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from portal.accounts.actions.sessions import begin_session, end_session, touch_session
from portal.accounts.queries import find_signed_in
from portal.accounts.rules import SESSION_LASTS, SignedIn, is_long_unseen
from portal.kit import clock
from portal.kit.database import Busy
from portal.kit.text import email_key


def init_app(app: Flask) -> None:
    """Register what this feature serves, and who is behind a cookie.

    The cookie lives as long as the row behind it and is sent only when it
    changes: an answer that comes late must not bring an old one back.
    """
    from portal.accounts import cli, host

    app.config["PERMANENT_SESSION_LIFETIME"] = SESSION_LASTS
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager()
    manager.session_protection = None  # the row of the session decides, not the address it came from
    manager.user_loader(_signed_in)
    manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user  # asked for only by a template that names it
    for blueprint in host.blueprints:
        app.register_blueprint(blueprint)
    app.cli.add_command(cli.group)


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


def sign_in_here(user_id: int) -> None:
    """Sign this browser in under a session of its own: whatever cookie it brought along is forgotten."""
    sign_out_here()
    now = clock.now()
    token = begin_session(user_id, device=request.user_agent.string, address=request.remote_addr or "", now=now)
    session.permanent = True
    login_user(find_signed_in(token, now))


def sign_out_here() -> None:
    """End the session of this browser, on the server too."""
    if current_user.is_authenticated:
        end_session(current_user.token)
    logout_user()
    session.clear()


def tried_account() -> str:
    """The account that is tried, for a limit: by its key, which is kept only as a hash."""
    return hashlib.sha256(email_key(request.form.get("email", "")).encode()).hexdigest()
