"""The operator's commands for guest lists."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.events.queries import find_event_by_slug
from portal.events.rules import EventView
from portal.imports import forms
from portal.imports.actions.households import import_households
from portal.imports.rules.fates import Fate, Plan, Step
from portal.imports.rules.households import GuestList, read_list
from portal.imports.rules.notices import Notice
from portal.imports.rules.refusals import Unusable
from portal.kit import clock, language
from portal.kit.conflicts import Conflict
from portal.kit.database import Busy

ACTOR = "system"
TURN = 0.002
"""Seconds between one household and the next: on a small machine the server's workers get a core to answer pages."""

EVERY = 250
"""After how many households a run without a terminal says how far it is."""

group = AppGroup("invitations", help="Invitations and the people on them.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--event", "slug", required=True, metavar="SLUG", help="The event they are invited to.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row, and write nothing.")
def import_guests(file: Path, slug: str, dry_run: bool) -> None:
    """Invite the households of a guest list, a CSV file or an Excel workbook.

    The list is checked whole before anything is written. Importing it again
    adds what is new; it never deletes, and never overwrites an answer.
    """
    event = _event(slug)
    guests = _guest_list(file)
    plans = _carry_out(guests, event, write=not dry_run)
    for line in _fates(guests, plans) if dry_run else _grouped(_notices(guests, plans)):
        click.echo(line)
    click.echo(_summary(guests, plans))
    if dry_run:
        click.echo(_("This was a dry run: nothing was written."))


def _event(slug: str) -> EventView:
    event = find_event_by_slug(slug)
    if event is None:
        _stop(_("There is no event “%(slug)s”. Check the spelling and try again.", slug=slug))
    return event


def _guest_list(file: Path) -> GuestList:
    try:
        return read_list(forms.read_file(file))
    except Unusable as error:
        _stop(error.sentence(language.current()))


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def _carry_out(guests: GuestList, event: EventView, *, write: bool) -> list[Plan]:
    """Every household's plan, written or not; stops at one that cannot be, with those before it standing."""
    plans: dict[int, Plan] = {}
    carried_out = import_households(guests.households, event=event, actor=ACTOR, now=clock.now(), write=write)
    try:
        for place, plan in _with_progress(carried_out, len(guests.households)):
            plans[place] = plan.after(plans[place]) if place in plans else plan
            time.sleep(TURN if write else 0)
    except (Conflict, Busy) as error:
        _stop(
            _(
                "“%(household)s” could not be written: %(why)s"
                " The households before it are written; import the file again to go on.",
                household=guests.households[len(plans)].name,
                why=error.sentence(language.current()) if isinstance(error, Conflict) else _("the database is busy."),
            )
        )
    return list(plans.values())


def _with_progress(plans: Iterable[tuple[int, Plan]], total: int) -> Iterator[tuple[int, Plan]]:
    """The same plans; how far they are is shown beside them, never among what the command prints."""
    if sys.stderr.isatty():
        with click.progressbar(plans, length=total, file=sys.stderr, label=_("Households")) as bar:
            yield from bar
        return
    for count, plan in enumerate(plans, start=1):
        yield plan
        if count % EVERY == 0:
            click.echo(_("%(count)s of %(total)s households", count=count, total=total), err=True)


def _notices(guests: GuestList, plans: Iterable[Plan]) -> list[Notice]:
    """Everything to tell, from the list itself and from what stood already, by row."""
    told = [notice for plan in plans for step in plan.steps for notice in step.person.notices]
    return sorted([*guests.left_out, *told], key=lambda notice: notice.row)


def _fates(guests: GuestList, plans: Iterable[Plan]) -> Iterator[str]:
    """Every row of the list with what would become of it, in the order of the list."""
    rows = [(step.person.row, _fate(plan, step)) for plan in plans for step in plan.steps]
    rows += [(notice.row, _("row %(row)s · left out", row=notice.row)) for notice in guests.left_out]
    notices = {row: list(those) for row, those in groupby(_notices(guests, plans), key=lambda notice: notice.row)}
    for row, fates in groupby(sorted(rows, key=lambda entry: entry[0]), key=lambda entry: entry[0]):
        yield from (fate for _row, fate in fates)
        yield from (f"    {notice.sentence(language.current())}" for notice in notices.get(row, ()))


def _fate(plan: Plan, step: Step) -> str:
    words = {
        Fate.NEW: _("new"),
        Fate.UPDATED: _("updated"),
        Fate.UNCHANGED: _("unchanged"),
        Fate.SKIPPED: _("skipped"),
    }
    name = (
        step.person.name
        or (step.member and step.member.name)
        or _("a guest of %(name)s", name=plan.household.first.name)
    )
    return _("row %(row)s", row=step.person.row) + f" · {plan.household.name} · {name} · {words[step.fate]}"


def _grouped(notices: Iterable[Notice]) -> Iterator[str]:
    """Like notices together, each kind under its heading, by row."""
    for kind, alike in groupby(sorted(notices, key=lambda notice: notice.kind), key=lambda notice: notice.kind):
        those = list(alike)
        yield f"{_heading(kind)} ({len(those)})"
        for sentence, rows in _by_sentence(those).items():
            listed = ", ".join(str(row) for row in rows)
            yield "  " + ngettext("row %(rows)s", "rows %(rows)s", len(rows), rows=listed) + f": {sentence}"


def _by_sentence(notices: Iterable[Notice]) -> dict[str, list[int]]:
    """What is said, once, with the rows of which it is true."""
    rows: dict[str, list[int]] = {}
    for notice in notices:
        rows.setdefault(notice.sentence(language.current()), []).append(notice.row)
    return rows


def _heading(kind: str) -> str:
    return {
        "blank_row": _("Blank rows"),
        "total_row": _("Totals"),
        "no_name": _("Rows without a name"),
        "unknown_column": _("Columns left out"),
        "shared_address": _("Shared addresses"),
        "invalid_address": _("Invalid addresses"),
        "doubtful_phone": _("Doubtful telephone numbers"),
        "same_name": _("The same name twice"),
        "same_household": _("The same household twice"),
        "neither_yes_nor_no": _("Neither yes nor no"),
        "too_long": _("Texts that were cut"),
        "nobody_to_accompany": _("Guests of nobody"),
        "dietary_kept": _("Dietary needs that were kept"),
        "revoked": _("Revoked links"),
    }[kind]


def _summary(guests: GuestList, plans: Sequence[Plan]) -> str:
    """The whole import in two lines."""
    fates = Counter(step.fate for plan in plans for step in plan.steps)
    return "\n".join(
        [
            ngettext("%(num)s household", "%(num)s households", len(plans))
            + ", "
            + ngettext("%(num)s person", "%(num)s people", fates.total())
            + ": "
            + _(
                "%(new)s new, %(updated)s updated, %(unchanged)s unchanged, %(skipped)s skipped.",
                new=fates[Fate.NEW],
                updated=fates[Fate.UPDATED],
                unchanged=fates[Fate.UNCHANGED],
                skipped=fates[Fate.SKIPPED],
            ),
            ngettext("%(num)s warning.", "%(num)s warnings.", len(_notices(guests, plans))),
        ]
    )
