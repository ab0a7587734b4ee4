"""Who may ask: declared on every route, exactly once.

``@public`` — anybody; ``@guest_link`` — whoever holds an invitation's link;
``@requires("…")`` — somebody signed in who may do that. Where the address names
an event, the view is given that event instead of its number, or 404.
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


EVENT = "/host/events/<int(max=2147483647):event_id>"
"""Where everything of an event begins for its hosts; a larger number cannot be a key."""

INVITATION = f"{EVENT}/invitations/<int(max=2147483647):invitation_id>"
MEMBER = f"{INVITATION}/members/<int(max=2147483647):member_id>"
"""Where everything of one of its households begins, and of one of their members."""


class GuestGate(Protocol):
    """What the invitations feature gives: the viewer behind a token, or the right error."""

    def __call__(self, token: str) -> Any: ...


class EventGate(Protocol):
    """What the events feature gives: the event of this number if the signed-in user may have it, or 404."""

    def __call__(self, event_id: int) -> Any: ...


def init_app(app: Flask, *, guest_gate: GuestGate, event_gate: EventGate) -> None:
    """Tell the kit who turns an invitation's token into a viewer, and a number into a host's event."""
    app.extensions["guest_gate"] = guest_gate
    app.extensions["event_gate"] = event_gate


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


def requires(right: str) -> Callable[[Callable[..., R]], Callable[..., Any]]:
    """Somebody signed in may ask; the queries then show only their organization's rows.

    A view whose address names an event gets the event first, and then the rest
    of its address; an event of another organization is as if it were not there.

    An anonymous visitor of a page is sent to sign in and comes back; a part of
    a page has its page do so; any other anonymous request is told 401.
    """

    def declare(view: Callable[..., R]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                if request.method not in {"GET", "HEAD"}:
                    abort(401)
                if htmx.wants_fragment():
                    return htmx.reload_page()
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
            if "event_id" in kwargs:
                return view(current_app.extensions["event_gate"](kwargs.pop("event_id")), *args, **kwargs)
            return view(*args, **kwargs)

        setattr(guarded, DECLARED, right)
        return guarded

    return declare


def requested_event() -> Any:
    """The event that the running request's address names, for whatever answers in the place of its view; or 404."""
    return current_app.extensions["event_gate"]((request.view_args or {})["event_id"])


def declared_access(view: Callable[..., Any]) -> str | None:
    """What ``view`` declares, or None if it declares nothing."""
    access: str | None = getattr(view, DECLARED, None)
    return access
