"""Signing in with an account that one has elsewhere."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import mail
from portal.accounts import sign_in_here
from portal.accounts.actions import link_provider
from portal.accounts.forms import BelongingForm
from portal.accounts.queries import find_account_by_identity, find_account_of
from portal.accounts.rules import GO_ON_WITHIN, TRIES_PER_ADDRESS
from portal.kit import clock, errors, language, openid, tokens
from portal.kit.access import public
from portal.kit.conflicts import Conflict
from portal.kit.limits import limiter
from portal.kit.presentation import public_url
from portal.organizations.actions import sign_up

SAID = "identity"

blueprint = Blueprint("providers", __name__)


@blueprint.get("/sign-in/with/<key>")
@public
def begin(key: str) -> ResponseReturnValue:
    """Send the browser to the provider; by a link, as the policy lets no form lead to another host."""
    _name_of(key)
    try:
        return openid.begin(key, public_url(url_for("providers.come_back", key=key)))
    except openid.NotSignedIn:
        return _refused(key)


@blueprint.get("/sign-in/with/<key>/back")
@public
def come_back(key: str) -> ResponseReturnValue:
    """Hear who it is; only the browser's own cookie keeps it, until they go on."""
    _name_of(key)
    try:
        identity = openid.finish(key)
    except openid.NotSignedIn:
        return _refused(key)
    if _is_stranger(identity):
        return _page(key, identity, is_refused=True), 422
    session[SAID] = tokens.seal(asdict(identity), SAID, until=clock.now() + GO_ON_WITHIN)
    return redirect(url_for("providers.confirm", key=key), code=303)


@blueprint.get("/sign-in/with/<key>/go-on")
@public
def confirm(key: str) -> ResponseReturnValue:
    """Say who is about to sign in; whoever is new is asked for whom they host."""
    identity = _said()
    return _page(key, identity) if identity else redirect(url_for("accounts.sign_in"), code=303)


@blueprint.post("/sign-in/with/<key>/go-on")
@public
@limiter.limit(TRIES_PER_ADDRESS)
def go_on(key: str) -> ResponseReturnValue:
    """Sign in; a confirmed address finds its account and is linked with it, a new one makes an account."""
    identity, form = _said(), BelongingForm()
    if identity is None or _is_stranger(identity):
        return redirect(url_for("accounts.sign_in"), code=303)
    account = find_account_by_identity(identity.issuer, identity.subject)
    if account is None and find_account_of(identity.email) is None and not form.validate():
        return _page(key, identity, form=form), 422
    sign_in_here(account.id if account else _link_or_make(key, identity, form))
    return redirect(url_for("events.index"), code=303)


def speak(conflict: Conflict | None) -> Response:
    """The way in, with what was refused."""
    if conflict is None:
        return make_response(redirect(url_for("accounts.sign_in"), code=303))
    return errors.show_error(409, _("That did not let you in"), conflict.sentence(language.current()))


errors.speaks(blueprint, speak)


def _name_of(key: str) -> str:
    """How people call the provider; one that is not set up is no page."""
    return openid.names().get(key) or abort(404)


def _is_stranger(identity: openid.Identity) -> bool:
    """Whether somebody has no account here, and none can be found or made for them."""
    if find_account_by_identity(identity.issuer, identity.subject):
        return False
    return not identity.is_verified or not (current_app.config["SIGN_UP"] or find_account_of(identity.email))


def _said() -> openid.Identity | None:
    """Who the provider said it is, for a few minutes: whoever sits here next is somebody else."""
    kept = tokens.unseal(session.get(SAID, ""), SAID, now=clock.now())
    return openid.Identity(**kept) if kept else None


def _link_or_make(key: str, identity: openid.Identity, form: BelongingForm) -> int:
    """The account of a confirmed address, which is linked from now on, or a new one."""
    now = clock.now()
    account = find_account_of(identity.email)
    if account is None:
        return sign_up(
            email=identity.email,
            name=form.name.data,
            password_hash=None,
            organization=form.organization.data,
            provider=(identity.issuer, identity.subject),
            now=now,
        )
    notice = mail.letter("mail/linked.txt", account.email, name=account.name, provider=_name_of(key))
    link_provider(account.id, identity.issuer, identity.subject, notice=notice, now=now)
    mail.begin_sending()
    return account.id


def _page(key: str, identity: openid.Identity, *, form: BelongingForm | None = None, is_refused: bool = False) -> str:
    account = find_account_by_identity(identity.issuer, identity.subject) or find_account_of(identity.email)
    return render_template(
        "accounts/provider.html",
        key=key,
        provider=_name_of(key),
        identity=identity,
        account=None if is_refused else account,
        form=form or BelongingForm(formdata=None, name=identity.name),
        is_refused=is_refused,
    )


def _refused(key: str) -> Response:
    sentence = _("%(provider)s did not tell us who you are. Please try again, or sign in with your password.",
                 provider=_name_of(key))  # fmt: skip
    return errors.show_error(422, _("That did not let you in"), sentence)
