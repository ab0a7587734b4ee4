"""Guests as a host seats them: whoever has a place, wherever they sit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.kit import language
from portal.kit.conflicts import Conflict, rule
from portal.kit.presentation import table_title
from portal.seating.models import ClaimState
from portal.seating.rules.views import SeatRow

PLACE_GONE = rule(
    "place_gone",
    "Somebody you chose does not come any more. Here is how it is now.",
    "Alguien de quienes elegiste ya no viene. Así está ahora.",
)
SEAT_GONE = rule(
    "seat_gone",
    "The seat for {name} is not in the room any more. Here is how it is now.",
    "El asiento para {name} ya no está en la sala. Así está ahora.",
)
TABLE_GONE = rule(
    "table_gone",
    "That table is not in the room any more. Here is how it is now.",
    "Esa mesa ya no está en la sala. Así está ahora.",
)
OWN_TABLE_GONE = rule(
    "own_table_gone",
    "The table for {name} is not in the room any more. Here is how it is now.",
    "La mesa para {name} ya no está en la sala. Así está ahora.",
)
SEAT_IN_USE = rule(
    "seat_in_use",
    "{other} sits at {table}, seat {seat}.",
    "{other} está en {table}, asiento {seat}.",
)
SEAT_BEING_CHOSEN = rule(
    "seat_being_chosen",
    "{other} is choosing {table}, seat {seat} right now.",
    "{other} está eligiendo ahora {table}, asiento {seat}.",
)
TWICE = rule(
    "guest_twice",
    "{name} is in this list twice.",
    "{name} está dos veces en esta lista.",
)
SEAT_TWICE = rule(
    "seat_twice",
    "{table}, seat {seat} is given twice in this list, the second time to {name}.",
    "{table}, asiento {seat} está dos veces en esta lista, la segunda para {name}.",
)
ANOTHER_STEP = rule(
    "seating_step_is_not_the_last",
    "You have done or taken back something else since. Nothing was changed: this is what Undo takes back now.",
    "Desde entonces hiciste o deshiciste otra cosa. No se cambió nada: esto es lo que deshace ahora el botón.",
)
MOVED_MEANWHILE = rule(
    "moved_meanwhile",
    "{name} was moved meanwhile and now sits at {table}, seat {seat}.",
    "A {name} le cambiaron el asiento mientras tanto: ahora está en {table}, asiento {seat}.",
)
TABLE_MEANWHILE = rule(
    "table_meanwhile",
    "{name} was put at {table} meanwhile.",
    "A {name} le cambiaron la mesa mientras tanto: ahora está en {table}.",
)
UNSEATED_MEANWHILE = rule(
    "unseated_meanwhile",
    "{name} was taken off their seat meanwhile and has none now.",
    "{name} se quedó sin asiento mientras tanto.",
)
NO_SEAT_LEFT = rule(
    "no_seat_left",
    "{table} has no free seat left for {name}.",
    "En {table} ya no hay asiento libre para {name}.",
)
SOME_REFUSED = rule(
    "some_not_seated",
    "{count} of {all} could not be seated: {reasons}.",
    "No fue posible sentar a {count} de {all}: {reasons}.",
)
AT_THIS_TABLE = "uq_guest_assignments_event_id_table_id_guest_id"
"""The constraint that keeps a guest to one seat at a table."""

WAITABLE = {SEAT_IN_USE.name, SEAT_BEING_CHOSEN.name, SEAT_GONE.name, "uq_seat_claims_seat_id"}
"""Refusals after which other seats of the same table may still do."""


@dataclass(frozen=True)
class Person:
    """A guest's place at the event, and where it is.

    Attributes:
        id: the place.
        household_id: the invitation; of somebody without one, a number that no invitation has.
        table_id: the table they belong to, with or without a seat.
        seat_id: the seat they have taken.
    """

    id: int
    guest_id: int
    member_id: int | None
    invitation_id: int | None
    household_id: int
    household: str
    name: str
    is_child: bool
    seat_category: str
    dietary: str
    table_id: int | None
    table: str | None
    seat_id: int | None
    seat: str | None

    @property
    def shown(self) -> str:
        """What a form sends back for them: who they are, and the seat they had when it was shown."""
        return f"{self.id}.{self.seat_id or 0}"


@dataclass(frozen=True)
class Pick:
    """Somebody whom a host has chosen.

    Attributes:
        place_id: whom it is about.
        shown: the seat they had when the host saw them, 0 for none, if that is known.
        table: the table they belonged to then, 0 for none, if that is known.
    """

    place_id: int
    shown: int | None = None
    table: int | None = None


@dataclass(frozen=True)
class Wish:
    """Where somebody is to sit: on a seat; else at a table, without a seat; else nowhere."""

    pick: Pick
    seat_id: int | None = None
    table_id: int | None = None

    @property
    def place_id(self) -> int:
        """Whom it is about."""
        return self.pick.place_id


@dataclass(frozen=True)
class Situation:
    """What stands in the database, locked, when wishes are judged.

    Attributes:
        people: by their places.
        seats: the wished seats, by id.
        holders: whoever has one of those seats, by place.
        elsewhere: the tables at which the same guests have other places, as (guest id, table id).
        tables: those of the wished tables that are in the room.
    """

    people: Mapping[int, Person]
    seats: Mapping[int, SeatRow]
    holders: Mapping[int, Person]
    elsewhere: frozenset[tuple[int, int]]
    tables: frozenset[int]


def called(person: Person) -> dict[str, str]:
    """Somebody in a rule's sentence; whoever has no name yet is “this guest”."""
    return {"name": person.name} if person.name else {}


