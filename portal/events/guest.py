"""What an event's pages are dressed in; it belongs to no invitation, and says nothing about any event."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from portal.events.rules.looks import palette
from portal.kit.access import public

A_WEEK = "public, max-age=604800"

blueprint = Blueprint("looks", __name__)


@blueprint.get("/hue/<int(max=359):hue>.css")
@public
def hue_sheet(hue: int) -> ResponseReturnValue:
    """The tokens that follow a hue, as a stylesheet that every browser may keep."""
    sheet = Response(render_template("events/hue.css", **palette(hue)), mimetype="text/css")
    sheet.headers["Cache-Control"] = A_WEEK
    return sheet
