"""The only file that names a header of htmx.

A page URL always answers the page and a fragment URL the fragment, whoever
asks. Only a change answers in two ways, and that branch is ``reply()``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, current_app, make_response, redirect, render_template, request

V = TypeVar("V", bound=Callable[..., Any])
PART = "__part_of_a_page__"


def wants_fragment() -> bool:
    """Whether htmx sent this request and will swap the answer into its page."""
    return request.headers.get("HX-Request") == "true"


def reply(fragment: Callable[[], str], *, to: str) -> Response:
    """Answer a change that succeeded: the fragment to htmx, 303 to a plain form.

    Args:
        fragment: renders the parts that changed; not asked where nobody would see them.
        to: the page that shows the change.
    """
    response = make_response(fragment()) if wants_fragment() else redirect(to, code=303)
    response = make_response(response)
    response.vary.add("HX-Request")
    return response


def fragment(view: V) -> V:
    """Declare that this GET answers a part of a page, to whoever asks, its errors included."""
    setattr(view, PART, True)
    return view


def refuse(part: str, page: str, words: Mapping[str, Any], *, status: int) -> Response:
    """Answer with what was refused: a part to htmx where it will be swapped in, else a whole page.

    Args:
        part: the template of the fragment.
        page: the template of the page.
        words: what both need.
        status: 409 for the world, 422 for the form, 404 for what is not there.
    """
    response = make_response(render_template(part if _swaps() else page, **words), status)
    response.vary.add("HX-Request")
    return response


def _swaps() -> bool:
    """Whether the answer is swapped into a page; one that is opened or restored needs the whole of it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return wants_fragment() and (request.method not in {"GET", "HEAD"} or getattr(view, PART, False))


def reload_page() -> Response:
    """Refuse a part of a page to somebody who is signed out: the page opens itself anew, and asks who it is."""
    response = Response(status=401)
    response.headers["HX-Refresh"] = "true"
    response.vary.add("HX-Request")
    return response
