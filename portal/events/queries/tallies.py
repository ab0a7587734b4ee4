"""How many come: by person, by household, by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, case, cast, extract, false, func, select

from portal.events.models import EventSession
from portal.events.rules import EventView
from portal.invitations.models import Guest, Invitation, InvitationGuest, Rsvp, SessionAnswer
from portal.kit.schema import db
from portal.seating.models import ClaimState, GuestAssignment, SeatClaim, Table
from portal.waiting.models import Waiting

FEWEST_DAYS = 14
MOST_DAYS = 45
DAYS_AHEAD = 14
QUARTER = 15 * 60
"""Every time zone's day begins on a quarter of an hour, so quarters can be added up to anybody's days."""


@dataclass(frozen=True)
class Tallies:
    """An event in numbers, by person unless the name says otherwise.

    Who stands on the waiting list has said that they would come, and is not
    counted among those who are still to answer.
    """

    households: int
    people: int
    coming: int
    declined: int
    waiting: int
    seated: int
    unseated_households: int
    first_unseated: str
    noted: int
    unopened: int
    has_seats: bool
    listed: int = 0
    listed_households: int = 0
    unnamed: int = 0
    first_sent: datetime | None = None
    households_coming: int = 0
    households_partly: int = 0
    households_declined: int = 0

    @property
    def unseated(self) -> int:
        """Those who come and have no seat yet."""
        return self.coming - self.seated

    @property
    def answered(self) -> int:
        """Those who have said yes or no."""
        return self.coming + self.declined

    @property
    def households_waiting(self) -> int:
        """Invitations on which nobody has answered."""
        return self.households - self.households_coming - self.households_partly - self.households_declined


@dataclass(frozen=True)
class PartTally:
    """A part of the event with how many come to it."""

    id: int
    title: str
    starts_at: datetime
    capacity: int | None
    people: int

    @property
    def is_over(self) -> bool:
        """Whether more people come than there is room for."""
        return self.capacity is not None and self.people > self.capacity

    @property
    def share(self) -> float:
        """How much of the room is taken, from 0 to 1; without a limit there is nothing to fill."""
        return min(1.0, self.people / self.capacity) if self.capacity else 0.0


@dataclass(frozen=True)
class AnswerCount:
    """How many come and how many have not said yet, at one event."""

    coming: int = 0
    waiting: int = 0
    people: int = 0

    @property
    def answered(self) -> int:
        """Those who have said yes or no."""
        return self.people - self.waiting


@dataclass(frozen=True)
class Day:
    """The answers given on one day of the event's own calendar; ``at`` is its noon."""

    at: datetime
    answers: int
    is_today: bool
    is_ahead: bool


def tallies(event: EventView) -> Tallies:
    """The numbers of an event: two statements, whatever its size."""
    listed = (InvitationGuest.rsvp == Rsvp.PENDING) & _on_the_list(event)
    people = db.session.execute(
        select(
            func.count(),
            _count(InvitationGuest.rsvp == Rsvp.ACCEPTED),
            _count(InvitationGuest.rsvp == Rsvp.DECLINED),
            _count(InvitationGuest.rsvp == Rsvp.PENDING),
            _count(SeatClaim.id.is_not(None)),
            func.count(case((_unseated(), InvitationGuest.invitation_id)).distinct()),
            func.min(case((_unseated(), Invitation.name))),
            _count(InvitationGuest.note != ""),
            _count(listed),
            func.count(case((listed, InvitationGuest.invitation_id)).distinct()),
            _count((Guest.name == "") & (InvitationGuest.rsvp == Rsvp.ACCEPTED)),
        )
        .select_from(InvitationGuest)
        .join(Guest, InvitationGuest.guest_id == Guest.id)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .outerjoin(Waiting, Waiting.invitation_id == Invitation.id)
        .outerjoin(GuestAssignment, GuestAssignment.member_id == InvitationGuest.id)
        .outerjoin(SeatClaim, (SeatClaim.assignment_id == GuestAssignment.id) & (SeatClaim.state == ClaimState.TAKEN))
        .where(InvitationGuest.event_id == event.id, Invitation.revoked_at.is_(None))
    ).one()
    households = _households(event)
    total, coming, declined, pending, seated, unseated_households, first_unseated, noted, *waiting_list = people
    return Tallies(
        people=total,
        coming=coming,
        declined=declined,
        waiting=pending - waiting_list[0],
        seated=seated,
        unseated_households=unseated_households,
        first_unseated=first_unseated or "",
        noted=noted,
        listed=waiting_list[0],
        listed_households=waiting_list[1],
        unnamed=waiting_list[2],
        **households,
    )


