"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts import sign_in_here, sign_out_here, tried_account
from portal.accounts.forms import SignInForm
from portal.accounts.queries import find_credentials
from portal.accounts.rules import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, safe_path
from portal.kit import openid
from portal.kit.access import public
from portal.kit.limits import limiter, wrong_code
from portal.kit.passwords import is_password

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


@blueprint.post("/sign-in")
@public
@limiter.limit(TRIES_PER_ADDRESS, deduct_when=wrong_code)
@limiter.limit(TRIES_PER_ACCOUNT, key_func=tried_account, deduct_when=wrong_code)
def enter() -> ResponseReturnValue:
    """Begin a session; an unknown address and a wrong password get the same answer in the same time."""
    form = SignInForm()
    account = find_credentials(form.email.data) if form.validate() else None
    right = is_password(account.password_hash if account else None, form.password.data or "")
    if account is None or not right:
        return _page(form, wrong=True), 422
    sign_in_here(account.id)
    return _onward(form)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session on the server, so that its cookie is worth nothing wherever it was copied to."""
    sign_out_here()
    return redirect(url_for("accounts.sign_in"), code=303)


def _onward(form: SignInForm) -> Response:
    path = safe_path(form.next.data or "", otherwise=url_for("events.index"))
    return redirect(path, code=303)  # type: ignore[return-value]  # Flask says werkzeug's, and makes its own


def _page(form: SignInForm, *, wrong: bool) -> str:
    form.next.data = safe_path(form.next.data or "", otherwise="")
    return render_template(
        "accounts/sign_in.html", form=form, wrong=wrong, providers=openid.names(), is_open=current_app.config["SIGN_UP"]
    )
