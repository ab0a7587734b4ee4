"""A forgotten password: a link by mail, good for one hour and for one change."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import mail
from portal.accounts import sign_in_here, tried_account
from portal.accounts.actions import change_password, write_to
from portal.accounts.forms import AddressForm, NewPasswordForm
from portal.accounts.queries import Account, find_account, find_account_of
from portal.accounts.rules import MAILS_PER_ACCOUNT, MAILS_PER_ADDRESS, RESET_LASTS
from portal.kit import clock, errors, tokens
from portal.kit.access import public
from portal.kit.conflicts import Conflict
from portal.kit.limits import limiter
from portal.kit.passwords import hash_password
from portal.kit.presentation import public_url
from portal.mail.rules import Letter

PURPOSE = "forgotten"

blueprint = Blueprint("forgotten", __name__)


@blueprint.get("/forgotten")
@public
def begin() -> ResponseReturnValue:
    """Ask for the address."""
    return render_template("accounts/forgotten.html", form=AddressForm())


@blueprint.post("/forgotten")
@public
@limiter.limit(MAILS_PER_ADDRESS)
@limiter.limit(MAILS_PER_ACCOUNT, key_func=tried_account)
def send() -> ResponseReturnValue:
    """Send a mail, to known and unknown addresses alike: the page and its time tell nobody which one it is."""
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    write_to(_letter(form.address(), now=clock.now()), now=clock.now())
    mail.begin_sending()
    return redirect(url_for("forgotten.sent"), code=303)


@blueprint.get("/forgotten/sent")
@public
def sent() -> ResponseReturnValue:
    """Where to look now."""
    return render_template("accounts/sent.html", is_set_up=mail.is_set_up(), again=url_for("forgotten.begin"))


@blueprint.get("/forgotten/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Ask for another password; opening the link changes nothing."""
    return _page(token, NewPasswordForm()) if _account(token) else _run_out()


@blueprint.post("/forgotten/<token>")
@public
@limiter.limit(MAILS_PER_ADDRESS)
def change(token: str) -> ResponseReturnValue:
    """Change the password, end every session, and sign in here."""
    account, form = _account(token), NewPasswordForm()
    if account is None:
        return _run_out()
    if not form.validate():
        return _page(token, form), 422
    _change(account, form.password.data)
    sign_in_here(account.id)
    return redirect(url_for("events.index"), code=303)


def speak(conflict: Conflict | None) -> Response:
    """Whoever comes second with one link hears that it was used."""
    if conflict is None:
        return make_response(redirect(url_for("accounts.sign_in"), code=303))
    return make_response(render_template("accounts/run_out.html", again=url_for("forgotten.begin")), 409)


errors.speaks(blueprint, speak)


def _letter(email: str, *, now: datetime) -> Letter:
    account = find_account_of(email)
    if account is None:
        return mail.letter("mail/forgotten_unknown.txt", email, link=public_url(url_for("accounts.sign_in")))
    token = tokens.seal({"user": account.id, "was": account.fingerprint}, PURPOSE, until=now + RESET_LASTS)
    link = public_url(url_for("forgotten.open_link", token=token))
    return mail.letter("mail/forgotten.txt", account.email, name=account.name, link=link)


def _change(account: Account, password: str) -> None:
    notice = mail.letter("mail/password_changed.txt", account.email, name=account.name)
    password_hash = hash_password(password)
    change_password(account.id, password_hash, was=account.fingerprint, notice=notice, now=clock.now())
    mail.begin_sending()


def _account(token: str) -> Account | None:
    """Whose link this is, as long as the account is as it was when the link was sent."""
    document = tokens.unseal(token, PURPOSE, now=clock.now())
    account = find_account(document["user"]) if document else None
    return account if account and document and account.fingerprint == document["was"] else None


def _page(token: str, form: NewPasswordForm) -> str:
    return render_template("accounts/new_password.html", token=token, form=form)


def _run_out() -> ResponseReturnValue:
    return render_template("accounts/run_out.html", again=url_for("forgotten.begin")), 410
