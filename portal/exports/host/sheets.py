"""Sheets to print."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.events.rules import EventView
from portal.exports.forms import FeedForm, read_wish
from portal.exports.queries import desk
from portal.exports.queries.sheets import kitchen, party_sizes, printed
from portal.exports.rules.sheets import OPTIONS, Sheet, size_of
from portal.kit import clock, language, seen
from portal.kit.access import EVENT, requires

blueprint = Blueprint("sheets", __name__)

TEMPLATES = {
    Sheet.CARDS: "exports/cards.html",
    Sheet.TABLES: "exports/tables.html",
    Sheet.FINDER: "exports/finder.html",
    Sheet.SEATING: "exports/seating.html",
    Sheet.KITCHEN: "exports/kitchen.html",
    Sheet.DOOR: "exports/door.html",
    Sheet.BADGES: "exports/badges.html",
    Sheet.SESSIONS: "exports/sessions.html",
    Sheet.INVITATIONS: "exports/invitations.html",
}


@blueprint.get(f"{EVENT}/print")
@requires("exports.read")
def index(event: EventView) -> ResponseReturnValue:
    """Everything that can be printed or taken along, each with a picture."""
    return render_template("exports/print.html", **desk(event), form=FeedForm(formdata=None), refused="")


@blueprint.get(f"{EVENT}/print/<any(cards, tables, finder, seating, door, badges, sessions):sheet>")
@requires("exports.read")
def show(event: EventView, sheet: str) -> ResponseReturnValue:
    """A sheet of people or tables as it comes out of the printer."""
    return _shown(event, Sheet(sheet))


@blueprint.get(f"{EVENT}/print/kitchen")
@requires("exports.read")
def caterer(event: EventView) -> ResponseReturnValue:
    """Meals by table, and who must not eat what; an allergy that stands here is no longer new to this host."""
    seen.note(event.id, now=clock.now())
    wish = read_wish()
    language.prefer(wish.language)
    words = {"sheet": Sheet.KITCHEN, "options": OPTIONS[Sheet.KITCHEN], "wish": wish, "kitchen": kitchen(event)}
    return render_template(TEMPLATES[Sheet.KITCHEN], event=event, **words)


@blueprint.get(f"{EVENT}/print/invitations")
@requires("guests.edit")
def cards_with_links(event: EventView) -> ResponseReturnValue:
    """A card for each household with the way to its page; whoever has one can answer for them."""
    return _shown(event, Sheet.INVITATIONS)


def _shown(event: EventView, sheet: Sheet) -> str:
    wish = read_wish()
    language.prefer(wish.language)
    return render_template(
        TEMPLATES[sheet],
        event=event,
        sheet=sheet,
        options=OPTIONS[sheet],
        wish=wish,
        printed=printed(event, sheet, wish),
        sizes=party_sizes(event) if sheet == Sheet.DOOR else {},
        size_of=size_of,
    )
