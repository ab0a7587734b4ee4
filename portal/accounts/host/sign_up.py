"""Making an account: the address is confirmed before there is one, and nobody learns who has one already."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import mail
from portal.accounts import sign_in_here, tried_account
from portal.accounts.actions import write_to
from portal.accounts.forms import AddressForm, FounderForm
from portal.accounts.queries import find_account_of
from portal.accounts.rules import LINK_LASTS, MAILS_PER_ACCOUNT, MAILS_PER_ADDRESS
from portal.kit import clock, errors, language, tokens
from portal.kit.access import public
from portal.kit.conflicts import Conflict
from portal.kit.limits import limiter
from portal.kit.passwords import hash_password
from portal.kit.presentation import public_url
from portal.mail.rules import Letter
from portal.organizations.actions import sign_up

PURPOSE = "sign-up"

blueprint = Blueprint("sign_up", __name__)


@blueprint.before_request
def only_where_it_is_open() -> None:
    """A server may be closed to new organizations."""
    if not current_app.config["SIGN_UP"]:
        abort(404)


@blueprint.get("/sign-up")
@public
def begin() -> ResponseReturnValue:
    """Ask for an address."""
    return render_template("accounts/sign_up.html", form=AddressForm())


@blueprint.post("/sign-up")
@public
@limiter.limit(MAILS_PER_ADDRESS)
@limiter.limit(MAILS_PER_ACCOUNT, key_func=tried_account)
def send() -> ResponseReturnValue:
    """Send a link there; whoever has an account already is told so by the mail, and nobody by the page."""
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/sign_up.html", form=form), 422
    write_to(_letter(form.address(), now=clock.now()), now=clock.now())
    mail.begin_sending()
    return redirect(url_for("sign_up.sent"), code=303)


@blueprint.get("/sign-up/sent")
@public
def sent() -> ResponseReturnValue:
    """Where to look now."""
    return render_template("accounts/sent.html", is_set_up=mail.is_set_up(), again=url_for("sign_up.begin"))


@blueprint.get("/sign-up/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Ask who it is; opening the link changes nothing, and it can be opened again."""
    email = _confirmed(token)
    return _page(token, email, FounderForm()) if email else _run_out()


@blueprint.post("/sign-up/<token>")
@public
@limiter.limit(MAILS_PER_ADDRESS)
def create(token: str) -> ResponseReturnValue:
    """Make the account and its organization, and sign in."""
    email, form = _confirmed(token), FounderForm()
    if email is None:
        return _run_out()
    if not form.validate():
        return _page(token, email, form), 422
    password_hash = hash_password(form.password.data)
    user_id = sign_up(
        email=email,
        name=form.name.data,
        password_hash=password_hash,
        organization=form.organization.data,
        now=clock.now(),
    )
    sign_in_here(user_id)
    return redirect(url_for("events.index"), code=303)


def speak(conflict: Conflict | None) -> Response:
    """What was typed, with what was refused; whoever has an account by now is shown the way in."""
    token = (request.view_args or {}).get("token", "")
    if conflict is None:
        return make_response(redirect(url_for("accounts.sign_in"), code=303))
    sentence = conflict.sentence(language.current())
    return make_response(_page(token, _confirmed(token) or "", FounderForm(), sentence=sentence), 409)


errors.speaks(blueprint, speak)


def _letter(email: str, *, now: datetime) -> Letter:
    account = find_account_of(email)
    if account is not None:
        return mail.letter(
            "mail/sign_up_known.txt", account.email, name=account.name, link=public_url(url_for("accounts.sign_in"))
        )
    token = tokens.seal({"email": email}, PURPOSE, until=now + LINK_LASTS)
    return mail.letter("mail/sign_up.txt", email, link=public_url(url_for("sign_up.open_link", token=token)))


def _confirmed(token: str) -> str | None:
    """The address that was confirmed by opening this link."""
    document = tokens.unseal(token, PURPOSE, now=clock.now())
    return document["email"] if document else None


def _page(token: str, email: str, form: FounderForm, *, sentence: str = "") -> str:
    return render_template("accounts/new_account.html", token=token, email=email, form=form, sentence=sentence)


def _run_out() -> ResponseReturnValue:
    return render_template("accounts/run_out.html", again=url_for("sign_up.begin")), 410
