"""What a request about seats may contain."""

from __future__ import annotations

from flask import abort, request
from flask_babel import gettext as _

from portal.invitations.rules import MemberView, Viewer
from portal.kit.text import tidy
from portal.seating.models import RequestKind
from portal.seating.rules.people import Pick, Wish
from portal.seating.rules.plan import MOST_PICKED, Looking
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


def read_back() -> str:
    """The page on which a household was told something: its seats, or its invitation."""
    return "seats" if request.form.get("back") == "seats" else "invitation"


def read_looking() -> Looking:
    """What a host looks at; what cannot be read is as if it were not there."""
    asked = request.args
    picks = tuple(pick for pick in map(_find_pick, asked.getlist("place")) if pick)
    return Looking(
        table_id=_find_number(asked.get("table", "")),
        zone=_find_number(asked.get("zone", "")),
        words=tidy(asked.get("q", ""))[:MOST_LETTERS],
        after=_find_number(asked.get("after", ""), digits=13) or 0,
        picks=picks[:MOST_PICKED],
    )


def read_page() -> int:
    """The page of a list that is looked at, from 1."""
    return _find_number(request.args.get("page", "")) or 1


def read_step() -> int | None:
    """The step that a page offers to take back, if it says which."""
    return _find_number(request.form.get("step", ""))


def read_picks() -> list[Pick]:
    """Whom a host's form names: each a place, and the seat it had on the page; what is neither is 404."""
    return [_find_pick(value) or abort(404) for value in request.form.getlist("place")]


def read_households() -> list[int]:
    """The households of whom a host's form names everybody without a seat."""
    return [_find_number(value, digits=13) or abort(404) for value in request.form.getlist("household")]


def read_goal() -> tuple[int | None, int | None]:
    """The seat or the table that a host's form names; neither is 422."""
    if "seat" in request.form:
        return _whole_number(request.form["seat"]), None
    if "table" not in request.form:
        abort(422)
    return None, _whole_number(request.form["table"])


def read_moves() -> list[Wish]:
    """Who goes where, as ``place.shown>seat``, any number of them in one field; seat 0 is none; what is neither is 404.

    None at all is 422.
    """
    moves = [move for field in request.form.getlist("moves") for move in field.split()]
    if not moves:
        abort(422)
    pairs = (move.partition(">") for move in moves)
    return [Wish(_find_pick(place) or abort(404), _whole_number(seat) or None) for place, _, seat in pairs]


def _find_pick(value: str) -> Pick | None:
    place, dot, shown = value.partition(".")
    place_id, seat_id = _find_number(place), _find_number(shown)
    if place_id is None or (dot and seat_id is None):
        return None
    return Pick(place_id, seat_id)


def _find_number(value: str, *, digits: int = 9) -> int | None:
    """A number of at most so many digits, which is none that a database could not hold."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= digits else None


def _whole_number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        abort(404)
    return int(value)
