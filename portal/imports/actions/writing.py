"""A checked list is written household by household; the import's row says whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.audit.actions import record
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.imports.actions.households import import_household
from portal.imports.actions.staging import advance
from portal.imports.models import Import, ImportHousehold, ImportRow, RowFate, State
from portal.imports.queries.stages import traces_of, written
from portal.imports.rules.fates import Fate, Plan
from portal.imports.rules.households import Household
from portal.imports.rules.staging import KEPT_DAYS, MOVED_ON, Stage
from portal.invitations.models import InvitationGuest
from portal.kit.conflicts import LANGUAGES, Conflict
from portal.kit.database import action
from portal.kit.schema import db


@action
def begin_writing(stage: Stage, *, version: int, now: datetime) -> None:
    """Let the list go in as it was shown; nothing happens if another host has just done so.

    Raises:
        Conflict: somebody changed the list since it was shown.
    """
    begun = update(Import).where(Import.id == stage.id, Import.state == State.READY, Import.version == version)
    values = {"state": State.WRITING, "done": 0, "total": stage.findings.get("households", 0), "worked_at": now}
    if db.session.execute(begun.values(**values).returning(Import.id)).first() is not None:
        return
    state = db.session.scalar(select(Import.state).where(Import.id == stage.id))
    if state not in {State.WRITING, State.DONE}:
        raise MOVED_ON.conflict()


@action
def write_household(
    stage: Stage,
    place: int,
    household: Household,
    *,
    event: EventView,
    done: Collection[int],
    actor: str,
    now: datetime,
) -> Plan | None:
    """Write a household of the list if it is its turn; None if somebody else has written it.

    Raises:
        Conflict: somebody else took an address at the same moment; once more is enough.
    """
    lock_event(event.id)
    if not advance(stage, State.WRITING, place, place + 1, now):
        return None
    plan = import_household(household, event=event, done=done, actor=actor, now=now)
    fates = {fate.value: sum(step.fate == fate for step in plan.steps) for fate in Fate}
    _keep(stage, place, {**_outcome(plan), **fates, "is_new": plan.is_new, "traces": _traces(plan)})
    if fates[Fate.SKIPPED]:
        _skip_rows(stage, place)
    return plan


@action
def write_again(
    stage: Stage,
    place: int,
    household: Household,
    *,
    event: EventView,
    done: Collection[int],
    actor: str,
    now: datetime,
) -> Plan | None:
    """Give a household the address that another one of the list has given up since.

    Returns:
        What was done; None if somebody else has finished meanwhile.

    Raises:
        Conflict: somebody else took it at the same moment.
    """
    lock_event(event.id)
    if not advance(stage, State.WRITING, stage.total, stage.total, now):
        return None
    plan = import_household(household, event=event, done=done, actor=actor, now=now)
    if plan.changes_something:
        before = traces_of(stage.id, place)
        traces = {what: [*before.get(what, ()), *more] for what, more in _traces(plan).items()}
        _keep(stage, place, {"traces": {**traces, "again": before.get("again", 0) + 1}})
    return plan


@action
def pass_over(stage: Stage, place: int, why: Conflict, *, owner: str, now: datetime) -> None:
    """Leave a household out that was refused twice, with the reason and the ``owner`` of its address; others go on."""
    if owner:
        why = replace(why, words={**why.words, "owner": owner})
    if advance(stage, State.WRITING, place, place + 1, now):
        _keep(stage, place, {"refusal": {language: why.sentence(language) for language in LANGUAGES}})
        _skip_rows(stage, place)


@action
def finish_writing(stage: Stage, *, event: EventView, actor: str, now: datetime) -> None:
    """Everything is written, and the log says how much it was; once, whoever finds it done first."""
    finished = update(Import).where(Import.id == stage.id, Import.state == State.WRITING, Import.done == Import.total)
    values = {"state": State.DONE, "worked_at": now, "expires_at": now + timedelta(days=KEPT_DAYS)}
    if db.session.execute(finished.values(**values).returning(Import.id)).first() is None:
        return
    record(
        "import.finished",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"import:{stage.id}",
        now=now,
        detail={"file": stage.file_name, **written(stage.id)},
    )


def _outcome(plan: Plan) -> dict[str, Any]:
    assert plan.standing is not None, "a household that was written stands"
    return {
        "invitation_id": plan.standing.invitation_id,
        "waits": plan.lacks_an_address,
        "frees": plan.frees_an_address,
    }


def _traces(plan: Plan) -> dict[str, Any]:
    """What taking it back needs: who was added, who of them is new to the address book, what stood before."""
    assert plan.standing is not None
    changed = [(step.member, step.changes) for step in plan.steps if step.member and step.changes]
    known = [step.guest_id for step in plan.steps if step.guest_id]
    theirs = InvitationGuest.invitation_id == plan.standing.invitation_id
    members = select(InvitationGuest.id, InvitationGuest.guest_id).where(theirs).order_by(InvitationGuest.id)
    added = db.session.execute(members if plan.is_new else members.where(InvitationGuest.id.in_(plan.added))).all()
    return {
        "made": [member.guest_id for member in added if member.guest_id not in known],
        "added": [member.id for member in added],
        "changed": [
            {
                "member": member.id,
                "guest": member.guest_id,
                "was": {name: getattr(member, name) for name, value in asdict(changes).items() if value is not None},
                "is": {name: value for name, value in asdict(changes).items() if value is not None},
            }
            for member, changes in changed
        ],
    }


def _keep(stage: Stage, place: int, values: dict[str, Any]) -> None:
    of = update(ImportHousehold).where(
        ImportHousehold.import_id == stage.id,
        ImportHousehold.event_id == stage.event_id,
        ImportHousehold.place == place,
    )
    db.session.execute(of.values(**values))


def _skip_rows(stage: Stage, place: int) -> None:
    of = update(ImportRow).where(ImportRow.import_id == stage.id, ImportRow.place == place)
    db.session.execute(of.values(fate=RowFate.SKIPPED))
