"""Signing in and out."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from portal.accounts.actions import begin_session, end_session
from portal.accounts.forms import SignInForm
from portal.accounts.queries import find_credentials, find_signed_in
from portal.accounts.rules import safe_path
from portal.kit import clock
from portal.kit.access import public
from portal.kit.limits import limiter, wrong_code
from portal.kit.passwords import is_password
from portal.kit.text import email_key

TRIES_PER_ADDRESS = "30/10 minutes"
TRIES_PER_ACCOUNT = "10/10 minutes"

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in already goes straight on."""
    form = SignInForm(request.args)
    if current_user.is_authenticated:
        return _onward(form)
    form.email.data = ""
    return _page(form, wrong=False)


def _account() -> str:
    """The account that is tried, for the limit: by its key, which is kept only as a hash."""
    return hashlib.sha256(email_key(request.form.get("email", "")).encode()).hexdigest()


@blueprint.post("/sign-in")
@public
@limiter.limit(TRIES_PER_ADDRESS, deduct_when=wrong_code)
@limiter.limit(TRIES_PER_ACCOUNT, key_func=_account, deduct_when=wrong_code)
def enter() -> ResponseReturnValue:
    """Begin a session; an unknown address and a wrong password get the same answer in the same time."""
    form = SignInForm()
    account = find_credentials(form.email.data) if form.validate() else None
    right = is_password(account.password_hash if account else None, form.password.data or "")
    if account is None or not right:
        return _page(form, wrong=True), 422
    _begin(account.id)
    return _onward(form)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session on the server, so that its cookie is worth nothing wherever it was copied to."""
    _end()
    return redirect(url_for("accounts.sign_in"), code=303)


def _begin(user_id: int) -> None:
    """Sign this browser in under a session of its own: whatever cookie it brought along is forgotten."""
    _end()
    now = clock.now()
    token = begin_session(user_id, device=request.user_agent.string, address=request.remote_addr or "", now=now)
    session.permanent = True
    login_user(find_signed_in(token, now))


def _end() -> None:
    if current_user.is_authenticated:
        end_session(current_user.token)
    logout_user()
    session.clear()


def _onward(form: SignInForm) -> Response:
    path = safe_path(form.next.data or "", otherwise=url_for("events.index"))
    return redirect(path, code=303)  # type: ignore[return-value]  # Flask says werkzeug's, and makes its own


def _page(form: SignInForm, *, wrong: bool) -> str:
    form.next.data = safe_path(form.next.data or "", otherwise="")
    return render_template("accounts/sign_in.html", form=form, wrong=wrong)
