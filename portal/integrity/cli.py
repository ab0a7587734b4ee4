"""Commands of whoever runs the server: is everything as the rules say, and what can be done about what is not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal import config
from portal.integrity import queries
from portal.integrity.actions import Cleaned, bring_back, clean
from portal.integrity.rules import Deed, NotABackup, read_line
from portal.kit import clock
from portal.kit.conflicts import FOREIGN_KEY, Conflict, UnknownConstraint
from portal.kit.database import Busy
from portal.kit.integrity import told_of

group = AppGroup("integrity", help="See that all data keeps the rules, and bring old data under them.")


class DryRun(Exception):
    """Everything was tried, and is taken back."""

    def __init__(self, cleaned: Cleaned) -> None:
        super().__init__()
        self.cleaned = cleaned


@group.command("audit")
def audit() -> None:
    """Ask about every rule, and say which rows break one; ends with 1 if any does."""
    report = queries.audit()
    if report.revision is None:
        raise click.ClickException("There is nothing to look at yet. Run this first: flask db upgrade")
    _tell_findings(report.findings)
    if report.missing and report.is_newest:
        click.echo(f"Not in the database, or turned off ({len(report.missing)}):")
        for name in report.missing:
            click.echo(f"  {' — '.join(filter(None, [name, queries.way_back(name)]))}")
    if not report.is_newest:
        click.echo(
            f"The database is at revision {report.revision}, the newest is {report.newest}: "
            f"{len(report.missing)} constraints, indexes and triggers are still to come with `flask db upgrade`."
        )
    if report.unasked:
        click.echo(f"Could not be asked yet, for want of their columns: {', '.join(report.unasked)}.")
    violations = sum(len(finding.breaches) for finding in report.findings)
    counted = [f"{name}: {'no table yet' if count is None else count}" for name, count in report.counts.items()]
    click.echo(f"{', '.join(counted)}, violations: {violations}.")
    if not report.holds:
        raise click.ClickException("Not all rules hold. `flask integrity clean` says what it would do about the rows.")
    click.echo(f"All {report.asked} rules hold. Everything is in good order.")


@group.command("clean")
@click.option("--write", is_flag=True, help="Do it; without this, only say what would be done.")
@click.option("--to", "file", type=click.Path(path_type=Path), help="The back-up file; a new one in var/ by default.")
def clean_up(write: bool, file: Path | None) -> None:
    """Bring the rows under the rules: of what is there twice the oldest stays, and takes over what the others know.

    Whatever is removed or changed is first written to a back-up file, for `flask integrity restore`. What only a
    person can decide is left alone, and listed.
    """
    backup = file or config.VAR / f"integrity-{clock.now():%Y%m%d-%H%M%S}.jsonl"
    try:
        cleaned = _clean(backup) if write else _try_out()
    except (Conflict, UnknownConstraint, Busy, DBAPIError, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        raise click.ClickException(f"It could not be done, and nothing was changed. {reason}") from None
    _tell(cleaned, "" if write else "that would be ")
    if not write:
        click.echo("This was a dry run: nothing was changed. With --write it is done.")
    elif cleaned.deeds:
        click.echo(f"What was there is in {backup}; `flask integrity restore` brings back what the rules allow.")


def _try_out() -> Cleaned:
    """Do it all and take it all back: what is said is what would happen."""

    def take_back(cleaned: Cleaned) -> None:
        raise DryRun(cleaned)

    try:
        return clean(take_back, now=clock.now())
    except DryRun as tried:
        return tried.cleaned


def _clean(backup: Path) -> Cleaned:
    """Do it; before any of it is final, what was there is on the disk, for nobody's eyes but the operator's."""
    backup.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:

        def keep(cleaned: Cleaned) -> None:
            file.seek(0)
            file.truncate()  # of an attempt that lost a race
            file.writelines(f"{deed.line()}\n" for deed in cleaned.deeds)
            file.flush()
            os.fsync(file.fileno())

        try:
            cleaned = clean(keep, now=clock.now())
        except BaseException:
            backup.unlink()
            raise
    if not cleaned.deeds:
        backup.unlink()
    return cleaned


def _tell(cleaned: Cleaned, would: str) -> None:
    for line in [*(deed.sentence() for deed in cleaned.deeds), *(f"left     {each}" for each in cleaned.left)]:
        click.echo(line)
    if cleaned.findings:
        click.echo("Left for a person to decide:")
        _tell_findings(cleaned.findings)
    removed = sum(deed.what == "removed" for deed in cleaned.deeds)
    click.echo(f"Rows {would}removed: {removed}, mended: {len(cleaned.deeds) - removed}.")


@group.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring back the rows that were removed, from the back-up FILE, as far as the rules allow.

    Rows that were only mended stay as they are now; how they were is in the file.
    """
    try:
        deeds = [read_line(line) for line in file.read_text("utf-8").splitlines()]
    except (NotABackup, UnicodeDecodeError):
        raise click.ClickException(f"{file} is no back-up of `flask integrity clean`.") from None
    removed = [deed for deed in reversed(deeds) if deed.what == "removed"]  # parents went last
    refused = [deed for deed in removed if not _is_back(deed)]
    click.echo(f"Rows that are back: {len(removed) - len(refused)}, that could not come back: {len(refused)}.")


def _is_back(deed: Deed) -> bool:
    """Bring one row back; each is judged alone, so that one that is refused keeps no other away."""
    reason = "its table is not there, or there is a row of its number again."
    try:
        back = bring_back(deed, now=clock.now())
    except Conflict as refusal:
        is_lost = refusal.rule.startswith(("fk_", FOREIGN_KEY))
        back, reason = False, "what it belongs to is not there." if is_lost else str(refusal)
    except UnknownConstraint as refusal:
        back, reason = False, f"the schema refuses it ({refusal})."
    click.echo(f"{'back     ' if back else 'not back '}{deed.table} {deed.row['id']}{'' if back else f': {reason}'}")
    return back


def _tell_findings(findings: Sequence[queries.Finding]) -> None:
    for finding in findings:
        click.echo(
            "\n".join([f"{finding.rule}, in “{finding.table}” ({len(finding.breaches)}):", *told_of(finding.breaches)])
        )
