"""Changing the draft of a room: every change names the version it was made from, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from portal.audit.actions import record
from portal.events.rules import EventView
from portal.kit.conflicts import rule
from portal.kit.database import action, requires_action
from portal.kit.schema import db
from portal.room.models import RoomDraft, RoomStep
from portal.room.queries.drafts import Draft, Step
from portal.room.rules.layout import Layout, document_of, patch_between, patched

MOST_STEPS = 50
"""How many changes of a draft can be undone."""

DRAFT_CHANGED = rule(
    "room_draft_changed",
    "The room was changed meanwhile. Your change is not lost: look at what is new, then save yours as well.",
    "La sala cambió mientras tanto. Tu cambio no se perdió: mira lo nuevo y luego guarda también el tuyo.",
)
NOTHING_TO_UNDO = rule(
    "room_nothing_to_undo",
    "There is no change left to take back or to do again.",
    "No queda ningún cambio por deshacer o rehacer.",
)


@action
def change_draft(
    event: EventView,
    draft: Draft,
    layout: Layout,
    deed: str,
    names: Sequence[str],
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Let the draft be ``layout`` from now on; it can be undone. Nothing changed leaves no entry.

    Args:
        event: whose room.
        draft: the draft that the new layout was made from.
        layout: the new one.
        deed: what was done: ``moved``, ``laid``, …
        names: to what, as the log shall say.
        version: what the page showed that the change was made on.
        actor: who does it, for the log.
        now: when.

    Raises:
        Conflict: the draft was changed since.
    """
    if version != draft.version:
        raise DRAFT_CHANGED.conflict()
    before, after = patch_between(draft.layout, layout), patch_between(layout, draft.layout)
    if before == after:
        return
    step = (draft.undo.number if draft.undo else 0) + 1
    draft_id = _store(event, draft, layout, step)
    forgotten = or_(RoomStep.number >= step, RoomStep.number <= step - MOST_STEPS)
    db.session.execute(delete(RoomStep).where(RoomStep.draft_id == draft_id, forgotten))
    db.session.execute(
        insert(RoomStep).values(
            draft_id=draft_id, number=step, deed=deed, names=list(names), before=before, after=after
        )
    )
    _record(event, draft, deed, names, actor, now)


@action
def undo(event: EventView, draft: Draft, *, version: int, actor: str, now: datetime) -> None:
    """Take the last change of the draft back.

    Raises:
        Conflict: the draft was changed since, or there is nothing to take back.
    """
    if version != draft.version:
        raise DRAFT_CHANGED.conflict()
    if draft.undo is None:
        raise NOTHING_TO_UNDO.conflict()
    before = _kept(RoomStep.before, draft, draft.undo)
    _store(event, draft, patched(draft.layout, before), draft.undo.number - 1)
    _record(event, draft, "undone", draft.undo.names, actor, now)


@action
def redo(event: EventView, draft: Draft, *, version: int, actor: str, now: datetime) -> None:
    """Do the change again that was undone last.

    Raises:
        Conflict: the draft was changed since, or there is nothing to do again.
    """
    if version != draft.version:
        raise DRAFT_CHANGED.conflict()
    if draft.redo is None:
        raise NOTHING_TO_UNDO.conflict()
    after = _kept(RoomStep.after, draft, draft.redo)
    _store(event, draft, patched(draft.layout, after), draft.redo.number)
    _record(event, draft, "redone", draft.redo.names, actor, now)


def settle_draft(event: EventView, draft: Draft) -> None:
    """Let the draft be the published room again, inside the running action; its steps led there and end there.

    Raises:
        Conflict: the draft was changed since.
    """
    requires_action()
    settled = db.session.scalar(
        update(RoomDraft)
        .where(RoomDraft.event_id == event.id, RoomDraft.version == draft.version)
        .values(document={}, step=0, version=draft.version + 1)
        .returning(RoomDraft.id)
    )
    if settled is None:
        raise DRAFT_CHANGED.conflict()
    db.session.execute(delete(RoomStep).where(RoomStep.draft_id == settled))


def _kept(side: InstrumentedAttribute[dict[str, Any]], draft: Draft, step: Step) -> dict[str, Any]:
    """One side of a step of the draft.

    Raises:
        Conflict: somebody was quicker, and the step is no more.
    """
    found = db.session.scalar(select(side).where(RoomStep.draft_id == draft.id, RoomStep.number == step.number))
    if found is None:
        raise DRAFT_CHANGED.conflict()
    return found


def _store(event: EventView, draft: Draft, layout: Layout, step: int) -> int:
    """Write the layout if the draft is still at its version; the first change begins the draft."""
    values = {"document": document_of(layout), "step": step, "version": draft.version + 1}
    if draft.id is None:
        return int(
            db.session.execute(
                insert(RoomDraft).values(event_id=event.id, **values).returning(RoomDraft.id)
            ).scalar_one()
        )
    stored = db.session.scalar(
        update(RoomDraft)
        .where(RoomDraft.id == draft.id, RoomDraft.version == draft.version)
        .values(**values)
        .returning(RoomDraft.id)
    )
    if stored is None:
        raise DRAFT_CHANGED.conflict()
    return int(stored)


def _record(event: EventView, draft: Draft, deed: str, names: Sequence[str], actor: str, now: datetime) -> None:
    record(
        f"draft.{deed}",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"event:{event.id}",
        now=now,
        detail={"version": draft.version + 1, "names": list(names)[:12]},
    )
