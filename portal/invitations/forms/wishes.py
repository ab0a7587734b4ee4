"""What a host's request for the list of guests may contain."""

from __future__ import annotations

from flask import request

from portal.invitations.queries.households import PAGE, Show, Wish
from portal.kit.text import tidy

LARGEST_ID = 2**31 - 1


def read_wish() -> Wish:
    """What the address asks for; a filter nobody offers shows everything, a number that is none counts as absent."""
    shown = request.args.get("show", "")
    return Wish(
        show=Show(shown) if shown in set(Show) else Show.ALL,
        words=tidy(request.args.get("q", ""))[:100],
        table_id=_read_id("table"),
        after=_read_id("after") or 0,
    )


def _read_id(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def read_marked() -> list[int]:
    """The invitations a form names: those that are ticked, or all that its page showed."""
    field = "page" if request.form.get("all") else "invitation"
    named = [number for number in request.form.getlist(field)[:PAGE] if number.isascii() and number.isdigit()]
    return [int(number) for number in named if len(number) < 11 and int(number) <= LARGEST_ID]
