"""What households ask of each other, for whoever holds an invitation's link."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.invitations.queries import find_code, get_viewer
from portal.invitations.rules import Viewer
from portal.kit import clock, errors, htmx, undo
from portal.kit.access import guest_link
from portal.kit.conflicts import Conflict
from portal.kit.limits import limiter
from portal.seating import forms
from portal.seating.actions import requests as actions
from portal.seating.queries.requests import RequestNotFound, RequestsPage, find_household, requests_page

blueprint = Blueprint("requests", __name__, url_prefix="/i/<token>/requests")
blueprint.register_error_handler(RequestNotFound, lambda _error: errors.not_found())


def whose_link() -> str:
    """For the limiter: the invitation that asks, whatever address it asks from."""
    return f"asking {find_code(_token())}"


def is_forged() -> bool:
    """Whether the link is none; it is refused without a look at the database."""
    return find_code(_token()) is None


@blueprint.get("")
@guest_link
def show(viewer: Viewer) -> ResponseReturnValue:
    """Everything this household asked and was asked, and the form to ask."""
    return render_template("seating/requests.html", requests=requests_page(viewer, clock.now()))


@blueprint.post("")
@limiter.limit("6/minute;30/hour", key_func=whose_link, exempt_when=is_forged)
@guest_link
def ask(viewer: Viewer) -> ResponseReturnValue:
    """Ask for somebody by name; the answer is the same whoever is or is not invited."""
    now = clock.now()
    kind, wanted, wrong = forms.read_request()
    if wrong:
        return _refuse(requests_page(viewer, now, wrong=wrong, typed=wanted), 422)
    actions.ask(viewer, kind, wanted, find_household(viewer, wanted), now=now)
    return _shown(viewer)


@blueprint.post("/<int:request_id>/agree")
@guest_link
def agree(viewer: Viewer, request_id: int) -> ResponseReturnValue:
    """Say yes; both households move at once or not at all."""
    actions.agree(viewer, request_id, request.form.get("shown", ""), now=clock.now())
    undo.forget()
    return _shown(viewer)


@blueprint.post("/<int:request_id>/decline")
@guest_link
def decline(viewer: Viewer, request_id: int) -> ResponseReturnValue:
    """Say no."""
    actions.decline(viewer, request_id, now=clock.now())
    return _shown(viewer)


@blueprint.post("/<int:request_id>/withdraw")
@guest_link
def withdraw(viewer: Viewer, request_id: int) -> ResponseReturnValue:
    """Take back what this household asked."""
    actions.withdraw(viewer, request_id, now=clock.now())
    return _shown(viewer)


def speak(conflict: Conflict | None) -> Response:
    """The requests as they are now, with what was refused."""
    now = clock.now()
    viewer = get_viewer(_token(), now)
    return _shown(viewer) if conflict is None else _refuse(requests_page(viewer, now, conflict=conflict), 409)


errors.speaks(blueprint, speak)


def _token() -> str:
    return str((request.view_args or {})["token"])


def _shown(viewer: Viewer) -> Response:
    """Answer a change with the requests as they are now."""

    def fragment() -> str:
        now = clock.now()
        page = requests_page(get_viewer(viewer.token, now), now, is_answer=True)
        return render_template(_part(), requests=page)

    return htmx.reply(fragment, to=url_for("requests.show", token=viewer.token))


def _refuse(page: RequestsPage, status: int) -> Response:
    return htmx.refuse(_part(), "seating/requests.html", {"requests": page}, status=status)


def _part() -> str:
    """The fragment that answers: the form with its list, or the list alone, which other pages show too."""
    return "seating/_asking.html" if request.endpoint == "requests.ask" else "seating/_requests.html"
