"""Links for groups, and the answers of their members."""

from __future__ import annotations

from flask import Flask, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from portal.invitations import queries
from portal.invitations.rules import PREVIEW_ONLY, Viewer
from portal.kit import clock, language


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.invitations import guest, host

    app.register_blueprint(guest.blueprint)
    for blueprint in (host.blueprint, host.groups.blueprint, host.answers.blueprint, host.guests.blueprint):
        app.register_blueprint(blueprint)


def guest_gate(token: str) -> Viewer:
    """The viewer behind an invitation's token; 404 for a link that is none, 410 for a revoked one."""
    code = queries.find_code(token)
    row = queries.find_invitation(code) if code else None
    if code is None:
        return _preview_gate(token)
    if row is None:
        abort(404)
    viewer, chosen = queries.viewer_of(row, code, clock.now())
    language.prefer(chosen)
    if row.revoked_at is not None:
        abort(410, _("Please ask %(contact)s for a new one.", contact=viewer.event.contact or _("the hosts")))
    return viewer


def _preview_gate(token: str) -> Viewer:
    """A guest's page as a host of the event may look at it; 404 for everybody else, and nothing can be changed there.

    Raises:
        Conflict: something was to be changed.
    """
    viewer = queries.find_preview(token, clock.now())
    if viewer is None or not current_user.is_authenticated:
        abort(404)
    if viewer.event.organization_id not in current_user.organization_ids:
        abort(404)
    if request.method not in {"GET", "HEAD"}:
        raise PREVIEW_ONLY.conflict()
    return viewer
