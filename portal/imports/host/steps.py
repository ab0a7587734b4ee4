"""The work of an import, beside the requests: each step keeps what it has done, and the next one who looks goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from portal.events.rules import EventView
from portal.imports import forms
from portal.imports.actions import checking, staging, undoing, writing
from portal.imports.actions.households import import_households, who_has_its_address
from portal.imports.models import State
from portal.imports.queries import stages
from portal.imports.rules.columns import Line, guess_header
from portal.imports.rules.fates import Plan
from portal.imports.rules.households import GuestList, Household, read_list
from portal.imports.rules.refusals import Unusable
from portal.imports.rules.staging import Stage, found_rows, summary
from portal.kit import background, clock
from portal.kit.conflicts import Conflict

T = TypeVar("T")

ROWS = 250
"""Rows that are kept at once: a write holds SQLite's only pen for a few milliseconds."""

PATIENCE = 1.0
"""Seconds that a request waits for the work it began."""


def begin(event: EventView, import_id: int, actor: str) -> None:
    """Go on with an import; what is quickly done is done when the page opens."""
    background.begin(lambda: carry_on(event, import_id, actor), patience=PATIENCE)


def carry_on(event: EventView, import_id: int, actor: str) -> None:
    """Work on an import until it needs a host, or somebody else works on it."""
    steps = {State.READING: _read, State.CHECKING: _check, State.WRITING: _write, State.UNDOING: _undo}
    goes_on = True
    while goes_on:
        stage = stages.find_stage(event.id, import_id)
        goes_on = stage is not None and stage.is_at_work and steps[stage.state](event, stage, actor)
    turns = background.Turns()
    while staging.purge(clock.now()):
        turns.pass_on()


def _read(_event: EventView, stage: Stage, _actor: str) -> bool:
    """From the file to its rows."""
    content = stages.content_of(stage.id) or b""
    try:
        lines = background.aside(lambda: forms.read_lines(content))
        header = guess_header(lines)
    except Unusable as why:
        staging.refuse_file(stage, why, now=clock.now())
        return False
    if _keep(stage, lines):
        columns = {field.value: index for field, index in header.columns.items()}
        staging.finish_reading(stage, len(lines), header_row=header.row, columns=columns, now=clock.now())
    return False


def _keep(stage: Stage, lines: Sequence[Line]) -> bool:
    """Stage the rows that are not there yet; False if somebody else does."""
    turns = background.Turns()
    for start in range(stage.done, len(lines), ROWS):
        if not staging.keep_rows(stage, start, lines[start : start + ROWS], now=clock.now()):
            return False
        turns.pass_on()
    return True


def _check(event: EventView, stage: Stage, actor: str) -> bool:
    """From the rows to what would become of each of them."""
    try:
        guests, left_out = _guest_list(stage)
    except Unusable as why:
        staging.refuse_columns(stage, why, now=clock.now())
        return False
    plans = _plans(event, stage, guests, actor)
    if plans is not None:
        _keep_findings(stage, guests, plans, left_out)
    return True


def _keep_findings(stage: Stage, guests: GuestList, plans: dict[int, Plan], left_out: set[int]) -> None:
    """Keep what was found, in pieces; not if the list has changed meanwhile."""
    turns, is_still = background.Turns(), True
    rows = list(turns.over(found_rows(guests, plans, stage.header(), left_out)))
    places = list(enumerate(household.name for household in guests.households))
    for names in turns.over(_pieces(places)):
        is_still = is_still and checking.keep_households(stage, dict(names), now=clock.now())
    for piece in turns.over(_pieces(rows)):
        is_still = is_still and checking.keep_found_rows(stage, piece, now=clock.now())
    if is_still:
        checking.finish_check(stage, summary(guests, rows, list(plans.values())), now=clock.now())


def _plans(event: EventView, stage: Stage, guests: GuestList, actor: str) -> dict[int, Plan] | None:
    """What would become of each household; None if the list has changed meanwhile."""
    total = len(guests.households)
    plans: dict[int, Plan] = {}
    turns, now = background.Turns(), clock.now()
    for place, plan in import_households(guests.households, event=event, actor=actor, now=now, write=False):
        plans[place] = plan
        if place % 50 == 0 and not checking.go_on_checking(stage, place, total, now=clock.now()):
            return None
        turns.pass_on()
    return plans


def _write(event: EventView, stage: Stage, actor: str) -> bool:
    """From the households of the list to invitations, each whole or not at all."""
    households = _guest_list(stage)[0].households
    done = stages.invitations_of(stage.id)
    turns = background.Turns()
    for place in range(stage.done, stage.total):
        if not _write_one(event, stage, place, households[place], done, actor):
            return False
        turns.pass_on()
    _write_those_who_waited(event, stage, households, actor)
    writing.finish_writing(stage, event=event, actor=actor, now=clock.now())
    return False


def _write_one(event: EventView, stage: Stage, place: int, household: Household, done: set[int], actor: str) -> bool:
    """Write a household, once more if an address was lost in a race; False if somebody else is ahead."""
    for is_last_try in (False, True):
        try:
            return _written(event, stage, place, household, done, actor)
        except Conflict as why:
            if is_last_try:
                owner = who_has_its_address(household, event=event, done=done)
                writing.pass_over(stage, place, why, owner=owner, now=clock.now())
    return True


def _written(event: EventView, stage: Stage, place: int, household: Household, done: set[int], actor: str) -> bool:
    plan = writing.write_household(stage, place, household, event=event, done=done, actor=actor, now=clock.now())
    if plan is not None and plan.standing is not None:
        done.add(plan.standing.invitation_id)
    return plan is not None


def _write_those_who_waited(event: EventView, stage: Stage, households: Sequence[Household], actor: str) -> None:
    """An address that was given up on this very list goes to whom the list says, who may give up another."""
    waiting = stages.places_waiting(stage.id)
    while waiting:
        plans = {place: _again(event, stage, place, households[place], actor) for place in waiting}
        is_one_free = any(plan is not None and plan.frees_an_address for plan in plans.values())
        waiting = [place for place, plan in plans.items() if plan and plan.lacks_an_address] if is_one_free else []


def _again(event: EventView, stage: Stage, place: int, household: Household, actor: str) -> Plan | None:
    others = stages.invitations_of(stage.id, but=place)
    try:
        return writing.write_again(stage, place, household, event=event, done=others, actor=actor, now=clock.now())
    except Conflict:
        return None


def _undo(event: EventView, stage: Stage, actor: str) -> bool:
    """Take back household by household."""
    turns = background.Turns()
    for turn in range(stage.done, stage.total):
        if not undoing.undo_household(stage, turn, event=event, actor=actor, now=clock.now()):
            return False
        turns.pass_on()
    undoing.finish_undo(stage, event=event, actor=actor, now=clock.now())
    return False


def _guest_list(stage: Stage) -> tuple[GuestList, set[int]]:
    lines, left_out = stages.lines_of(stage)
    return background.aside(lambda: read_list(_below(lines, stage.header_row), stage.header())), left_out


def _below(lines: Sequence[Line], header_row: int) -> list[Line]:
    return [line for line in lines if line.number > header_row]


def _pieces(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), ROWS):
        yield things[start : start + ROWS]
