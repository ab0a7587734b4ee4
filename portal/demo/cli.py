"""``flask demo``: the event a newcomer meets, or with ``--json`` the one that programs test against."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable

import click
import segno
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.core import ParameterSource
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from portal import config
from portal.demo import queries
from portal.demo.actions import PlainEvent, SlugTaken, load_sample, prepare_event
from portal.demo.rules.evening import HOST_PASSWORD, TITLE
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.passwords import hash_password
from portal.kit.schema import db
from portal.room.rules.layout import MOST_SEATS, MOST_TABLES

WHITE_ON_BLACK = "\x1b[97;40m{}\x1b[0m"
"""A code in the terminal's own colours would be inverted on a light one, and not every phone reads that."""


def _slug(_context: click.Context, _option: click.Parameter, slug: str | None) -> str | None:
    if slug is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,56}", slug):
        raise click.BadParameter("up to 56 letters, digits and dashes.")
    return slug


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Make the event for testing programs and print it as JSON.")
@click.option("--invitations", type=click.IntRange(1, 5000), default=10, show_default=True)
@click.option("--members", type=click.IntRange(1, 50), default=4, show_default=True, help="People on each invitation.")
@click.option("--tables", type=click.IntRange(1, MOST_TABLES), default=6, show_default=True)
@click.option("--seats", type=click.IntRange(1, MOST_SEATS), default=10, show_default=True, help="Seats at each table.")
@click.option("--hold", type=click.IntRange(0, 86400), default=0, show_default=True, help="Seconds; 0 takes at once.")
@click.option("--slug", callback=_slug, help="A name of its own for the event; made from the numbers otherwise.")
@with_appcontext
def command(
    as_json: bool, invitations: int, members: int, tables: int, seats: int, hold: int, slug: str | None
) -> None:
    """Load the sample event and say how to get in; what is there is left as it stands.

    With --json: an event for programs that test from outside, published and
    open, in which nobody has answered. Equal numbers answer with the same event.
    """
    if not as_json:
        _refuse_numbers(click.get_current_context())
    _prepare_database()
    password_hash = hash_password(HOST_PASSWORD)
    if as_json:
        wish = PlainEvent(slug or "", invitations, members, tables, seats, hold)
        event_id = _make(lambda: prepare_event(wish, password_hash=password_hash, now=clock.now()))
        click.echo(json.dumps(queries.contract(event_id), ensure_ascii=False))
    else:
        event_id = _make(lambda: load_sample(password_hash=password_hash, now=clock.now()))
        if _is_demo():
            config.keep_for_commands()
        _say_how_to_get_in(event_id)


def _refuse_numbers(context: click.Context) -> None:
    given = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        raise click.UsageError(f"--{given[0]} goes with --json; the sample event is as it is.")


def _is_demo() -> bool:
    """Whether ``script/demo`` is asking."""
    return os.environ.get("PLACECARD_ENV") == "demo"


def _prepare_database() -> None:
    """Migrate an empty database, and the demo's own; any other that holds something is its owner's to migrate."""
    try:
        with db.engine.connect() as connection:
            is_empty = not inspect(connection).get_table_names()
            present = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise click.ClickException(
            f"The database cannot be reached; is DATABASE_URL right? It says: {reason}"
        ) from None
    if is_empty or _is_demo():
        upgrade()
    elif present != ScriptDirectory(str(config.ROOT / "migrations")).get_current_head():
        raise click.ClickException("The database is not up to date. Run this first: .venv/bin/flask db upgrade")


def _make(work: Callable[[], int]) -> int:
    """Do it, once more if somebody else has just made the same."""
    try:
        return work()
    except Conflict:
        return work()
    except SlugTaken as taken:
        raise click.ClickException(str(taken)) from None


def _say_how_to_get_in(event_id: int) -> None:
    contract = queries.contract(event_id)
    name, link = queries.first_invitation(event_id)
    click.echo(f"\n{TITLE} is ready.\n\nAs a guest: {name}\n  {link}\n")
    click.echo(_qr(link, colours=sys.stdout.isatty()))
    click.echo(f"As the host:\n  {contract['host']['url']}")
    click.echo(f"  e-mail    {contract['host']['email']}\n  password  {contract['host']['password']}\n")


def _qr(content: str, *, colours: bool) -> str:
    """A code that a phone reads off the screen, two modules to a character."""
    lines = io.StringIO()
    segno.make(content, error="l", micro=False, boost_error=False).terminal(lines, border=2, compact=True)
    style = WHITE_ON_BLACK if colours else "{}"
    return "\n".join(f"  {style.format(line)}" for line in lines.getvalue().splitlines()) + "\n"
