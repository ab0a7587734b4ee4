"""Files for a spreadsheet."""

from __future__ import annotations

from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from portal.events.rules import EventView
from portal.exports.models import Kind
from portal.exports.queries.people import contents
from portal.exports.rules.files import Format, file_name, rows
from portal.kit import clock
from portal.kit.access import EVENT, requires
from portal.kit.spreadsheets import CSV, XLSX, csv_file, xlsx_file

blueprint = Blueprint("exports", __name__)


@blueprint.get(f"{EVENT}/export/<any(guests, seating, answers):kind>.<any(csv, xlsx):form>")
@requires("exports.read")
def export(event: EventView, kind: str, form: str) -> ResponseReturnValue:
    """The list as a file; looking at one's own list leaves no entry."""
    lines = rows(Kind(kind), contents(event, Kind(kind)))
    file = csv_file(lines) if form == Format.CSV else xlsx_file(lines, title=kind)
    response = Response(file, mimetype=CSV if form == Format.CSV else XLSX)
    name = file_name(event.slug, kind, form, clock.now().astimezone(ZoneInfo(event.time_zone)).date())
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
