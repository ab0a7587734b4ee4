"""The only file that names a header of htmx.

A page URL always answers the page and a fragment URL the fragment, whoever
asks. Only a change answers in two ways, and that branch is ``reply()``.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, redirect, request


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


def refuse(fragment: str, page: str, *, status: int) -> Response:
    """Answer a change that was refused: the fragment to htmx, the whole page to a plain form."""
    response = make_response(fragment if wants_fragment() else page, status)
    response.vary.add("HX-Request")
    return response


def reload_page() -> Response:
    """Refuse a part of a page to somebody who is signed out: the page opens itself anew, and asks who it is."""
    response = Response(status=401)
    response.headers["HX-Refresh"] = "true"
    response.vary.add("HX-Request")
    return response
