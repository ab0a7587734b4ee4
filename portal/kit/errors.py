"""One handler speaks every refusal: as a fragment, as a page, as problem+json.

A feature that can offer a way on — the seat map with its nearest alternatives —
says with ``speaks()`` how a refusal looks on its pages.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, request
from flask.sansio.app import App
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound

from portal.kit import htmx, language
from portal.kit.conflicts import Conflict, UnknownConstraint
from portal.kit.database import Busy, is_out_of_reach
from portal.kit.operations import AlreadyDone
from portal.kit.schema import db

log = structlog.get_logger()

Speaker = Callable[[Conflict | None], Response]
"""Shows the feature's page as it is now, with the conflict on it (409) or without (already done)."""


def speaks(blueprint: Blueprint, speaker: Speaker) -> None:
    """Declare how refusals look on the pages of ``blueprint``."""
    blueprint.record(lambda state: _speakers(state.app).update({blueprint.name: speaker}))


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(UnknownConstraint, _unknown_constraint)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)


def show_error(status: int, title: str, sentence: str, *, code_form: bool = False) -> Response:
    """A whole page, or a fragment, or problem+json, that says what happened and what to do next."""
    if _wants_json():
        return _problem(status, title, sentence)
    words: dict[str, Any] = {"title": title, "sentence": sentence, "code_form": code_form}
    return htmx.refuse("_notice.html", "error.html", words, status=status)


def not_found() -> Response:
    """The answer to whatever is not there, or not theirs: the two look alike."""
    return _http(NotFound())


def _speakers(app: App) -> dict[str, Speaker]:
    found: dict[str, Speaker] = app.extensions.setdefault("speakers", {})
    return found


def _speaker() -> Speaker | None:
    return _speakers(current_app).get(request.blueprint or "")


def _conflict(conflict: Conflict) -> Response:
    log.info("conflict", rule=conflict.rule, endpoint=request.endpoint)
    sentence = conflict.sentence(language.current())
    if _wants_json():
        return _problem(409, sentence, sentence, constraint=conflict.rule)
    if (speaker := _speaker()) is not None:
        return _shown_by(speaker, conflict)
    return show_error(409, _("That did not go through"), sentence)


def _already_done(_error: AlreadyDone) -> Response:
    speaker = _speaker()
    if speaker is None:
        return show_error(200, _("Saved"), _("That was done already."))
    return _shown_by(speaker, None)


def _shown_by(speaker: Speaker, conflict: Conflict | None) -> Response:
    """What the feature shows; it may fail, as what it is about or the database may be gone by then.

    Flask asks no other handler when one fails, so it is asked for one here.
    """
    try:
        return speaker(conflict)
    except Conflict:
        raise
    except Exception as error:
        return make_response(current_app.handle_user_exception(error))


def _busy(error: Busy | SQLAlchemyError) -> Response:
    log.warning("busy", endpoint=request.endpoint)
    sentence = _("A lot is going on right now and nothing was changed. Please try again.")
    if _may_have_been_saved(error):
        sentence = _("We lost touch for a moment and cannot tell whether that was saved. Please send it again:"
                     " nothing is done twice.")  # fmt: skip
    response = show_error(503, _("One moment please"), sentence)
    response.headers["Retry-After"] = "2"
    return response


def _database(error: SQLAlchemyError) -> Response:
    """A database that is out of reach comes back; everything else it says is a bug of ours."""
    if is_out_of_reach(error):
        return _busy(error)
    raise error


def _may_have_been_saved(error: Exception) -> bool:
    """Whether the database went away under a change: it may have gone just before or just after it stood."""
    return request.method not in {"GET", "HEAD"} and isinstance(error, DBAPIError) and error.connection_invalidated


def _unknown_constraint(error: UnknownConstraint) -> Response:
    log.error("unknown constraint", constraint=str(error), endpoint=request.endpoint)
    db.session.rollback()
    return _server_error()


def _csrf(_error: CSRFError) -> Response:
    return show_error(
        400,
        _("This page has been open for a while"),
        _("Nothing was changed. Please go back, reload the page and send it again."),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if status == 404:
        return show_error(
            404,
            _("We can’t find that page"),
            _(
                "The link may be incomplete. Open it again from the message you received,"
                " or type the code on your card."
            ),
            code_form=True,
        )
    if status == 500:
        return _server_error()
    sentences = {
        400: (_("We could not read that"), _("Nothing was changed. Please go back and try again.")),
        401: (_("Please sign in first"), _("You are not signed in any more. Sign in and try again.")),
        405: (_("That is not how this page works"), _("Please go back and use the buttons on the page.")),
        408: (_("That took too long"), _("Nothing was changed. Please check your connection and send it again.")),
        410: (_("This link is not in use any more"), error.description or ""),
        413: (_("That is too large"), _("Nothing was changed. Please send less at once.")),
        422: (_("Something is missing"), error.description or _("Please check what you entered and try again.")),
        429: (_("Please wait a moment"), _("There were many tries in a short time. Wait a minute and try again.")),
    }
    title, sentence = sentences.get(status, (HTTPStatus(status).phrase, error.description or ""))
    response = show_error(status, title, sentence)
    if status in {405, 429, 503}:
        for name, value in error.get_response().headers:
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
    return response


def _server_error() -> Response:
    return show_error(
        500, _("Something went wrong on our side"), _("What you entered before is safe. Please try again in a minute.")
    )


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"])
    return best is not None and best != "text/html" and not htmx.wants_fragment()


def _problem(status: int, title: str, detail: str, **members: str) -> Response:
    """RFC 9457 problem details."""
    response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail, **members})
    response.status_code = status
    response.content_type = "application/problem+json"
    response.vary.add("Accept")
    return response
