"""Links for groups, and the answers of their members."""

from __future__ import annotations

from flask import Flask, abort
from flask_babel import gettext as _

from portal.invitations import queries
from portal.invitations.rules import Viewer
from portal.kit import clock, language


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.invitations import guest

    app.register_blueprint(guest.blueprint)


def guest_gate(token: str) -> Viewer:
    """The viewer behind an invitation's token; 404 for a link that is none, 410 for a revoked one."""
    code = queries.find_code(token)
    row = queries.find_invitation(code) if code else None
    if code is None or row is None:
        abort(404)
    viewer, chosen = queries.viewer_of(row, code, clock.now())
    language.prefer(chosen)
    if row.revoked_at is not None:
        abort(410, _("Please ask %(contact)s for a new one.", contact=viewer.event.contact or _("the hosts")))
    return viewer
