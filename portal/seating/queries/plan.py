"""What the host's seating needs: the room with everybody's name, who has no seat, and how the chosen would sit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.events.rules import EventView
from portal.kit.schema import db
from portal.seating.models import SeatingStep
from portal.seating.queries.hurdles import Hurdle
from portal.seating.queries.people import household_page, people_at, people_of, unseated_count
from portal.seating.queries.room import Room, room
from portal.seating.rules.fitting import EVERY, TableFit, fit_of
from portal.seating.rules.people import Person
from portal.seating.rules.plan import Household, Looking, Zone, households_of, zones_of
from portal.seating.rules.views import SeatRow, TableRow


@dataclass(frozen=True)
class Chair:
    """A seat and whoever has it or is about to."""

    seat: SeatRow
    person: Person | None


@dataclass(frozen=True)
class TablePlan:
    """A table with everybody who belongs to it; ``standing`` are those who have no seat here."""

    table: TableRow
    chairs: tuple[Chair, ...]
    standing: tuple[Person, ...]
    fit: TableFit | None

    @property
    def free(self) -> int:
        """How many seats a host could give."""
        return len(self.table.free(EVERY))


@dataclass(frozen=True)
class LastStep:
    """What this host did last, and how many steps could be taken back."""

    id: int
    people: tuple[Person, ...]
    count: int
    steps: int


@dataclass(frozen=True)
class Plan:
    """The host's seating at one moment."""

    event: EventView
    look: Looking
    now: datetime
    tables: tuple[TablePlan, ...]
    count: int
    zones: tuple[Zone, ...]
    zone: Zone | None
    households: tuple[Household, ...]
    next_after: int | None
    picked: tuple[Person, ...]
    unseated: int
    last: LastStep | None
    hurdle: Hurdle | None = None

    @property
    def hidden(self) -> list[Person]:
        """Whoever is chosen and shown neither in the list nor at a table that is looked at."""
        listed = {person.id for household in self.households for person in household.people}
        seated = {chair.person.id for plan in self.tables for chair in plan.chairs if chair.person}
        standing = {person.id for plan in self.tables for person in plan.standing}
        return [person for person in self.picked if person.id not in listed | seated | standing]

    @property
    def listed(self) -> set[int]:
        """Who is in the list, and so is not offered once more at a table."""
        return {person.id for household in self.households for person in household.people}

    @property
    def picked_ids(self) -> set[int]:
        """The places of the chosen."""
        return {person.id for person in self.picked}


def plan_of(event: EventView, look: Looking, now: datetime, *, actor: str, hurdle: Hurdle | None = None) -> Plan:
    """The seating as it is now: a few statements, whatever the size of the event."""
    here = room(event.id, now)
    zones = zones_of(here.tables, event.landmarks)
    zone, tables = _looked_at(here, zones, look)
    households, next_after = household_page(event.id, after=look.after, words=look.words)
    places = [pick.place_id for pick in look.picks]
    holding = {seat.assignment_id for table in tables for seat in table.seats if seat.assignment_id is not None}
    everybody = people_of(
        event.id, places={*places, *holding}, tables=[table.id for table in tables], relatives_of=places
    )
    picked = [everybody[place] for place in dict.fromkeys(places) if place in everybody]
    return Plan(
        event=event,
        look=look,
        now=now,
        tables=tuple(_table_plan(table, everybody, picked) for table in tables),
        count=len(here.tables),
        zones=tuple(zones),
        zone=zone,
        households=tuple(households_of(households)),
        next_after=next_after,
        picked=tuple(picked),
        unseated=unseated_count(event.id),
        last=last_step(event.id, actor),
        hurdle=hurdle,
    )


def last_step(event_id: int, actor: str) -> LastStep | None:
    """What this host could take back first; two statements."""
    steps = db.session.execute(
        select(SeatingStep.id, SeatingStep.moves, func.count().over())
        .where(SeatingStep.event_id == event_id, SeatingStep.actor == actor, SeatingStep.undone_at.is_(None))
        .order_by(SeatingStep.id.desc())
        .limit(1)
    ).first()
    if steps is None:
        return None
    step_id, moves, count = steps
    first = [move[0] for move in moves[:3]]
    people = people_at(event_id, [place for place in first if place])
    return LastStep(step_id, tuple(people.values()), len(moves), count)


def _looked_at(here: Room, zones: list[Zone], look: Looking) -> tuple[Zone | None, tuple[TableRow, ...]]:
    """The zone, of a room that has some, and the tables to be shown: one, the zone's, or all."""
    one = [table for table in here.tables if table.id == look.table_id]
    if not zones:
        return None, tuple(one) or here.tables
    by_table = next((zone for zone in zones if one and one[0] in zone.tables), None)
    zone = by_table or next((zone for zone in zones if zone.number == look.zone), zones[0])
    return zone, tuple(one) or zone.tables


def _table_plan(table: TableRow, everybody: dict[int, Person], picked: list[Person]) -> TablePlan:
    chairs = tuple(Chair(seat, everybody.get(seat.assignment_id or 0)) for seat in table.seats)
    standing = tuple(p for p in everybody.values() if p.table_id == table.id and p.seat_id is None)
    return TablePlan(table, chairs, standing, fit_of(table, picked, everybody.values()) if picked else None)
