"""What a request about the room may contain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext as _

from portal.kit import language
from portal.kit.text import tidy
from portal.room.rules.drawing import Look
from portal.room.rules.editing import DIRECTIONS, FAR_NUDGE, NUDGE
from portal.room.rules.file import LARGEST
from portal.room.rules.laying import NotARoom, lay, read_parts
from portal.room.rules.layout import (
    LONGEST_LABEL,
    LONGEST_MARK,
    DraftSeat,
    DraftTable,
    Landmark,
    Layout,
)
from portal.room.rules.publishing import Shown, Spot
from portal.room.rules.ready import ReadyRoom, find_ready
from portal.seating.models import Category

BEYOND_KEYS = 2**31
"""No row has a number as large as this."""

_AFFECTED = re.compile(r"([0-9]{1,10})\.(-?[0-9]{1,10})(?:\.(-?[0-9]{1,10})\.([0-9]{1,4}))?")
"""Somebody on the list of a publish page, as ``Affected.code`` says them."""

FARTHEST = 100_000
"""No pointer comes from farther away than this."""


def read_look() -> Look:
    """What the address asks for; what is no number is as if it were not there."""
    numbers = {name: _argument(name) for name in ("zone", "x", "y")}
    moving = bool(request.args.get("moving"))
    return Look(_argument("table"), _argument("landmark"), moving=moving, **numbers)


def _argument(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) < BEYOND_KEYS else None


def read_version() -> int:
    """The version of the draft that the form was filled from; a form without one is none of ours."""
    version = request.form.get("version", type=int)
    return version if version is not None else abort(422)


def is_sure() -> bool:
    """Whether the host has read whom it concerns."""
    return request.form.get("anyway") == "1"


def read_moved() -> tuple[str, int]:
    """Whether a table or a landmark is moved, and which; a form that names neither is none of ours."""
    for kind in ("table", "landmark"):
        number = request.form.get(kind, type=int)
        if number is not None:
            return kind, number
    return abort(422)


def read_point(x: int, y: int) -> tuple[int, int]:
    """Where something at ``x`` and ``y`` is to stand: the point that is given, or a step that way."""
    direction = DIRECTIONS.get(request.form.get("go", ""))
    if direction is not None:
        far = FAR_NUDGE if request.form.get("far") else NUDGE
        return x + direction[0] * far, y + direction[1] * far
    point = [request.form.get(name, type=int) for name in ("x", "y")]
    left, top = (min(max(value, -FARTHEST), FARTHEST) if value is not None else abort(422) for value in point)
    return left, top


def read_seats(table: DraftTable) -> tuple[tuple[DraftSeat, ...], str]:
    """The chairs as they were typed, in their order, and what is wrong with them if something is."""
    found = []
    for place, seat in enumerate(table.seats):
        label = tidy(request.form.get(f"label-{place}", seat.label))
        category = request.form.get(f"category-{place}", seat.category)
        category = category if category in set(Category) else seat.category
        found.append(DraftSeat(label, seat.id, category, f"step-{place}" in request.form))
    labels = [seat.label for seat in found]
    wrong = ""
    if not all(labels) or any(len(label) > LONGEST_LABEL for label in labels):
        wrong = _("Every seat needs a number or a name of up to 20 letters.")
    elif len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        wrong = _("Two seats are called “%(label)s”. Give one of them another number.", label=twice)
    return tuple(found), wrong


def read_label() -> str:
    """What a new landmark is called; a form without a word is none of ours."""
    return tidy(request.form.get("label", ""))[:LONGEST_MARK] or abort(422)


@dataclass(frozen=True)
class Order:
    """What is to be laid: words, or a ready room; with what came of it.

    Attributes:
        words: as they were typed, or chosen by fields.
        ready: the room that was picked, if one was.
        layout: the room with it, if it can be laid.
        wrong: why it cannot be laid, in a sentence.
    """

    words: str = ""
    ready: ReadyRoom | None = None
    layout: Layout | None = None
    wrong: str = ""


def read_order(layout: Layout, names: dict[str, str]) -> Order:
    """What the request asks to be laid in this room, by words, by fields or by a picture; nothing is fine.

    Args:
        layout: the room as it is.
        names: what the landmarks of ready rooms are called in the language of whoever asks.
    """
    asked = request.values
    ready = find_ready(asked.get("ready", ""))
    words = ready.words if ready else tidy(asked.get("words", ""))[:400] or _chosen()
    if not words:
        return Order()
    marks = [Landmark(0, names[m.label], m.x, m.y, m.width, m.height) for m in ready.marks] if ready else []
    try:
        return Order(words, ready, lay(layout, read_parts(words), marks if not layout.landmarks else ()))
    except NotARoom as refused:
        return Order(words, ready, wrong=refused.why.sentence(language.current()))


def _chosen() -> str:
    """The words that the fields say: how many, of what, for how many."""
    count, shape, size = (request.values.get(name, "").strip() for name in ("count", "shape", "size"))
    return f"{count} {shape} {size}"[:60] if count or size else ""


def read_room_file() -> bytes:
    """What was sent as a file, or pasted."""
    sent = request.files.get("file")
    return sent.stream.read(LARGEST + 1) if sent else request.form.get("words", "").encode()


def read_other_event() -> int:
    """The event whose room is wanted; what is no number is no event."""
    number = request.form.get("from", type=int)
    return number if number is not None and 0 < number < BEYOND_KEYS else abort(404)


def read_left() -> set[int]:
    """The places of those whom the host leaves without a seat."""
    return set(request.form.getlist("leave", type=int))


def read_choices() -> dict[Shown, Spot | None]:
    """For everybody the page showed as affected the chair that was proposed, or none; all in one field."""
    left = read_left()
    choices: dict[Shown, Spot | None] = {}
    for one in request.form.get("people", "").split():
        if (found := _AFFECTED.fullmatch(one)) is None:
            abort(422)
        place, seat, table, position = (int(number) if number else None for number in found.groups())
        if place is None or seat is None or max(place, abs(seat)) >= BEYOND_KEYS:
            abort(422)
        spot = Spot(table, position) if table is not None and position is not None else None
        choices[place, seat] = spot if place not in left else None
    return choices
