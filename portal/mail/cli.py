"""Commands of whoever runs the server: mail that waits."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal import mail
from portal.kit import clock
from portal.kit.contacts import email_of
from portal.mail.actions import post_alone
from portal.mail.queries import mails_given_up
from portal.mail.rules import Letter

group = AppGroup("mail", help="See to the mail that this server sends.")


@group.command("send")
def send() -> None:
    """Send what is due now, and name what was given up."""
    click.echo(f"{mail.send_due()} sent.")
    for recipient, subject, error in mails_given_up():
        click.echo(f"Given up: “{subject}” to {recipient}. They said: {error}")


@group.command("try")
@click.argument("email")
def try_out(email: str) -> None:
    """Send a mail to EMAIL at once, to see whether the settings are right."""
    if email_of(email) is None:
        raise click.ClickException(f"“{email}” is no e-mail address.")
    if not mail.is_set_up():
        raise click.ClickException("MAIL_URL is not set, so there is no server to send it through.")
    post_alone(Letter(email, "Placecard can send mail", "If you can read this, it works.\n"), now=clock.now())
    if not mail.send_due():
        raise click.ClickException("It was not taken. `flask mail send` says why.")
    click.echo(f"The mail server has taken it for {email}.")
