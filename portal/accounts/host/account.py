"""What belongs to whoever is signed in: name, address, password, the browsers they are signed in with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import mail
from portal.accounts import sign_out_here
from portal.accounts.actions import change_address, change_password, delete_user, rename_user, write_to
from portal.accounts.actions.sessions import end_one_session, end_sessions
from portal.accounts.forms import ChangeAddressForm, ChangePasswordForm, NameForm, ProvenForm
from portal.accounts.queries import Account, find_account, sessions_of
from portal.accounts.rules import LINK_LASTS, TRIES_PER_ACCOUNT
from portal.kit import clock, errors, language, tokens
from portal.kit.access import public, requires
from portal.kit.conflicts import Conflict
from portal.kit.limits import limiter, wrong_code
from portal.kit.passwords import hash_password, is_password
from portal.kit.presentation import public_url
from portal.mail.rules import Letter

ADDRESS_PURPOSE = "address"

blueprint = Blueprint("account", __name__)


def _user() -> str:
    return f"user:{current_user.id}" if current_user.is_authenticated else "nobody"


@blueprint.get("/host/account")
@requires("account.see")
def show() -> ResponseReturnValue:
    """Everything about oneself."""
    return _page()


@blueprint.post("/host/account/name")
@requires("account.edit")
def rename() -> ResponseReturnValue:
    """Be called otherwise."""
    form = NameForm()
    if not form.validate():
        return _page(name_form=form), 422
    rename_user(current_user.id, form.name.data, now=clock.now())
    return _done("name")


@blueprint.post("/host/account/password")
@requires("account.edit")
@limiter.limit(TRIES_PER_ACCOUNT, key_func=_user, deduct_when=wrong_code)
def set_password() -> ResponseReturnValue:
    """Take another password; every other browser is signed out."""
    form, account = ChangePasswordForm(), _account()
    if not _is_right(form, account):
        return _page(password_form=form), 422
    notice, password_hash = _notice("mail/password_changed.txt", account), hash_password(form.password.data)
    change_password(
        account.id, password_hash, was=account.fingerprint, notice=notice, now=clock.now(), keep=current_user.token
    )
    mail.begin_sending()
    return _done("password")


@blueprint.post("/host/account/address")
@requires("account.edit")
@limiter.limit(TRIES_PER_ACCOUNT, key_func=_user)
def ask_for_address() -> ResponseReturnValue:
    """Send a link to another address; it is used from when the link is followed."""
    form, account = ChangeAddressForm(), _account()
    if not _is_right(form, account):
        return _page(address_form=form), 422
    document = {"user": account.id, "was": account.fingerprint, "email": form.address()}
    token = tokens.seal(document, ADDRESS_PURPOSE, until=clock.now() + LINK_LASTS)
    link = public_url(url_for("account.open_link", token=token))
    write_to(mail.letter("mail/address.txt", form.address(), name=account.name, link=link), now=clock.now())
    mail.begin_sending()
    return _done("address")


@blueprint.get("/address/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Ask once more; opening the link changes nothing."""
    account, email = _asked(token)
    if account is None:
        return _run_out()
    return render_template("accounts/new_address.html", token=token, email=email, sentence="")


@blueprint.post("/address/<token>")
@public
def use_address(token: str) -> ResponseReturnValue:
    """Use the other address from now on; the old one is told."""
    account, email = _asked(token)
    if account is None:
        return _run_out()
    notice = _notice("mail/address_changed.txt", account)
    change_address(account.id, email, was=account.fingerprint, notice=notice, now=clock.now())
    mail.begin_sending()
    return redirect(url_for("account.show", done="moved"), code=303)


@blueprint.post("/host/account/sessions/<int(max=2147483647):session_id>/end")
@requires("account.edit")
def end_one(session_id: int) -> ResponseReturnValue:
    """Sign another browser out."""
    end_one_session(current_user.id, session_id)
    return _done("session")


@blueprint.post("/host/account/sessions/end")
@requires("account.edit")
def end_others() -> ResponseReturnValue:
    """Sign every other browser out."""
    end_sessions(current_user.id, but=current_user.token)
    return _done("sessions")


@blueprint.post("/host/account/delete")
@requires("account.edit")
@limiter.limit(TRIES_PER_ACCOUNT, key_func=_user, deduct_when=wrong_code)
def remove() -> ResponseReturnValue:
    """Delete the account, and with it sign out everywhere."""
    form, account = ProvenForm(), _account()
    if not _is_right(form, account):
        return _page(delete_form=form), 422
    delete_user(account.id, actor=current_user.actor, now=clock.now())
    sign_out_here()
    return redirect(url_for("accounts.sign_in"), code=303)


def speak(conflict: Conflict | None) -> Response:
    """The page with what was refused; a link that was used shows where to get another."""
    if conflict is None:
        return make_response(_done("name"))
    sentence = conflict.sentence(language.current())
    if not current_user.is_authenticated or "token" in (request.view_args or {}):
        return make_response(render_template("accounts/new_address.html", token="", email="", sentence=sentence), 409)
    return make_response(_page(sentence=sentence), 409)


errors.speaks(blueprint, speak)


def _account() -> Account:
    account: Account = find_account(current_user.id) or abort(404)
    return account


def _is_right(form: Any, account: Account) -> bool:
    """Whether a form makes sense and the present password is right; an account without one needs none."""
    fits = bool(form.validate())
    if account.password_hash and not is_password(account.password_hash, form.current.data or ""):
        form.current.errors = [*form.current.errors, gettext("That is not your present password.")]
        return False
    return fits


def _asked(token: str) -> tuple[Account | None, str]:
    """Whose link this is and the address it stands for, as long as the account is as it was."""
    document = tokens.unseal(token, ADDRESS_PURPOSE, now=clock.now())
    account = find_account(document["user"]) if document else None
    if account is None or document is None or account.fingerprint != document["was"]:
        return None, ""
    return account, document["email"]


def _notice(template: str, account: Account) -> Letter:
    return mail.letter(template, account.email, name=account.name)


def _done(what: str) -> Any:
    return redirect(url_for("account.show", done=what), code=303)


def _page(*, sentence: str = "", **forms: Any) -> str:
    account = _account()
    return render_template(
        "accounts/account.html",
        account=account,
        sessions=sessions_of(current_user, clock.now()),
        sentence=sentence,
        done=request.args.get("done", ""),
        is_mail_set_up=mail.is_set_up(),
        name_form=forms.get("name_form") or NameForm(formdata=None, name=account.name),
        password_form=forms.get("password_form") or ChangePasswordForm(formdata=None),
        address_form=forms.get("address_form") or ChangeAddressForm(formdata=None),
        delete_form=forms.get("delete_form") or ProvenForm(formdata=None),
    )


def _run_out() -> ResponseReturnValue:
    return render_template("accounts/run_out.html", again=url_for("account.show")), 410
