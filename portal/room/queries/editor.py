"""What the pages about the room need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import User
from portal.events.rules import EventView
from portal.kit.conflicts import Conflict
from portal.kit.schema import db
from portal.room.queries.drafts import Draft, Told, changes_since, get_draft
from portal.room.queries.people import guest_names, sitters
from portal.room.rules.drawing import Look, Zone, zones
from portal.room.rules.laying import COLUMNS, STEP, first_free, overlaps
from portal.room.rules.layout import AROUND, DEEPEST, DraftSeat, DraftTable, Landmark
from portal.room.rules.publishing import Affected, Sitter, propose

MOST_PLACES = 12
"""So many free places are offered for a table that is to be moved."""


@dataclass(frozen=True)
class EditorPage:
    """The floor plan of a draft, with what is chosen in it.

    Attributes:
        version: what forms say they were filled from.
        zones: the parts of the room, and the one that is shown.
        table: the table that is chosen, if one is; or a landmark.
        sitting: who sits at the chosen table.
        captain: the name of its captain.
        places: where it could be moved.
        overlaps: what stands in each other's way.
        conflict: what was refused, and the fields that were sent with it.
        told: what others did to the draft meanwhile.
        form: the form about what is chosen, as it was typed.
        wrong: what is wrong with the chairs that were typed.
        seats: the chairs of the chosen table, as they were typed if that was not understood.
        place: the free place that was chosen for the table, to be saved.
    """

    event: EventView
    draft: Draft
    version: int
    zones: list[Zone]
    zone: Zone
    table: DraftTable | None = None
    landmark: Landmark | None = None
    sitting: Sequence[Sitter] = ()
    captain: str = ""
    places: Sequence[tuple[int, int]] = ()
    overlaps: Sequence[tuple[str, str]] = ()
    conflict: Conflict | None = None
    typed: Sequence[tuple[str, str]] = ()
    told: Sequence[tuple[str, Told]] = ()
    form: Any = None
    wrong: str = ""
    seats: Sequence[DraftSeat] = ()
    place: tuple[int, int] | None = None

    @property
    def taken(self) -> set[int]:
        """The seats of the chosen table that somebody has or is choosing."""
        return {one.seat_id for one in self.sitting if one.seat_id is not None}

    @property
    def marks(self) -> list[Landmark]:
        """The landmarks of the part that is shown."""
        marks = self.draft.layout.landmarks.values()
        return [mark for mark in marks if mark.y + mark.height > self.zone.top and mark.y < self.zone.bottom]


def editor_page(
    event: EventView,
    look: Look,
    now: datetime,
    *,
    draft: Draft | None = None,
    conflict: Conflict | None = None,
    typed: Sequence[tuple[str, str]] = (),
    since: int | None = None,
    form: Any = None,
    wrong: str = "",
    seats: Sequence[DraftSeat] = (),
) -> EditorPage:
    """The draft as it is now; the statements do not grow with the room.

    Args:
        event: whose room.
        look: what is looked at.
        now: holds that have run out by then are nobody's.
        draft: as it was just read, if it was.
        conflict: what was refused.
        typed: the fields that were sent with what was refused.
        since: the version that whoever was refused had seen.
        form: the form about what is chosen, if it was not understood.
        wrong: what was not understood about the chairs.
        seats: the chairs as they were typed then.
    """
    draft = draft or get_draft(event.id)
    layout = draft.layout
    table = layout.tables.get(look.table_id or 0)
    parts = zones(layout)
    shown = _shown(parts, table, look.zone)
    places = _places(draft, table, shown, is_whole=len(parts) == 1) if table and look.moving else []
    return EditorPage(
        event=event,
        draft=draft,
        version=draft.version,
        zones=parts,
        zone=replace(shown, bottom=max([shown.bottom, *(y + AROUND + 10 for _, y in places)])),
        table=table,
        landmark=layout.landmarks.get(look.landmark_id or 0) if table is None else None,
        sitting=sitting_at(event, [table.id], now) if table and not table.is_new else [],
        captain=_name(table.captain_id) if table and table.captain_id else "",
        places=places,
        overlaps=overlaps(layout)[:6],
        conflict=conflict,
        typed=typed,
        told=named(changes_since(event, since)) if since is not None else [],
        form=form,
        wrong=wrong,
        seats=seats or (table.seats if table else ()),
        place=(look.x, look.y) if look.x is not None and look.y is not None else None,
    )


def sitting_at(event: EventView, table_ids: Collection[int], now: datetime) -> list[Sitter]:
    """Who has a seat at these tables, is choosing one, or has a place there."""
    return sitters(event.id, now, table_ids=table_ids)


def named(told: Sequence[Told]) -> list[tuple[str, Told]]:
    """Each change with the name of whoever made it; nothing for the operator."""
    ids = {int(one.actor.partition(":")[2]) for one in told if one.actor.startswith("user:")}
    names = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    return [(names.get(int(one.actor.partition(":")[2] or 0), ""), one) for one in told]


def _name(guest_id: int) -> str:
    return guest_names([guest_id]).get(guest_id, "")


def _shown(parts: Sequence[Zone], table: DraftTable | None, number: int | None) -> Zone:
    """The part that was asked for, else the one with the chosen table, else the first."""
    asked = next((part for part in parts if part.number == number), None)
    holding = next((part for part in parts if table and table in part.tables), None)
    return (holding if table else asked) or asked or parts[0]


def _places(draft: Draft, table: DraftTable, zone: Zone, *, is_whole: bool) -> list[tuple[int, int]]:
    """Free places for a table in the part that is shown, near where it stands: a few of each column."""
    others = {each: other for each, other in draft.layout.tables.items() if each != table.id}
    found: list[tuple[int, int]] = []
    for x in COLUMNS:
        y = max(46, table.y - 200)
        for _ in range(MOST_PLACES // len(COLUMNS)):
            y = first_free(others, draft.layout.landmarks, x, y)
            found.append((x, y))
            y += STEP
    least, most = zone.top + AROUND, DEEPEST if is_whole else zone.bottom - AROUND
    free = [(x, y) for x, y in found if least <= y <= most and max(abs(x - table.x), abs(y - table.y)) > AROUND]
    return sorted(free, key=lambda place: (place[1], place[0]))


@dataclass(frozen=True)
class PublishPage:
    """What publishing would change, and for whom.

    Attributes:
        affected: everybody whose chair goes, with the chair that is proposed.
        conflict: why it was not published, if it was tried.
    """

    event: EventView
    draft: Draft
    affected: list[Affected]
    conflict: Conflict | None = None


def publish_page(event: EventView, now: datetime, *, conflict: Conflict | None = None) -> PublishPage:
    """What publishing the draft would do now."""
    draft = get_draft(event.id)
    people = sitters(event.id, now) if draft.difference.gone or draft.difference.removed else []
    return PublishPage(event, draft, propose(draft.layout, draft.published, people), conflict)
