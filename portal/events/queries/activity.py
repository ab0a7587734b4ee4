"""The log of an event as its hosts read it: who did what, when, to whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, and_, cast, func, not_, or_, select

from portal.audit.models import Activity
from portal.audit.queries import Entry
from portal.events.rules import EventView
from portal.invitations.models import Guest, InvitationGuest
from portal.kit.schema import db
from portal.kit.text import search_key
from portal.organizations.queries import names_of_users
from portal.seating.models import Table

PAGE = 50
MOST_FOUND = 200
"""Guests of one name that are looked for at once."""

GUESTS = "guests"
"""Stands for all households among those who may have done something."""


class Kind(StrEnum):
    """What somebody may want to read about."""

    ALL = "all"
    ANSWERS = "answers"
    SEATS = "seats"
    GUESTS = "guests"
    ROOM = "room"
    EVENT = "event"


VERBS = {
    Kind.ANSWERS: ("invitation.answered", "invitation.opened", "member.updated", "language.", "waiting."),
    Kind.SEATS: ("seat.", "place.", "request.", "notice."),
    Kind.GUESTS: ("invitation.", "member.", "link.", "import.", "guest."),
    Kind.ROOM: ("table.", "tables.", "room.", "draft."),
    Kind.EVENT: ("event.", "session.", "organizer.", "feed."),
}
"""How the verbs of each kind begin; what guests answer is no matter of the guest list."""


@dataclass(frozen=True)
class Search:
    """What a host looks for in the log, and before which entry the page begins."""

    words: str = ""
    table_id: int | None = None
    actor: str = ""
    kind: Kind = Kind.ALL
    before: int | None = None

    def arguments(self) -> dict[str, str | int | None]:
        """The same search as an address holds it, from its beginning."""
        kind = str(self.kind) if self.kind is not Kind.ALL else None
        return {"q": self.words or None, "table": self.table_id, "actor": self.actor or None, "kind": kind}


@dataclass(frozen=True)
class ActivityPage:
    """One page of the log, newest first, and who of the hosts did something in it."""

    entries: list[Entry]
    names: dict[str, str]
    next_before: int | None

    def days(self, time_zone: str) -> list[tuple[date, list[Entry]]]:
        """The entries by the days of the event's own calendar."""
        zone = ZoneInfo(time_zone)
        return [
            (day, list(found)) for day, found in groupby(self.entries, lambda each: each.at.astimezone(zone).date())
        ]


def activity_page(event: EventView, search: Search) -> ActivityPage:
    """At most ``PAGE`` entries, paged by key: three statements, one more for a search by name or by table.

    What hosts do in the address book belongs to no event, and is told at each to which that guest is invited.
    """
    conditions = _conditions(event, search)
    invited = select("guest:" + cast(InvitationGuest.guest_id, Text)).where(InvitationGuest.event_id == event.id)
    # The guest says whose entry it is; asked for the organization as well, SQLite reads the log of all its events.
    in_the_book = and_(Activity.event_id.is_(None), Activity.subject.in_(invited))
    found = [row for where in (_of_event(event), in_the_book) for row in _latest(where, *conditions)]
    rows = sorted(found, key=lambda row: (row.at, row.id), reverse=True)
    entries = [Entry(*row) for row in rows[:PAGE]]
    names = names_of_users([entry.actor for entry in entries])
    return ActivityPage(entries, names, entries[-1].id if len(rows) > PAGE else None)


def _of_event(event: EventView) -> ColumnElement[bool]:
    return and_(Activity.event_id == event.id, Activity.organization_id == event.organization_id)


def _latest(*conditions: ColumnElement[bool]) -> Sequence[Any]:
    return db.session.execute(
        select(Activity.id, Activity.verb, Activity.actor, Activity.subject, Activity.detail, Activity.at)
        .where(*conditions)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(PAGE + 1)
    ).all()


def actors_of(event: EventView) -> list[tuple[str, str]]:
    """The hosts who ever did something at this event, as the log names them and by name."""
    actors = db.session.scalars(
        select(Activity.actor).where(Activity.event_id == event.id, Activity.actor.startswith("user:")).distinct()
    )
    return sorted(names_of_users(actors).items(), key=lambda each: each[1])


def tables_of(event: EventView) -> list[tuple[int, str]]:
    """The tables as they stand, in the order they were laid."""
    rows = db.session.execute(select(Table.id, Table.name).where(Table.event_id == event.id).order_by(Table.id))
    return [(row.id, row.name) for row in rows]


def _conditions(event: EventView, search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.actor:
        conditions.append(
            Activity.actor.startswith("guest:") if search.actor == GUESTS else Activity.actor == search.actor
        )
    if search.kind is not Kind.ALL:
        conditions.append(_of_kind(search.kind))
    if search.table_id is not None:
        conditions.append(_about_table(event, search.table_id))
    if search.words:
        conditions.append(_about_guest(event, search.words))
    if search.before is not None:
        theirs = Activity.organization_id == event.organization_id
        last = select(Activity.at).where(Activity.id == search.before, theirs).scalar_subquery()
        conditions.append(or_(Activity.at < last, and_(Activity.at == last, Activity.id < search.before)))
    return conditions


def _of_kind(kind: Kind) -> ColumnElement[bool]:
    begins = or_(*(Activity.verb.startswith(verb) for verb in VERBS[kind]))
    return and_(begins, not_(_of_kind(Kind.ANSWERS))) if kind is Kind.GUESTS else begins


def _about_table(event: EventView, table_id: int) -> ColumnElement[bool]:
    """What names the table as it is called now; one that is not of the event finds nothing."""
    name = db.session.scalar(select(Table.name).where(Table.event_id == event.id, Table.id == table_id))
    if name is None:
        return Activity.id.is_(None)
    return or_(Activity.subject == f"table:{table_id}", *(_mentions(f'"table": {word}') for word in _spellings(name)))


def _about_guest(event: EventView, words: str) -> ColumnElement[bool]:
    """What was done by, to or with people of this name or their household, also by a name they no longer have."""
    found = db.session.execute(
        select(InvitationGuest.id, InvitationGuest.invitation_id, InvitationGuest.guest_id)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .where(InvitationGuest.event_id == event.id, Guest.search_key.contains(search_key(words), autoescape=True))
        .limit(MOST_FOUND)
    ).all()
    households = {row.invitation_id for row in found}
    subjects = {f"member:{row.id}" for row in found} | {f"invitation:{number}" for number in households}
    subjects |= {f"guest:{row.guest_id}" for row in found}
    return or_(
        Activity.subject.in_(subjects),
        Activity.actor.in_({f"guest:{number}" for number in households}),
        *(_mentions(word[1:-1]) for word in _spellings(words)),
    )


def _spellings(word: str) -> set[str]:
    """How a word may stand in a document: the two engines write letters beyond ASCII each their own way."""
    return {json.dumps(word), json.dumps(word, ensure_ascii=False)}


def _mentions(words: str) -> ColumnElement[bool]:
    """As it is typed, or in any case where the engine knows of cases: beyond ASCII not every one does."""
    told = cast(Activity.detail, Text)
    return or_(
        told.contains(words, autoescape=True), func.lower(told).contains(words.lower(), autoescape=True)
    )  # fmt: skip
