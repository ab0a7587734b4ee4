"""The people of an event as sheets and files show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.invitations.models import Rsvp


@dataclass(frozen=True)
class Person:
    """Somebody who is invited, or has a place without an invitation; in the order of the guest list.

    A plus-one whom nobody has named yet has an empty name, and ``brought_by``.
    """

    member_id: int | None
    invitation_id: int | None
    household: str
    name: str
    brought_by: str
    rsvp: str
    responded_at: datetime | None
    responded_by: str
    is_child: bool
    is_plus_one: bool
    meal: str
    dietary: str
    note: str
    host_note: str
    email: str
    phone: str
    company: str
    language: str
    sent_at: datetime | None
    opened_at: datetime | None
    table_id: int | None
    table: str
    seat_id: int | None
    seat: str
    position: int
    reference: str

    @property
    def comes(self) -> bool:
        """Whether they have said yes."""
        return self.rsvp == Rsvp.ACCEPTED

    @property
    def called(self) -> str:
        """Their name, or whose guest they are."""
        return self.name or (_("Guest of %(name)s", name=self.brought_by) if self.brought_by else _("Guest"))


@dataclass(frozen=True)
class Chair:
    """A seat of the room, whether somebody sits on it or not."""

    id: int
    table_id: int
    table: str
    label: str
    category: str


def told_apart(people: Iterable[Person]) -> list[Person]:
    """The same people, household by household, with no two households of one name in a row where that can be.

    On a guest list the rows of one household name follow each other, so two
    households that are called alike would be read as one.
    """
    shown: list[Person] = []
    waiting: list[list[Person]] = []
    for household in _households(people):
        if shown and _alike(shown[-1], household[0]):
            waiting.append(household)
            continue
        shown += household
        for other in [each for each in waiting if not _alike(shown[-1], each[0])][:1]:
            waiting.remove(other)
            shown += other
    return shown + [person for household in waiting for person in household]


def _households(people: Iterable[Person]) -> list[list[Person]]:
    found: dict[int | None, list[Person]] = {}
    for person in people:
        found.setdefault(person.invitation_id, []).append(person)
    return list(found.values())


def _alike(one: Person, other: Person) -> bool:
    return one.household.casefold() == other.household.casefold()
