"""What the streams of a seat map carry: seats as everybody sees them, rendered once for all who look alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from flask_babel import force_locale

from portal.audit.queries import last_change
from portal.events.queries import find_event
from portal.events.rules import EventView
from portal.invitations.queries import members_of
from portal.invitations.rules import Viewer
from portal.kit import clock
from portal.kit.live import EVERYTHING, message
from portal.seating.queries.live import households_of, last_end_of_hold, links_of
from portal.seating.queries.room import room
from portal.seating.rules.cards import SeatCard, shared_card
from portal.seating.rules.changes import MEMORY, Change, Glance, Memory, change_between, glance, mark_of
from portal.seating.rules.picking import why_not_pick
from portal.seating.rules.views import Look, SeatRow, TableRow, seat_state

SILENCE = timedelta(seconds=5)
"""Between two sentences for those who listen to the page."""

MOST_KEPT = 5_000
"""Rendered parts that are kept; beyond that all are made anew."""


@dataclass(slots=True)
class Looker:
    """A listener: the household, what of the room it looks at, and how that looks to it."""

    invitation_id: int
    look: Look
    glance: Glance


class MapSource:
    """The room of one event, what changed in it lately, and how that looks."""

    pace = 0.25

    def __init__(self, event: EventView) -> None:
        self._event = event
        self._tables: tuple[TableRow, ...] = ()
        self._households: dict[int, int] = {}
        self._memory: Memory | None = None
        self._change: Change | None = None
        self._can_pick = False
        self._parts: dict[tuple[str, int, Glance], str] = {}
        self._news: dict[Glance, bytes] = {}
        self._unspoken: dict[Glance, tuple[datetime, int]] = {}
        self._links: dict[int, tuple[int, bool]] | None = None
        self._shut: set[int] = set()

    def read(self, topics: frozenset[str], now: datetime) -> datetime | None:
        """Compare the room with what was known of it; by itself it changes when a hold or a wait ends."""
        event = self._event
        if topics & {"events", "rooms", EVERYTHING}:
            event = self._event = find_event(event.id, organization_ids=[event.organization_id]) or event
        self._shut = self._shut_links(topics)
        here, can_pick = room(event.id, now), why_not_pick(event, now) is None
        tables = here.tables
        households = self._households | self._households_of(tables)
        if self._memory is None:
            self._memory = Memory(self._quiet_since(now))
            self._change = Change(now)
        else:
            as_before = can_pick == self._can_pick and "rooms" not in topics
            self._change = change_between(self._tables, tables, households, now) if as_before else None
            self._remember(self._memory, now)
        self._tables, self._can_pick = tables, can_pick
        self._households = self._households_of(tables)
        ends = (here.until, event.seats_open_at, event.seats_close_at or event.starts_at)
        return min((end for end in ends if end is not None and end > now), default=None)

    def news(self, about: Looker) -> bytes:
        """The seats that turned, as this listener sees them; or only that something of theirs has, or too much."""
        if about.invitation_id in self._shut:
            return message(event="stale", at=clock.now())
        if self._change is None:
            self._look_again(about)
            return message(event="stale", at=clock.now())
        if about.invitation_id in self._change.households or self._is_near(self._change, about):
            return self._personal(self._change, about)
        if about.glance not in self._news:
            self._news[about.glance] = self._fragments(self._change, about.glance, speak=True)
        return self._news[about.glance]

    def since(self, about: Looker, moment: datetime) -> bytes:
        """All seats that turned since; or that too much may have."""
        now = clock.now()
        missed = self._memory.since(moment, now) if self._memory else None
        if missed is None:
            return message(event="stale", at=now)
        if about.invitation_id in missed.households or self._is_near(missed, about):
            return self._personal(missed, about)
        return self._fragments(missed, about.glance) or message(at=now)

    def _shut_links(self, topics: frozenset[str]) -> set[int]:
        """The invitations whose open pages are to look again: their link was withdrawn or replaced just now."""
        if self._links is not None and not topics & {"links", EVERYTHING}:
            return set()
        before, self._links = self._links, links_of(self._event.id)
        return {each for each, link in self._links.items() if before is not None and before.get(each) != link}

    def _quiet_since(self, now: datetime) -> datetime:
        """The last change there was, whatever it was: what is older than the first listener is not known in detail."""
        moments = (last_change(self._event.id), last_end_of_hold(self._event.id, now))
        return max((moment for moment in moments if moment is not None), default=now - MEMORY)

    def _households_of(self, tables: Sequence[TableRow]) -> dict[int, int]:
        places = {seat.assignment_id for table in tables for seat in table.seats if seat.assignment_id is not None}
        known = {place: self._households[place] for place in places if place in self._households}
        unknown = places - known.keys()
        return known | (households_of(unknown) if unknown else {})

    def _remember(self, memory: Memory, now: datetime) -> None:
        self._news.clear()
        if self._change is None:
            memory.forget(now)
            self._parts.clear()
            return
        memory.add(self._change)
        changed = self._change.seats | self._change.tables
        if changed:
            self._parts = {key: part for key, part in self._parts.items() if key[1] not in changed}
        if len(self._parts) > MOST_KEPT:
            self._parts.clear()

    def _is_near(self, change: Change, about: Looker) -> bool:
        """Whether a table turned at which they sit, and which they see as a whole, with themselves at it."""
        near = change.tables and about.glance.table is None
        return bool(near) and any(seat.table_id in change.tables for seat in self._seats_of(about))

    def _seats_of(self, about: Looker) -> list[SeatRow]:
        seats = (seat for table in self._tables for seat in table.seats if seat.assignment_id is not None)
        return [seat for seat in seats if self._households.get(seat.assignment_id or 0) == about.invitation_id]

    def _personal(self, change: Change, about: Looker) -> bytes:
        """That their own rendering is to be fetched: of all that is theirs, with what they have now, or of the map."""
        if about.invitation_id not in change.households:
            return message(event="stale", at=change.at)
        self._look_again(about)
        return message(mark_of(self._seats_of(about)), event="ours", at=change.at)

    def _look_again(self, about: Looker) -> None:
        """What changed may have changed for whom they are looking."""
        members = members_of(about.invitation_id, clock.now())[0]
        viewer = Viewer(about.invitation_id, "", "", "", None, self._event, members)
        about.glance = glance(viewer, about.look, about.glance.language)

    def _fragments(self, change: Change, of: Glance, *, speak: bool = False) -> bytes:
        with force_locale(of.language):
            parts = [
                part
                for table in self._tables
                if table.id in change.tables and of.table in {None, table.slug}
                for part in self._parts_of(table, change, of)
            ]
            if parts and speak:
                parts.append(self._sentence(change, of))
        return message("".join(parts), at=change.at) if parts else b""

    def _parts_of(self, table: TableRow, change: Change, of: Glance) -> list[str]:
        if of.table is None:
            return [self._part("_table_mark" if of.is_plan else "_table_state", table.id, table, of)]
        plates = [self._part("_seat", seat.id, table, of) for seat in table.seats if seat.id in change.seats]
        return [*plates, self._part("_free_seats", table.id, table, of)]

    def _part(self, name: str, part_id: int, table: TableRow, of: Glance) -> str:
        """A fragment with the place it goes to; made once for all who look alike, until it changes."""
        key = (name, part_id, of)
        if key not in self._parts:
            open_to = of.open_to or of.categories
            self._parts[key] = render_template(
                "seating/change.html",
                part=f"seating/{name}.html",
                target=f"{name[1:].replace('_', '-')}-{part_id}",
                card=shared_card(table, of.people, of.categories),
                plate=next((SeatCard(s, seat_state(s, (), open_to)) for s in table.seats if s.id == part_id), None),
                can_pick=self._can_pick and bool(of.open_to),
            )
        return self._parts[key]

    def _sentence(self, change: Change, of: Glance) -> str:
        """How many seats changed, for those who listen to the page: now and then, not every time."""
        tables = [table for table in self._tables if table.id in change.tables and of.table in {None, table.slug}]
        count = sum(seat.id in change.seats for table in tables for seat in table.seats)
        spoken, before = self._unspoken.get(of, (change.at - SILENCE, 0))
        if change.at - spoken < SILENCE:
            self._unspoken[of] = (spoken, before + count)
            return ""
        self._unspoken[of] = (change.at, 0)
        return render_template("seating/changed.html", count=before + count, tables=tables)
