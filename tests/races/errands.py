"""What people in a race want."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from portal.events.actions import limit_event
from portal.events.queries import find_event, find_event_by_slug
from portal.events.rules import EventView
from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Viewer
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.limits import DatabaseStorage
from portal.kit.schema import db
from portal.room.actions.drafts import change_draft
from portal.room.actions.publish import publish_room
from portal.room.queries.drafts import get_draft
from portal.room.queries.editor import publish_page
from portal.room.rules.editing import move_table
from portal.seating.actions import claims, requests
from portal.seating.actions.hosting import seat_people
from portal.seating.actions.regrets import take_back
from portal.seating.actions.swaps import swap_seats
from portal.seating.actions.tables import seat_at_table
from portal.seating.actions.together import seat_at, seat_together
from portal.seating.models import RequestKind
from portal.seating.queries.people import everybody, people_at
from portal.seating.queries.requests import find_household
from portal.seating.queries.room import read_room
from portal.seating.rules.people import Pick
from portal.seating.rules.people import Wish as SeatWish
from portal.seating.rules.picking import GONE
from portal.seating.rules.rest import propose
from portal.waiting.actions import wishes

SLUG_OF_ROOMS = "room-{}"
"""The event of a race about the room, by its number."""


@dataclass(frozen=True)
class HostWish:
    """A host wants these people on these seats."""

    event_id: int
    actor: str
    places: list[int]
    seats: list[int]


@dataclass(frozen=True)
class Wish:
    """A member of the household with this code wants one of these seats, or all of them; or answers a request."""

    code: str
    member_id: int
    seat_ids: tuple[int, ...] = ()
    request_id: int = 0


def viewer(code: str) -> Viewer:
    """The household as its page shows it now."""
    return viewer_of(find_invitation(code), code, clock.now())[0]


def _take(seen: Viewer, member_id: int, seat_id: int) -> None:
    member = seen.find_member(member_id)
    assert member is not None
    claims.take_seat(seen, member, seat_id, now=clock.now())


def take(wish: Wish) -> Callable[[], None]:
    """Take the first of these seats."""
    seen = viewer(wish.code)
    return lambda: _take(seen, wish.member_id, wish.seat_ids[0])


def edit_room(wish: Wish) -> Callable[[], None]:
    """A host moves the first table of the draft, as their page showed it."""
    event = find_event_by_slug(SLUG_OF_ROOMS.format(wish.request_id))
    assert event is not None
    draft = get_draft(event.id)
    layout = move_table(draft.layout, next(iter(draft.layout.tables.values())), 100, 300 + wish.member_id * 10)
    return lambda: change_draft(
        event, draft, layout, "moved", ["1"], version=draft.version, actor="system", now=clock.now()
    )


def take_or_publish(wish: Wish) -> Callable[[], None]:
    """A guest takes the first of these seats; whoever has no household is the host, and publishes the room."""
    if wish.code:
        return take(wish)
    event = find_event_by_slug(SLUG_OF_ROOMS.format(wish.member_id))
    assert event is not None
    page = publish_page(event, clock.now())
    choices = {one.sitter.shown: one.spot for one in page.affected}
    return lambda: publish_room(event, choices, version=page.draft.version, actor="system", now=clock.now())


def hold(wish: Wish) -> Callable[[], None]:
    """Hold the first of these seats."""
    seen = viewer(wish.code)
    member = seen.find_member(wish.member_id)
    assert member is not None
    return lambda: claims.hold_seat(seen, member, wish.seat_ids[0], now=clock.now())


def take_any(wish: Wish) -> Callable[[], str]:
    """Take whatever is free, as somebody who looks at the map again after every refusal."""
    seen = viewer(wish.code)

    def try_again() -> str:
        while free := _free_seats(seen.event.id):
            try:
                _take(seen, wish.member_id, random.choice(free))
                return "done"
            except Conflict as conflict:
                if conflict.rule not in GONE:
                    return conflict.rule
        return "nothing left"

    return try_again


def _free_seats(event_id: int) -> list[int]:
    free = text(
        "SELECT id FROM seats s WHERE event_id = :event AND category = 'regular'"
        " AND NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.seat_id = s.id)"
    )
    with db.engine.connect() as connection:
        return list(connection.scalars(free, {"event": event_id}))


def wander(wish: Wish) -> Callable[[], str]:
    """Move to each of these seats in turn where that is possible; says how often it was."""
    seen = viewer(wish.code)

    def move() -> str:
        moves = 0
        for seat_id in wish.seat_ids:
            try:
                _take(seen, wish.member_id, seat_id)
                moves += 1
            except Conflict as conflict:
                if conflict.rule != "uq_seat_claims_seat_id":
                    return conflict.rule
        return f"moved {moves}"

    return move


def take_block(wish: Wish) -> Callable[[], None]:
    """Take all of these seats for the household, or none; the members in any order."""
    seen = viewer(wish.code)
    members = random.sample(seen.members, len(wish.seat_ids))
    return lambda: claims.take_seats(seen, dict(zip(members, wish.seat_ids, strict=True)), now=clock.now())


def sit_together(wish: Wish) -> Callable[[], None]:
    """The best seats for the whole household."""
    seen = viewer(wish.code)
    return lambda: seat_together(seen, table_slug=None, now=clock.now())


def sit_somewhere(wish: Wish) -> Callable[[], str]:
    """The best seats for the whole household; two tables are fine, too, and whoever was quicker is asked past."""
    seen = viewer(wish.code)

    def ask_again() -> str:
        while True:
            try:
                seat_together(seen, table_slug=None, now=clock.now())
                return "done"
            except Conflict as conflict:
                if conflict.rule != "only_apart":
                    return conflict.rule
                agreed = [seat.id for seat in conflict.detail[0].seats]
            try:
                seat_at(seen, agreed, now=clock.now())
                return "done"
            except Conflict as conflict:
                if conflict.rule not in GONE:
                    return conflict.rule

    return ask_again


def swap(wish: Wish) -> Callable[[], None]:
    """The first of the household wants the seat of the second, as the page showed it."""
    seen = viewer(wish.code)
    one, other = seen.members[:2]
    assert other.seat
    seat_id = other.seat.id
    return lambda: swap_seats(seen, one, seat_id, now=clock.now())


def trade(wish: Wish) -> Callable[[], None]:
    """Two of the household change seats."""
    seen = viewer(wish.code)
    one, other = seen.members[:2]
    assert one.taken
    assert other.taken
    wishes = {one: other.taken.id, other: one.taken.id}
    return lambda: claims.take_seats(seen, wishes, now=clock.now())


def release(wish: Wish) -> Callable[[], None]:
    """Give the seat back."""
    seen = viewer(wish.code)
    member = seen.find_member(wish.member_id)
    assert member is not None
    return lambda: claims.release_seat(seen, member, now=clock.now())


def keep(wish: Wish) -> Callable[[], None]:
    """Keep longer what is held."""
    seen = viewer(wish.code)
    return lambda: claims.keep_seats(seen, {}, now=clock.now())


def confirm(wish: Wish) -> Callable[[], None]:
    """Turn what the page showed as held into seats: the seats of the wish, in the order of the members."""
    seen = viewer(wish.code)
    shown = dict(zip(seen.members, wish.seat_ids, strict=True))
    return lambda: claims.confirm_seats(seen, shown, now=clock.now())


def accept(wish: Wish) -> Callable[[], object]:
    """Everybody comes."""
    seen = viewer(wish.code)
    return lambda: _said(answer(seen, dict.fromkeys([m.id for m in seen.members], Rsvp.ACCEPTED), now=clock.now()))


def decline(wish: Wish) -> Callable[[], object]:
    """This member does not come."""
    seen = viewer(wish.code)
    return lambda: _said(answer(seen, {wish.member_id: Rsvp.DECLINED}, now=clock.now()))


def come(wish: Wish) -> Callable[[], object]:
    """This member comes."""
    seen = viewer(wish.code)
    return lambda: _said(answer(seen, {wish.member_id: Rsvp.ACCEPTED}, now=clock.now()))


def refuse(wish: Wish) -> Callable[[], object]:
    """Nobody of the household comes."""
    seen = viewer(wish.code)
    return lambda: _said(answer(seen, dict.fromkeys([m.id for m in seen.members], Rsvp.DECLINED), now=clock.now()))


def join(wish: Wish) -> Callable[[], None]:
    """The household waits for at least as many places as the number of this wish says, or for all."""
    seen = viewer(wish.code)
    return lambda: wishes.join_waiting_list(seen, wish.member_id or None, now=clock.now())


def leave(wish: Wish) -> Callable[[], None]:
    """The household waits no longer."""
    seen = viewer(wish.code)
    return lambda: wishes.leave_waiting_list(seen, now=clock.now())


def pass_on(wish: Wish) -> Callable[[], None]:
    """The household lets others have what is kept for it."""
    seen = viewer(wish.code)
    return lambda: wishes.pass_offer_on(seen, now=clock.now())


def limit(wish: Wish) -> Callable[[], None]:
    """The hosts let as many come as the number of this wish says."""
    event = viewer(wish.code).event
    return lambda: limit_event(event, wish.seat_ids[0], actor="system", now=clock.now())


def _said(changed: list[int]) -> str:
    return "answered" if changed else "nothing new"


def take_unguarded(wish: Wish) -> Callable[[], str]:
    """How not to do it: look whether the seat is free, then write that it is taken, in a table without keys."""
    connection = db.engine.connect()
    connection.rollback()
    seat, member = wish.seat_ids[0], wish.member_id

    def look_then_write() -> str:
        with connection:
            claims_of_it = text("SELECT member_id FROM unguarded_claims WHERE seat_id = :seat")
            taken = connection.execute(claims_of_it, {"seat": seat}).all()
            connection.rollback()
            if taken:
                return "refused"
            write = text("INSERT INTO unguarded_claims (seat_id, member_id) VALUES (:seat, :member)")
            connection.execution_options(writes=True).execute(write, {"seat": seat, "member": member})
            connection.commit()
        return "done"

    return look_then_write


def agree(wish: Wish) -> Callable[[], None]:
    """Say yes to another household."""
    seen = viewer(wish.code)
    return lambda: requests.agree(seen, wish.request_id, "", now=clock.now())


def turn_down(wish: Wish) -> Callable[[], None]:
    """Say no to another household."""
    seen = viewer(wish.code)
    return lambda: requests.decline(seen, wish.request_id, now=clock.now())


def withdraw(wish: Wish) -> Callable[[], None]:
    """Take back what was asked of another household."""
    seen = viewer(wish.code)
    return lambda: requests.withdraw(seen, wish.request_id, now=clock.now())


def ask(wish: tuple[str, str]) -> Callable[[], None]:
    """Ask somebody of this name to sit near."""
    code, name = wish
    seen = viewer(code)
    to = find_household(seen, name)
    return lambda: requests.ask(seen, RequestKind.NEAR, name, to, now=clock.now())


def _host(event_id: int) -> EventView:
    """The event as its hosts see it."""
    organizations = db.session.execute(text("SELECT organization_id FROM events WHERE id = :id"), {"id": event_id})
    event = find_event(event_id, organization_ids=list(organizations.scalars()))
    assert event is not None
    return event


def host_seats(wish: HostWish) -> Callable[[], None]:
    """A host puts these people on these seats, as the page showed them."""
    event, people = _host(wish.event_id), people_at(wish.event_id, wish.places)
    picks = [Pick(place, people[place].seat_id or 0) for place in wish.places]
    wanted = [SeatWish(pick, seat) for pick, seat in zip(picks, wish.seats, strict=True)]
    return lambda: seat_people(event, wanted, actor=wish.actor, now=clock.now())


def host_shuffles(wish: HostWish) -> Callable[[], str]:
    """A host moves people about, whoever sits there; says how often that was possible, or what nobody should see."""
    event = _host(wish.event_id)

    def shuffle() -> str:
        moves = 0
        for _turn in range(8):
            count = random.randint(1, 3)
            places, seats = random.sample(wish.places, count), random.sample(wish.seats, count)
            try:
                seat_people(event, [SeatWish(Pick(p), s) for p, s in zip(places, seats, strict=True)],
                            actor=wish.actor, now=clock.now())  # fmt: skip
                moves += 1
                if random.random() < 0.3:
                    take_back(event, actor=wish.actor, now=clock.now())
            except Conflict as conflict:
                if not isinstance(conflict.detail, tuple):
                    return conflict.rule
        return f"moved {moves}"

    return shuffle


def host_table(wish: HostWish) -> Callable[[], None]:
    """A host seats these people together at the table of the first of these seats."""
    event = _host(wish.event_id)
    picks = [Pick(place) for place in wish.places]
    return lambda: seat_at_table(event, picks, near=wish.seats[0], actor=wish.actor, now=clock.now())


def host_rest(wish: HostWish) -> Callable[[], None]:
    """A host seats the rest as the page proposed."""
    event = _host(wish.event_id)
    proposed = propose(read_room(event.id, clock.now()).tables, everybody(event.id))
    wanted = [SeatWish(Pick(person.id, 0), seat.id) for each in proposed for person, seat in each.seats]
    return lambda: seat_people(event, wanted, actor=wish.actor, now=clock.now())


def desk_or_phone(wish: tuple[str, Any]) -> Callable[[], object]:
    """A host or a guest, by the name of the errand."""
    name, wanted = wish
    errands: dict[str, Callable[[Any], Callable[[], object]]] = {
        each.__name__: each for each in (host_seats, host_shuffles, host_table, host_rest)
    }
    return errands[name](wanted) if name in errands else any_of((name, wanted))


def any_of(wish: tuple[str, Wish]) -> Callable[[], object]:
    """One of the errands above, by its name: people who want different things at once."""
    of_seats = (take, hold, keep, confirm, swap, release, take_any, sit_somewhere, wander)
    of_places = (accept, decline, come, refuse, join, leave, pass_on, limit)
    of_requests = (agree, turn_down, withdraw)
    errands: dict[str, Callable[[Wish], Callable[[], object]]] = {
        each.__name__: each for each in (*of_seats, *of_places, *of_requests)
    }
    name, wanted = wish
    return errands[name](wanted)


def count(key: str) -> Callable[[], str]:
    """Count once more under this key; says how often that was by now."""
    storage = DatabaseStorage("database://")
    return lambda: str(storage.incr(key, 60))
