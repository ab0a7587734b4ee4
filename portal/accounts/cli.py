"""Commands of whoever runs the server: accounts that were deleted."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.accounts.actions import restore_user
from portal.accounts.queries import find_deleted
from portal.kit import clock
from portal.kit.conflicts import Conflict

group = AppGroup("accounts", help="See to accounts.")


@group.command("restore")
@click.argument("email")
def restore(email: str) -> None:
    """Bring back the account that was deleted last at this EMAIL, with all that belonged to it."""
    user_id = find_deleted(email)
    if user_id is None:
        raise click.ClickException(f"No account at “{email}” was deleted.")
    try:
        restore_user(user_id, actor="system", now=clock.now())
    except Conflict as conflict:
        raise click.ClickException(conflict.sentence("en")) from None
    click.echo(f"The account at “{email}” is back; whoever it belongs to signs in as before.")
