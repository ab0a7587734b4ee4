"""What leaves the house: sheets to print, files for a spreadsheet, addresses that a spreadsheet follows."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.exports import api
    from portal.exports.host import feeds, files, sheets

    for audience in (files, sheets, feeds, api):
        app.register_blueprint(audience.blueprint)