def seat_words(seat: SeatRow) -> dict[str, str]:
    """A seat in a rule's sentence."""
    return {"seat": seat.label, **table_words(seat.table)}


def table_words(name: str) -> dict[str, str]:
    """A table in a rule's sentence, as whoever asks calls it: “Table 7”, or its own name."""
    return {"table": table_title(name)}


def refusals(wishes: Sequence[Wish], there: Situation, same_table: Conflict) -> list[Conflict]:
    """Every wish that cannot be fulfilled, with the reason; ``detail`` of each is the wish.

    Args:
        wishes: who is to sit where; all of them or nobody.
        there: the world as it is.
        same_table: what is said of a guest who has a seat at that table already.
    """
    found = []
    said = _Said(frozenset(wish.place_id for wish in wishes))
    for wish in wishes:
        if (refused := _refusal(wish, there, said, same_table)) is not None:
            refused.detail = wish
            found.append(refused)
        said.add(wish, there)
    return found


@dataclass
class _Said:
    """What the list has said so far: who, on which seats, and which guest at which table."""

    moving: frozenset[int]
    places: set[int] = field(default_factory=set)
    seats: set[int] = field(default_factory=set)
    tables: set[tuple[int, int]] = field(default_factory=set)

    def add(self, wish: Wish, there: Situation) -> None:
        self.places.add(wish.place_id)
        if wish.seat_id is not None:
            self.seats.add(wish.seat_id)
        person, table_id = there.people.get(wish.place_id), _table_of(wish, there)
        if person is not None and table_id is not None:
            self.tables.add((person.guest_id, table_id))


def _refusal(wish: Wish, there: Situation, said: _Said, same_table: Conflict) -> Conflict | None:
    person = there.people.get(wish.place_id)
    if person is None:
        return PLACE_GONE.conflict()
    if wish.place_id in said.places:
        return TWICE.conflict(**called(person))
    if (moved := _moved_meanwhile(wish, person)) is not None:
        return moved
    if (gone := _goal_refusal(wish, person, there, said)) is not None:
        return gone
    table_id = _table_of(wish, there)
    if table_id is not None and (person.guest_id, table_id) in there.elsewhere | said.tables:
        return Conflict(same_table.rule, same_table.sentences, called(person))
    return None


def _moved_meanwhile(wish: Wish, person: Person) -> Conflict | None:
    pick, seat, table = wish.pick, person.seat_id or 0, person.table_id or 0
    if pick.shown in {None, seat} and (seat or pick.table in {None, table}):
        return None
    if wish.seat_id == person.seat_id and (seat or wish.table_id == person.table_id):
        return None  # whoever moved them meanwhile did what is wished
    if seat:
        return MOVED_MEANWHILE.conflict(**called(person), seat=person.seat or "", **table_words(person.table or ""))
    if table and pick.table is not None:
        return TABLE_MEANWHILE.conflict(**called(person), **table_words(person.table or ""))
    return UNSEATED_MEANWHILE.conflict(**called(person)) if wish.seat_id or wish.table_id else None


def _goal_refusal(wish: Wish, person: Person, there: Situation, said: _Said) -> Conflict | None:
    if wish.seat_id is None:
        is_gone = wish.table_id is not None and wish.table_id not in there.tables
        return OWN_TABLE_GONE.conflict(**called(person)) if is_gone else None
    seat = there.seats.get(wish.seat_id)
    if seat is None:
        return SEAT_GONE.conflict(**called(person))
    if seat.id in said.seats:
        return SEAT_TWICE.conflict(**called(person), **seat_words(seat))
    if seat.assignment_id is None or seat.assignment_id in said.moving:
        return None
    holder = there.holders.get(seat.assignment_id)
    refused = SEAT_BEING_CHOSEN if seat.state == ClaimState.HELD else SEAT_IN_USE
    other = {"other": holder.name} if holder and holder.name else {}
    return refused.conflict(**called(person), **other, **seat_words(seat))


def _table_of(wish: Wish, there: Situation) -> int | None:
    seat = there.seats.get(wish.seat_id) if wish.seat_id is not None else None
    return seat.table_id if seat else wish.table_id


def all_or_nothing(refused: Sequence[Conflict], of: int) -> Conflict:
    """What is said when nobody was moved: the one reason, or how many of how many, and each of them.

    The conflict's ``detail`` is every refusal, each with its wish.
    """
    if of == 1:
        one = refused[0]
        return Conflict(one.rule, one.sentences, one.words, tuple(refused))
    reasons = " ".join(each.sentence(language.current()) for each in refused).rstrip(".")
    return SOME_REFUSED.conflict(tuple(refused), count=str(len(refused)), all=str(of), reasons=reasons)
