"""Taking back what a host did, step by step, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.kit.conflicts import Conflict
from portal.kit.database import action, tentatively
from portal.kit.schema import db
from portal.seating.actions.hosting import move_people
from portal.seating.actions.traces import Moved, record_moves
from portal.seating.models import SeatingStep
from portal.seating.rules.people import ANOTHER_STEP, Pick, Wish


@action
def take_back(event: EventView, *, step_id: int | None = None, partly: bool = False, actor: str, now: datetime) -> None:
    """Put everybody of this host's last step back where they were; without a step nothing happens.

    Args:
        event: whose guests.
        step_id: the step that the host was shown, None for whichever is the last.
        partly: leave out whoever cannot go back any more; if that is everybody, the step is left as it is for good.
        actor: the host.
        now: when.

    Raises:
        Conflict: another step is the last by now; or somebody was moved since, or their seat is somebody else's.
            Nobody was moved. ``detail`` of the latter is every such refusal, each with its wish.
    """
    lock_event(event.id)
    step = db.session.execute(
        select(SeatingStep.id, SeatingStep.moves)
        .where(SeatingStep.event_id == event.id, SeatingStep.actor == actor, SeatingStep.undone_at.is_(None))
        .order_by(SeatingStep.id.desc())
        .limit(1)
    ).first()
    if step is None:
        return
    if step_id not in {None, step.id}:
        raise ANOTHER_STEP.conflict()
    moved = _back(event, [_wish(move) for move in step.moves], partly, now)
    db.session.execute(update(SeatingStep).where(SeatingStep.id == step.id).values(undone_at=now))
    record_moves(event, "seat.restored" if moved else "seat.left", moved, actor, now)


def _back(event: EventView, wishes: Sequence[Wish], partly: bool, now: datetime) -> list[Moved]:
    try:
        with tentatively():
            return move_people(event, wishes, now)
    except Conflict as conflict:
        if not partly or not isinstance(conflict.detail, tuple):
            raise
        stuck = {refused.detail.place_id for refused in conflict.detail}
    rest = [wish for wish in wishes if wish.place_id not in stuck]
    return _back(event, rest, partly, now) if rest else []


def _wish(move: Sequence[int | None]) -> Wish:
    """Back to where they were, if they are still where the step put them."""
    place, table_before, seat_before, table_after, seat_after = move
    return Wish(Pick(place or 0, seat_after or 0, table_after or 0), seat_before, table_before)
