"""Making sample events; the same arguments give the same event as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.accounts.actions import add_user
from portal.accounts.models import User
from portal.demo.rules import evening, people
from portal.demo.rules.room import room, seating
from portal.events.actions import add_session, create_event
from portal.events.models import Event, Status
from portal.invitations.actions.answers import answer
from portal.invitations.actions.details import change_details
from portal.invitations.actions.groups import NewMember, add_invitation
from portal.invitations.models import Invitation, Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Details, Viewer
from portal.kit.database import action
from portal.kit.schema import db
from portal.kit.text import email_key, search_key
from portal.organizations.actions import add_membership, found_organization
from portal.organizations.models import Membership, Organization, Role
from portal.seating.actions.claims import take_seats
from portal.seating.actions.room import add_tables
from portal.seating.models import Category
from portal.seating.queries.room import read_room
from portal.seating.rules.room import NewSeat, NewTable, floor_position

ACTOR = "system"
FIRST_NAMES = ("Ngozi", "Daniel", "Ada", "Tobi", "Inés", "Søren", "Aoife", "Hiroshi", "Leilani", "Mateo")
FAMILY_NAMES = ("Okafor", "Brandt", "Haddad", "Costa", "Park", "Mensah", "Rivera", "Novák", "Lindqvist", "Tanaka")


class SlugTaken(ValueError):
    """Events that are no samples have the slug already."""


@dataclass(frozen=True)
class PlainEvent:
    """What the event for testing programs shall hold; without a slug it is named for its numbers."""

    slug: str
    invitations: int
    members: int
    tables: int
    seats: int
    hold_seconds: int

    @property
    def numbers(self) -> str:
        """What tells two wishes of one slug apart; may stand in an address."""
        return f"{self.invitations}x{self.members}-{self.tables}x{self.seats}-{self.hold_seconds}"


@action
def prepare_event(wish: PlainEvent, *, password_hash: str, now: datetime) -> int:
    """The event for testing programs: published, open for answers and picking, nobody has answered.

    Labels and names follow from the numbers alone; codes are random and kept.
    Every fifth seat at the most is not regular: seat 1 of each table of at
    least ten is VIP, seat 2 reserved.

    Returns:
        The id of the event, which is left as it stands if it exists.
    """
    found, slug = _find_sample(wish.slug or f"demo-{wish.numbers}", wish.numbers)
    if found is not None:
        return found
    starts_at = datetime.combine((now + timedelta(days=30)).date(), time(18, 30), ZoneInfo(evening.TIME_ZONE))
    organization_id, event_id = _begin_event(
        slug,
        made_from=wish.numbers,
        password_hash=password_hash,
        now=now,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=5),
        rsvp_deadline=starts_at - timedelta(days=2),
        hold_seconds=wish.hold_seconds,
        meals=["Chicken", "Vegetarian", "Fish"],
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
def load_sample(*, password_hash: str, now: datetime) -> int:
    """The event a newcomer meets, two thirds answered and seated; left as it stands if it is there.

    Everything that happened before ``now`` goes through the actions that guests
    and hosts use, each at its own past moment.

    Returns:
        The id of the event.
    """
    found, slug = _find_sample(evening.SLUG, "sample")
    if found is not None:
        return found
    when = evening.moments(now)
    organization_id, event_id = _begin_event(
        slug,
        made_from="sample",
        password_hash=password_hash,
        now=when.sent_at,
        description=evening.DESCRIPTION,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        rsvp_deadline=when.rsvp_deadline,
        meals=list(people.MEALS),
        landmarks=evening.LANDMARKS,
    )
    owner: dict[str, Any] = {
        "organization_id": organization_id,
        "event_id": event_id,
        "actor": ACTOR,
        "now": when.sent_at,
    }
    walk = add_session(title="Lantern walk", starts_at=when.walk[0], ends_at=when.walk[1], **owner)
    dance = add_session(title="Dancing", starts_at=when.dance[0], ends_at=when.dance[1], **owner)
    add_tables(tables=room(), **owner)
    invitations = {
        household.name: add_invitation(
            name=household.name, members=[_new_member(household, person) for person in household.members], **owner
        )
        for household in people.HOUSEHOLDS
    }
    answered = [household for household in people.HOUSEHOLDS if household.said]
    for index, household in enumerate(answered):
        _reply(invitations[household.name], household, (walk, dance), evening.answered_at(index, len(answered), now))
    return event_id


@action
def host_organization(slug: str, *, password_hash: str, now: datetime) -> int:
    """The sample organization with its one organizer, made when it is missing; returns its id."""
    found = db.session.execute(select(Organization.id).where(Organization.slug == slug)).scalar()
    if found is not None:
        return found
    organization_id = found_organization(name=evening.HOST, slug=slug, actor=ACTOR, now=now)
    address = evening.host_email(slug)
    user_id = db.session.execute(select(User.id).where(User.email_key == email_key(address))).scalar()
    if user_id is None:
        user_id = add_user(email=address, name="Sam Host", password_hash=password_hash)
    add_membership(user_id=user_id, organization_id=organization_id, role=Role.ORGANIZER, actor=ACTOR, now=now)
    return organization_id


def _find_sample(slug: str, made_from: str) -> tuple[int | None, str]:
    """The sample event that was made from these numbers, if any, and the slug it has or shall have.

    A slug that something else has already is made longer by the numbers.

    Raises:
        SlugTaken: that longer one is in use, too.
    """
    for candidate in (slug, f"{slug}-{made_from}"):
        event = db.session.execute(
            select(Event.id, Event.settings).where(Event.slug == candidate, Event.deleted_at.is_(None))
        ).first()
        if event is None or event.settings.get("made_from") == made_from:
            return (event.id if event else None), candidate
    raise SlugTaken(f"There are other events “{slug}” and “{slug}-{made_from}” already. Choose another slug.")


def _begin_event(
    slug: str, *, made_from: str, password_hash: str, now: datetime, meals: list[str], **fields: Any
) -> tuple[int, int]:
    """The published event with its host; returns the ids of organization and event."""
    organization_id = host_organization(slug, password_hash=password_hash, now=now)
    landmarks = fields.pop("landmarks", [])
    event_id = create_event(
        organization_id=organization_id,
        organizer_id=_host_of(organization_id),
        title=evening.TITLE,
        slug=slug,
        actor=ACTOR,
        now=now,
        place=evening.PLACE,
        time_zone=evening.TIME_ZONE,
        status=Status.PUBLISHED,
        settings={"meals": meals, "contact": evening.host_email(slug), "landmarks": landmarks, "made_from": made_from},
        **fields,
    )
    return organization_id, event_id


def _host_of(organization_id: int) -> int | None:
    """Who has belonged to an organization the longest."""
    return db.session.execute(
        select(Membership.user_id).where(Membership.organization_id == organization_id).order_by(Membership.id).limit(1)
    ).scalar()


def _plain_table(index: int, seats: int) -> NewTable:
    x, y = floor_position(index)
    special = {0: Category.VIP, 1: Category.RESERVED} if seats >= 10 else {}
    return NewTable(
        name=str(index + 1),
        seats=tuple(NewSeat(str(number + 1), special.get(number, Category.REGULAR)) for number in range(seats)),
        x=x,
        y=y,
    )


def _new_member(household: people.Household, person: people.Person) -> NewMember:
    """Adults can be reached by e-mail; the VIP households may take VIP seats."""
    mailbox = search_key(person.name).replace(" ", ".").replace("’", "")
    reachable = mailbox.isascii() and mailbox and not person.is_child and not person.is_plus_one
    return NewMember(
        name=person.name,
        email=f"{mailbox}@example.org" if reachable else None,
        language=household.language,
        is_child=person.is_child,
        is_plus_one=person.is_plus_one,
        dietary=people.DIETARY.get(person.name, ""),
        host_note=people.HOST_NOTES.get(person.name, ""),
        seat_category=Category.VIP if household.is_vip else Category.REGULAR,
    )


def _reply(invitation_id: int, household: people.Household, sessions: tuple[int, int], at: datetime) -> None:
    """What a household did when it opened its link: answers, then what they need, then seats."""
    viewer = _viewer(invitation_id, at)
    said = {member.id: person.answer for member, person in zip(viewer.members, household.members, strict=True)}
    answer(viewer, {member_id: rsvp for member_id, rsvp in said.items() if rsvp != Rsvp.PENDING}, now=at)
    _fill_in(_viewer(invitation_id, at), sessions, at + timedelta(seconds=40))
    if household.table is not None:
        _sit_down(_viewer(invitation_id, at), household, at + timedelta(seconds=90))


def _fill_in(viewer: Viewer, sessions: tuple[int, int], at: datetime) -> None:
    """Meals, needs and notes; children go home before the dancing."""
    walk, dance = sessions
    meals = people.meals()
    for member in viewer.members:
        note, comes = people.NOTES.get(member.name, ""), member in viewer.accepted
        if comes or note:
            parts = ({walk} if member.is_child else {walk, dance}) if comes else set()
            details = Details(meals.get(member.name), member.dietary, note, None, parts)
            change_details(viewer, member, details, now=at)


def _sit_down(viewer: Viewer, household: people.Household, at: datetime) -> None:
    seats = {
        (table.name, seat.label): seat.id for table in read_room(viewer.event.id, at).tables for seat in table.seats
    }
    places = [seats[str(household.table), label] for label in seating()[household.name]]
    take_seats(viewer, dict(zip(viewer.accepted, places, strict=True)), now=at)


def _viewer(invitation_id: int, now: datetime) -> Viewer:
    """The household as the page would see it at that moment."""
    code = db.session.execute(select(Invitation.code).where(Invitation.id == invitation_id)).scalar_one()
    return viewer_of(find_invitation(code), code, now)[0]
