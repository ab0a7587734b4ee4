"""What a request about seats may contain."""

from __future__ import annotations

from flask import abort, request
from flask_babel import gettext as _

from portal.invitations.rules import MemberView, Viewer
from portal.kit.text import tidy
from portal.seating.models import RequestKind
from portal.seating.rules.requests import MOST_LETTERS
from portal.seating.rules.views import Look


def read_look() -> Look:
    """The look of this request; what cannot be read is as if it were not there."""
    asked = request.args
    member = asked.get("for", "")
    return Look(
        table=tidy(asked.get("table", "")) or None,
        view="plan" if asked.get("view") == "plan" else "cards",
        member_id=int(member) if member.isascii() and member.isdigit() and len(member) < 10 else None,
        fits=bool(asked.get("fits")),
        step_free=bool(asked.get("step_free")),
        quiet=bool(asked.get("quiet")),
        every=bool(asked.get("all")),
    )


def read_seat_id() -> int:
    """The seat a form names; unknown, malformed and foreign ones are 404 alike, a missing one 422."""
    if "seat_id" not in request.form:
        abort(422)
    return _whole_number(request.form["seat_id"])


def find_seat_id() -> int | None:
    """The seat a form names, if it names one."""
    return read_seat_id() if "seat_id" in request.form else None


def read_seat_ids() -> list[int]:
    """The seats a form names for a whole household; none is fine."""
    return [_whole_number(value) for value in request.form.getlist("seat_ids")]


def read_held(viewer: Viewer) -> dict[MemberView, int]:
    """The seats a page showed as held, as ``member-seat`` pairs; what names nobody of the household is left out."""
    pairs = (pair.partition("-") for pair in request.form.getlist("held"))
    members = {str(member.id): member for member in viewer.members}
    return {members[member_id]: _whole_number(seat_id) for member_id, _, seat_id in pairs if member_id in members}


def read_request() -> tuple[RequestKind, str, str]:
    """What is asked, the name that was typed, and what is wrong with the name; an unknown kind is 422."""
    kind = request.form.get("kind", "")
    if kind not in set(RequestKind):
        abort(422)
    wanted = tidy(request.form.get("name", ""))
    wrong = ""
    if not wanted:
        wrong = _("Please type the name of a family, or of somebody in it.")
    elif len(wanted) > MOST_LETTERS:
        wrong = _("That name is too long. Please shorten it to 200 letters.")
    return RequestKind(kind), wanted, wrong


def _whole_number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        abort(404)
    return int(value)