def _households(event: EventView) -> dict[str, Any]:
    """What is counted by invitation; one that nobody is on counts as one on which nobody has answered."""
    answers = (
        select(
            InvitationGuest.invitation_id,
            func.count().label("people"),
            _count(InvitationGuest.rsvp == Rsvp.ACCEPTED).label("yes"),
            _count(InvitationGuest.rsvp == Rsvp.DECLINED).label("no"),
        )
        .where(InvitationGuest.event_id == event.id)
        .group_by(InvitationGuest.invitation_id)
        .subquery()
    )
    theirs = answers.c
    unopened = Invitation.sent_at.is_not(None) & Invitation.opened_at.is_(None)
    counts = {
        "households": func.count(),
        "unopened": _count(unopened),
        "first_sent": func.min(case((unopened, Invitation.sent_at))),
        "households_coming": _count(theirs.yes == theirs.people),
        "households_declined": _count(theirs.no == theirs.people),
        "households_partly": _count(
            (theirs.yes + theirs.no > 0) & (theirs.yes < theirs.people) & (theirs.no < theirs.people)
        ),
        "has_seats": select(Table.id).where(Table.event_id == event.id).exists(),
    }
    row = db.session.execute(
        select(*[column.label(name) for name, column in counts.items()])
        .select_from(Invitation)
        .outerjoin(answers, theirs.invitation_id == Invitation.id)
        .where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None))
    ).one()
    return {**row._mapping, "has_seats": bool(row.has_seats)}


def part_tallies(event: EventView) -> list[PartTally]:
    """Each part of the event with those who come to it, in the order they begin; one statement."""
    people = (
        select(SessionAnswer.session_id, func.count().label("people"))
        .join(InvitationGuest, SessionAnswer.member_id == InvitationGuest.id)
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            SessionAnswer.event_id == event.id,
            InvitationGuest.rsvp == Rsvp.ACCEPTED,
            Invitation.revoked_at.is_(None),
        )
        .group_by(SessionAnswer.session_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            EventSession.id,
            EventSession.title,
            EventSession.starts_at,
            EventSession.capacity,
            func.coalesce(people.c.people, 0),
        )
        .outerjoin(people, people.c.session_id == EventSession.id)
        .where(EventSession.event_id == event.id)
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return [PartTally(*row) for row in rows]


def answer_counts(event_ids: Sequence[int]) -> dict[int, AnswerCount]:
    """Who comes to each of several events, by event id; one statement."""
    rows = db.session.execute(
        select(
            InvitationGuest.event_id,
            _count(InvitationGuest.rsvp == Rsvp.ACCEPTED),
            _count(InvitationGuest.rsvp == Rsvp.PENDING),
            func.count(),
        )
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(InvitationGuest.event_id.in_(event_ids), Invitation.revoked_at.is_(None))
        .group_by(InvitationGuest.event_id)
    )
    found = {row[0]: AnswerCount(*row[1:]) for row in rows}
    return {event_id: found.get(event_id, AnswerCount()) for event_id in event_ids}


def answers_per_day(event: EventView, now: datetime) -> list[Day]:
    """The answers day by day, up to today or a deadline that is near; empty if nobody has answered.

    One statement: the database adds up by quarters of an hour, which are then
    put into the days of the event's own time zone.
    """
    seconds = cast(extract("epoch", InvitationGuest.responded_at), Integer)
    quarter = (seconds - seconds % QUARTER).label("quarter")
    rows = db.session.execute(
        select(quarter, func.count())
        .join(Invitation, InvitationGuest.invitation_id == Invitation.id)
        .where(
            InvitationGuest.event_id == event.id,
            InvitationGuest.responded_at.is_not(None),
            Invitation.revoked_at.is_(None),
        )
        .group_by(quarter)
    ).all()
    zone = ZoneInfo(event.time_zone)
    answers: Counter[date] = Counter()
    for began, count in rows:
        answers[datetime.fromtimestamp(began, zone).date()] += count
    return _days(answers, event, now.astimezone(zone).date()) if answers else []


def _days(answers: Counter[date], event: EventView, today: date) -> list[Day]:
    zone = ZoneInfo(event.time_zone)
    last = max(today, *answers)
    if event.rsvp_deadline is not None:
        deadline = event.rsvp_deadline.astimezone(zone).date()
        last = max(last, deadline) if deadline <= today + timedelta(days=DAYS_AHEAD) else last
    first = max(min(*answers, today - timedelta(days=FEWEST_DAYS - 1)), last - timedelta(days=MOST_DAYS - 1))
    return [
        Day(datetime.combine(day, time(12), zone), answers[day], day == today, day > today)
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    ]


def _unseated() -> ColumnElement[bool]:
    return (InvitationGuest.rsvp == Rsvp.ACCEPTED) & SeatClaim.id.is_(None)


def _on_the_list(event: EventView) -> ColumnElement[bool]:
    """An event that has lost its capacity has nobody waiting either."""
    return Waiting.id.is_not(None) if event.capacity is not None else false()


def _count(condition: ColumnElement[bool]) -> Any:
    return func.count(case((condition, 1)))
