"""Making sample events; the same arguments give the same event as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.accounts.actions import add_user
from portal.accounts.models import User
from portal.events.actions import create_event
from portal.events.models import Event, Status
from portal.invitations.actions.groups import NewMember, add_invitation
from portal.kit.database import action
from portal.kit.schema import db
from portal.kit.text import email_key
from portal.organizations.actions import add_membership, found_organization
from portal.organizations.models import Organization, Role
from portal.seating.actions.room import add_tables
from portal.seating.models import Category
from portal.seating.rules.room import NewSeat, NewTable, floor_position

ACTOR = "system"
HOST_PASSWORD = "lanterns at the depot"  # noqa: S105 - printed for everybody who starts the demo
FIRST_NAMES = ("Ngozi", "Daniel", "Ada", "Tobi", "Inés", "Søren", "Aoife", "Hiroshi", "Leilani", "Mateo")
FAMILY_NAMES = ("Okafor", "Brandt", "Haddad", "Costa", "Park", "Mensah", "Rivera", "Novák", "Lindqvist", "Tanaka")


@dataclass(frozen=True)
class PlainEvent:
    """What the event for testing programs shall hold."""

    slug: str
    invitations: int
    members: int
    tables: int
    seats: int
    hold_seconds: int


@action
def prepare_event(wish: PlainEvent, *, password_hash: str, now: datetime) -> int:
    """The event for testing programs: published, open for answers and picking, nobody has answered.

    Labels and names follow from the numbers alone; codes are random and kept.
    Every fifth seat at the most is not regular: seat 1 of each table of at
    least ten is VIP, seat 2 reserved.

    Returns:
        The id of the event, which is left as it stands if it exists.
    """
    found = db.session.execute(select(Event.id).where(Event.slug == wish.slug, Event.deleted_at.is_(None))).scalar()
    if found is not None:
        return found
    organization_id = host_organization(f"{wish.slug}", password_hash=password_hash, now=now)
    starts_at = datetime.combine((now + timedelta(days=30)).date(), time(18, 30), ZoneInfo("Europe/London"))
    event_id = create_event(
        organization_id=organization_id,
        title="Lantern Night",
        slug=wish.slug,
        actor=ACTOR,
        now=now,
        place="The Old Tram Depot, Wharf Road",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=5),
        time_zone="Europe/London",
        status=Status.PUBLISHED,
        rsvp_deadline=starts_at - timedelta(days=2),
        hold_seconds=wish.hold_seconds,
        settings={"meals": ["Chicken", "Vegetarian", "Fish"], "contact": "the hosts"},
    )
    add_tables(
        organization_id=organization_id,
        event_id=event_id,
        tables=[_plain_table(index, wish.seats) for index in range(wish.tables)],
        actor=ACTOR,
        now=now,
    )
    for index in range(wish.invitations):
        family = FAMILY_NAMES[index % len(FAMILY_NAMES)]
        suffix = f" {index // len(FAMILY_NAMES) + 1}" if index >= len(FAMILY_NAMES) else ""
        add_invitation(
            organization_id=organization_id,
            event_id=event_id,
            name=f"{family} family{suffix}",
            members=[
                NewMember(f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {family}{suffix}")
                for number in range(wish.members)
            ],
            actor=ACTOR,
            now=now,
        )
    return event_id


@action
def host_organization(slug: str, *, password_hash: str, now: datetime) -> int:
    """The sample organization with its one organizer, made when it is missing; returns its id."""
    found = db.session.execute(select(Organization.id).where(Organization.slug == slug)).scalar()
    if found is not None:
        return found
    organization_id = found_organization(name="Wharf Road School", slug=slug, actor=ACTOR, now=now)
    address = host_email(slug)
    user_id = db.session.execute(select(User.id).where(User.email_key == email_key(address))).scalar()
    if user_id is None:
        user_id = add_user(email=address, name="Sam Host", password_hash=password_hash)
    add_membership(user_id=user_id, organization_id=organization_id, role=Role.ORGANIZER, actor=ACTOR, now=now)
    return organization_id


def host_email(slug: str) -> str:
    """The address of the sample event's host."""
    return f"host+{slug}@example.org"


def _plain_table(index: int, seats: int) -> NewTable:
    x, y = floor_position(index)
    special = {0: Category.VIP, 1: Category.RESERVED} if seats >= 10 else {}
    return NewTable(
        name=str(index + 1),
        seats=tuple(NewSeat(str(number + 1), special.get(number, Category.REGULAR)) for number in range(seats)),
        x=x,
        y=y,
    )
