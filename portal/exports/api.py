"""Lists for a spreadsheet that follows an event by itself, and signs in nowhere."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.exports.queries.feeds import find_code, find_feed
from portal.exports.queries.people import contents
from portal.exports.rules.files import rows
from portal.kit.access import public
from portal.kit.limits import limiter
from portal.kit.spreadsheets import CSV, csv_file

blueprint = Blueprint("feed", __name__)


def whose_address() -> str:
    """For the limiter: the address that is asked for, whoever asks; spreadsheets of many people share a server's."""
    return f"feed {find_code(_signed())}"


def is_forged() -> bool:
    """Whether the address is none; it is refused without a look at the database."""
    return find_code(_signed()) is None


@blueprint.get("/feeds/<signed>.csv")
@limiter.limit("30/minute;300/hour", key_func=whose_address, exempt_when=is_forged)
@public
def show(signed: str) -> ResponseReturnValue:
    """The list as it is now; unchanged, it is not sent again. That somebody looked is not kept."""
    found = find_feed(find_code(signed))
    if found is None:
        abort(404)
    kind, is_revoked, event = found
    if is_revoked:
        abort(410, _("Its hosts have withdrawn it. Ask them for another one."))
    lines = csv_file(rows(kind, contents(event, kind)), mark=False)
    response = Response(lines, mimetype=CSV, headers={"Cache-Control": "private, no-cache"})
    response.add_etag()
    return response.make_conditional(request)


def _signed() -> str:
    return str((request.view_args or {})["signed"])
