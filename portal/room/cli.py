"""Commands that lay the room."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.events.queries import find_event_by_slug
from portal.kit import clock
from portal.room.queries.drafts import published_layout
from portal.room.rules.laying import NotARoom, lay, read_parts
from portal.seating.actions.room import add_tables
from portal.seating.models import Category, Shape
from portal.seating.rules.room import NewSeat, NewTable

group = AppGroup("room", help="Lay the room.")


@group.command("lay")
@click.option("--event", "slug", required=True, help="The slug of the event.")
@click.argument("description")
def lay_room(slug: str, description: str) -> None:
    """Put tables into the room that guests see, as in "12 round tables of 10" or "rows A–N of 20".

    Numbers and letters go on after the tables that are there, which stay where they are.
    """
    event = find_event_by_slug(slug)
    if event is None:
        raise click.ClickException(f"There is no event “{slug}”.")
    try:
        room = lay(published_layout(event.id), read_parts(description))
    except NotARoom as refused:
        raise click.ClickException(refused.why.sentence("en")) from None
    laid = [
        NewTable(
            name=table.name,
            seats=tuple(NewSeat(seat.label, Category(seat.category), seat.step_free) for seat in table.seats),
            shape=Shape(table.shape),
            x=table.x,
            y=table.y,
        )
        for table in room.tables.values()
        if table.is_new
    ]
    add_tables(organization_id=event.organization_id, event_id=event.id, tables=laid, actor="system", now=clock.now())
    seats = sum(len(table.seats) for table in laid)
    click.echo(f"Added to “{event.title}”: {', '.join(table.name for table in laid)} ({seats} seats).")
