"""Commands of whoever runs the server: who may host here."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.accounts.rules import SHORTEST_PASSWORD
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.contacts import email_of
from portal.kit.passwords import hash_password
from portal.organizations.actions import add_admin

group = AppGroup("organizations", help="Say who may host here.")


@group.command("admin")
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--organization", required=True, help="Whose events they host; it is founded if there is none.")
@click.option("--password", prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for unless given.")
def admin(email: str, name: str, organization: str, password: str) -> None:
    """Let the person with this EMAIL sign in and host the organization's events."""
    if email_of(email) is None:
        raise click.ClickException(f"“{email}” is no e-mail address.")
    if len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(f"Please choose a password of {SHORTEST_PASSWORD} letters or more.")
    try:
        add_admin(
            email=email,
            name=name,
            password_hash=hash_password(password),
            organization=organization,
            actor="system",
            now=clock.now(),
        )
    except Conflict as conflict:
        raise click.ClickException(conflict.sentence("en")) from None
    click.echo(f"{name} may now sign in and host the events of “{organization}”.")
