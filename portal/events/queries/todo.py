"""What there is to sort out: only things that a host can do something about, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, literal, select

from portal.audit.models import Activity
from portal.events.queries.kitchen import Kitchen, kitchen
from portal.events.queries.room import Room, room
from portal.events.queries.tallies import PartTally, Tallies, part_tallies, tallies
from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp
from portal.invitations.rules import ALLERGIES, split_dietary
from portal.kit.schema import db
from portal.seating.models import GuestAssignment, Table

NEW_FOR = timedelta(days=3)
NEAR = timedelta(days=7)
"""How long an allergy is new to whoever has not seen the kitchen sheet; and how close an event or its deadline is when
both become pressing."""

MOST_BY_NAME = 2
"""How many new allergies are told each with its name; more are told together."""


@dataclass(frozen=True)
class Thing:
    """One thing to sort out: of which kind, how many it is about, and the names and numbers it is told with.

    Two of a kind differ in ``about``, the id of their table, part or member.
    """

    kind: str
    count: int
    name: str = ""
    of: int = 0
    needs: tuple[str, ...] = ()
    table: str = ""
    at: datetime | None = None
    about: int | None = None


def things(event: EventView, now: datetime, seen: datetime | None) -> list[Thing]:
    """Everything to sort out, where nothing else of the event is at hand."""
    return sort_out(event, tallies(event), room(event), kitchen(event), part_tallies(event), now, seen)


def sort_out(
    event: EventView,
    counts: Tallies,
    tables: Room,
    food: Kitchen,
    parts: Sequence[PartTally],
    now: datetime,
    seen: datetime | None,
) -> list[Thing]:
    """Everything to sort out, for whoever has ``seen`` the kitchen sheet then; one statement more than is given."""
    over = [
        Thing("table", table.guests - table.capacity, table.name, table.capacity, about=table.id)
        for table in tables.over
    ]
    full = [
        Thing("part", part.people - (part.capacity or 0), part.title, part.people, about=part.id)
        for part in parts
        if part.is_over
    ]
    news = _new_allergies(event, now, seen) if food.allergies else []
    return [*over, *full, *_people(counts, news, food), *_invitations(event, counts, now)]


def _people(counts: Tallies, news: Sequence[Thing], food: Kitchen) -> Iterator[Thing]:
    if counts.has_seats and counts.unseated:
        name = counts.first_unseated if counts.unseated_households == 1 else ""
        yield Thing("unseated", counts.unseated, name, counts.unseated_households)
    yield from news
    if counts.listed:
        yield Thing("listed", counts.listed, of=counts.listed_households)
    if (food.allergies or food.own_words) and not news:
        needs = tuple(f"{count} {need}" for need, count in food.allergies[:3])
        yield Thing("needs", food.with_needs, needs=needs, of=food.own_words)


def _invitations(event: EventView, counts: Tallies, now: datetime) -> Iterator[Thing]:
    deadline = event.rsvp_deadline
    if deadline is not None and now < deadline <= now + NEAR and counts.waiting:
        yield Thing("pending", counts.waiting, at=deadline)
    if counts.unopened:
        yield Thing("unopened", counts.unopened, at=counts.first_sent)
    if counts.unnamed:
        yield Thing("unnamed", counts.unnamed)
    if counts.noted:
        yield Thing("notes", counts.noted)


def _new_allergies(event: EventView, now: datetime, seen: datetime | None) -> list[Thing]:
    """Who has told of an allergy since the kitchen sheet was seen; if never, lately or in the event's last week."""
    since = seen or now - (NEAR if event.starts_at - now <= NEAR else NEW_FOR)
    told = select(Activity.subject).where(
        Activity.event_id == event.id,
        Activity.at >= since,
        Activity.verb == "member.updated",
        Activity.detail["needs"].as_boolean(),
    )
    rows = db.session.execute(
        select(InvitationGuest.id, Guest.name, InvitationGuest.dietary, func.coalesce(Table.name, ""))
        .select_from(InvitationGuest)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(Table, GuestAssignment.table_id == Table.id)
        .where(
            InvitationGuest.event_id == event.id,
            InvitationGuest.rsvp == Rsvp.ACCEPTED,
            InvitationGuest.dietary != "",
            Invitation.revoked_at.is_(None),
            (literal("member:") + cast(InvitationGuest.id, String)).in_(told),
        )
        .order_by(InvitationGuest.id)
    )
    found = [
        (member, name, tuple(need for need in split_dietary(words)[0] if need in ALLERGIES), table)
        for member, name, words, table in rows
    ]
    news = [
        Thing("allergy", 1, name, needs=needs, table=table, about=member)
        for member, name, needs, table in found
        if needs
    ]
    return news if len(news) <= MOST_BY_NAME else [_together(news)]


def _together(news: Sequence[Thing]) -> Thing:
    """Many new allergies as one thing, so that they hide nothing else."""
    needs = {need for thing in news for need in thing.needs}
    return Thing("allergies", len(news), needs=tuple(need for need in ALLERGIES if need in needs))
