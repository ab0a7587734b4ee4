"""Commands that lay the room."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.events.queries import find_event_by_slug
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.seating.actions.room import add_tables
from portal.seating.models import Shape
from portal.seating.queries.room import read_room
from portal.seating.rules.room import NotARoom, lay_tables

group = AppGroup("seating", help="Lay the room.")


@group.command("tables")
@click.option("--event", "slug", required=True, help="The slug of the event.")
@click.argument("description")
def tables(slug: str, description: str) -> None:
    """Put tables into the room, as in "12 round 10" or "5 row 20, 2 long 8".

    Numbers, letters and the floor plan go on after the tables that are there.
    """
    now = clock.now()
    event = find_event_by_slug(slug)
    if event is None:
        raise click.ClickException(f"There is no event “{slug}”.")
    present = read_room(event.id, now).tables
    try:
        laid = lay_tables(
            description,
            first_number=max((int(table.name) for table in present if table.name.isdecimal()), default=0) + 1,
            first_row=sum(table.shape == Shape.ROW for table in present),
            first_place=len(present),
        )
        add_tables(organization_id=event.organization_id, event_id=event.id, tables=laid, actor="system", now=now)
    except NotARoom as reason:
        raise click.ClickException(str(reason)) from None
    except Conflict as conflict:
        raise click.ClickException(conflict.sentence("en")) from None
    seats = sum(len(table.seats) for table in laid)
    click.echo(f"Added to “{event.title}”: {', '.join(table.name for table in laid)} ({seats} seats).")
