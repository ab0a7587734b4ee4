"""Commands that change an event."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.events.actions import limit_event
from portal.events.queries import find_event_by_slug
from portal.kit import clock
from portal.kit.conflicts import Conflict

group = AppGroup("events", help="Change an event.")


@group.command("capacity")
@click.option("--event", "slug", required=True, help="The slug of the event.")
@click.argument("guests", type=click.IntRange(0, 1_000_000), required=False)
def capacity(slug: str, guests: int | None) -> None:
    """Say how many GUESTS may come; without a number, as many as like to."""
    event = find_event_by_slug(slug)
    if event is None:
        raise click.ClickException(f"There is no event “{slug}”.")
    try:
        limit_event(event, guests, actor="system", now=clock.now())
    except Conflict as conflict:
        raise click.ClickException(conflict.sentence("en")) from None
    click.echo(f"“{event.title}” has {'any number of places' if guests is None else f'{guests} places'}.")
