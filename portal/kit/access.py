"""Who may ask: declared on every route, exactly once.

``@public`` — anybody; ``@guest_link`` — whoever holds an invitation's link;
``@requires("…")`` — somebody signed in who may do that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user

from portal.kit import htmx

P = ParamSpec("P")
R = TypeVar("R")
DECLARED = "__access__"


class GuestGate(Protocol):
    """What the invitations feature gives: the viewer behind a token, or the right error."""

    def __call__(self, token: str) -> Any: ...


def init_app(app: Flask, *, guest_gate: GuestGate) -> None:
    """Tell the kit who turns an invitation's token into a viewer."""
    app.extensions["guest_gate"] = guest_gate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may ask."""
    setattr(view, DECLARED, "public")
    return view


def guest_link(view: Callable[Concatenate[Any, P], R]) -> Callable[..., R]:
    """Whoever holds the link may ask; the view gets the viewer instead of the token."""

    @wraps(view)
    def guarded(token: str, *args: P.args, **kwargs: P.kwargs) -> R:
        return view(current_app.extensions["guest_gate"](token), *args, **kwargs)

    setattr(guarded, DECLARED, "guest_link")
    return guarded


def requires(right: str) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Somebody signed in may ask; the queries then show only their organization's rows.

    An anonymous visitor of a page is sent to sign in and comes back; a part of
    a page has its page do so; any other anonymous request is told 401.
    """

    def declare(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if not current_user.is_authenticated:
                if request.method not in {"GET", "HEAD"}:
                    abort(401)
                if htmx.wants_fragment():
                    return htmx.reload_page()
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
            return view(*args, **kwargs)

        setattr(guarded, DECLARED, right)
        return guarded

    return declare


def declared_access(view: Callable[..., Any]) -> str | None:
    """What ``view`` declares, or None if it declares nothing."""
    access: str | None = getattr(view, DECLARED, None)
    return access
