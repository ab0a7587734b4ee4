"""What becomes of each row, given what already stands: nothing is deleted, no answer is overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from portal.imports.rules import notices
from portal.imports.rules.cells import name_key
from portal.imports.rules.households import Household
from portal.imports.rules.notices import Notice, notice
from portal.imports.rules.rows import Person
from portal.invitations.models import Rsvp
from portal.kit.text import email_key


class Fate(StrEnum):
    """What an import does with a person of the list."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class StandingMember:
    """A member as the database has them, in as far as an import may touch them."""

    id: int
    guest_id: int
    name: str
    email: str | None
    phone: str | None
    rsvp: str
    is_child: bool
    is_plus_one: bool
    dietary: str
    host_note: str
    position: int = 0


@dataclass(frozen=True)
class StandingHousehold:
    """An invitation of the event with its members in their order."""

    invitation_id: int
    name: str
    is_revoked: bool
    members: tuple[StandingMember, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The same as the key of the household on a list that it was made from."""
        return name_key(self.name), name_key(self.members[0].name) if self.members else ""


@dataclass(frozen=True)
class Owner:
    """Who has an e-mail address in the organization's address book."""

    guest_id: int
    name: str
    is_invited: bool


@dataclass(frozen=True)
class Changes:
    """What an import sets on a member who is there already; None leaves it as it stands."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    is_child: bool | None = None
    dietary: str | None = None
    host_note: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, column.name) is not None for column in fields(self))


@dataclass(frozen=True)
class Step:
    """A person of the list, whom of the invitation they are, and what is done with them.

    ``guest_id`` is somebody of the address book who is invited for the first time.
    """

    person: Person
    fate: Fate
    member: StandingMember | None = None
    changes: Changes = Changes()
    guest_id: int | None = None
    email: str | None = None


@dataclass(frozen=True)
class Plan:
    """What an import does with a household, and the members it has added to one that stood, once it is written."""

    household: Household
    steps: tuple[Step, ...]
    standing: StandingHousehold | None = None
    added: tuple[int, ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything is to be written."""
        return any(step.fate in {Fate.NEW, Fate.UPDATED} for step in self.steps)

    @property
    def is_new(self) -> bool:
        """Whether the household is not there yet, or was just made."""
        return self.standing is None or not self.standing.members

    @property
    def frees_an_address(self) -> bool:
        """Whether somebody gives up an address that others may have been waiting for."""
        return any(step.changes.email and step.member and step.member.email for step in self.steps)

    @property
    def lacks_an_address(self) -> bool:
        """Whether somebody goes without the address that the list has for them."""
        told = (notice for step in self.steps for notice in step.person.notices)
        return any(notice.what is notices.ADDRESS_IN_USE for notice in told)

    def after(self, earlier: Plan) -> Plan:
        """What was done with a household that came twice: both together, with the last notices."""
        pairs = zip(earlier.steps, self.steps, strict=True)
        steps = (step if before.fate == Fate.UNCHANGED else replace(step, fate=before.fate) for before, step in pairs)
        return replace(self, steps=tuple(steps))


def plan_household(household: Household, standing: Sequence[StandingHousehold], owners: Mapping[str, Owner]) -> Plan:
    """What becomes of a household.

    Args:
        household: as the list has it.
        standing: the event's invitations that it could be, oldest first.
        owners: who has the list's addresses, by ``email_key``.
    """
    found = recognise(household, standing)
    if found is None:
        return Plan(household, tuple(_new(person, owners) for person in household.people))
    if found.is_revoked:
        told = household.first.told(notice(notices.REVOKED, household.first.row))
        return Plan(household, tuple(Step(p, Fate.SKIPPED) for p in (told, *household.people[1:])), found)
    pairs = pair_up(household.people, found.members)
    return Plan(household, tuple(_step(person, member, owners) for person, member in pairs), found)


def recognise(household: Household, standing: Sequence[StandingHousehold]) -> StandingHousehold | None:
    """The invitation of this name and this first person; among several the one most like it, then the oldest."""
    alike = [candidate for candidate in standing if candidate.key == household.key]
    return max(alike, key=lambda candidate: _likeness(household, candidate), default=None)


def _likeness(household: Household, candidate: StandingHousehold) -> tuple[int, int]:
    """How many people they share by name or address, then how few the list does not know."""
    paired = [member for _, member in pair_up(household.people, candidate.members) if member]
    addresses = {email_key(person.email) for person in household.people if person.email}
    same = sum(1 for member in candidate.members if member.email and email_key(member.email) in addresses)
    return len(paired) + same, len(paired) - len(candidate.members)


def pair_up(people: Sequence[Person], members: Sequence[StandingMember]) -> list[tuple[Person, StandingMember | None]]:
    """Each person of the list with the member they are: by name, and by place among those of one name.

    A plus-one is recognised by their place among the plus-ones, because the
    guests themselves say who comes.
    """
    waiting: dict[str | None, list[StandingMember]] = {}
    for member in members:
        waiting.setdefault(None if member.is_plus_one else name_key(member.name), []).append(member)
    return [(person, _next(waiting, None if person.is_plus_one else name_key(person.name))) for person in people]


def _next(waiting: dict[str | None, list[StandingMember]], key: str | None) -> StandingMember | None:
    return waiting[key].pop(0) if waiting.get(key) else None


def _step(person: Person, member: StandingMember | None, owners: Mapping[str, Owner]) -> Step:
    if member is None:
        return _new(person, owners)
    told = [*_address_taken(person, member.guest_id, owners), *_dietary_kept(person, member)]
    changes = _changes(person, member, owners)
    fate = Fate.UPDATED if changes else Fate.UNCHANGED
    return Step(person.told(*told), fate, member, changes)


def _new(person: Person, owners: Mapping[str, Owner]) -> Step:
    """A new member; somebody of the address book with the same name and address is the same guest."""
    owner = _owner(person, owners)
    if owner is None:
        return Step(person, Fate.NEW, email=person.email)
    if not owner.is_invited and person.name and name_key(owner.name) == name_key(person.name):
        return Step(person, Fate.NEW, guest_id=owner.guest_id)
    return Step(person.told(*_address_taken(person, None, owners)), Fate.NEW)


def _changes(person: Person, member: StandingMember, owners: Mapping[str, Owner]) -> Changes:
    may_feed = member.rsvp == Rsvp.PENDING and not member.dietary
    return Changes(
        name=person.name if person.name and not member.name else None,
        email=_new_address(person, owners),
        phone=_if_new(person.phone, member.phone),
        is_child=None if person.is_child == member.is_child else person.is_child,
        dietary=_if_new(person.dietary, member.dietary) if may_feed else None,
        host_note=_if_new(person.host_note, member.host_note),
    )


def _if_new(wished: str | None, stands: str | None) -> str | None:
    return wished if wished and wished != stands else None


def _new_address(person: Person, owners: Mapping[str, Owner]) -> str | None:
    """The list's address unless it stands already, in whatever spelling, or belongs to somebody."""
    if person.email is None or _owner(person, owners) is not None:
        return None
    return person.email


def _owner(person: Person, owners: Mapping[str, Owner]) -> Owner | None:
    return owners.get(email_key(person.email)) if person.email else None


def _address_taken(person: Person, guest_id: int | None, owners: Mapping[str, Owner]) -> Iterator[Notice]:
    owner = _owner(person, owners)
    if owner is not None and owner.guest_id != guest_id:
        words = {"address": person.email, "other": owner.name, "name": person.name}
        yield notice(notices.ADDRESS_IN_USE, person.row, **words)


def _dietary_kept(person: Person, member: StandingMember) -> Iterator[Notice]:
    if person.dietary and member.dietary and person.dietary != member.dietary:
        yield notice(notices.DIETARY_KEPT, person.row, stands=member.dietary)
