"""Hosts and guests at the same instant: no seat stays with a withdrawn link, no word is overwritten unseen."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from portal.invitations.actions.answers import answer
from portal.invitations.actions.book import merge_people
from portal.invitations.actions.groups import NewMember
from portal.invitations.actions.leaving import move_member, remove_member
from portal.invitations.actions.links import restore_link, revoke_link
from portal.invitations.actions.people import add_people, change_member, order_members
from portal.invitations.models import Rsvp
from portal.invitations.queries.book import find_person
from portal.invitations.queries.people import find_household
from portal.kit import clock
from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import Wish, viewer
from tests.races.room import check, entries, everybody, everybody_accepts, regular_seats

HOST = "user:1"


def revoke(wish: Wish) -> Callable[[], None]:
    """A host withdraws the link."""
    seen = replace(viewer(wish.code), host=HOST)
    return lambda: revoke_link(seen, now=clock.now())


def restore(wish: Wish) -> Callable[[], object]:
    """A host gives the link back."""
    seen = replace(viewer(wish.code), host=HOST)
    return lambda: restore_link(seen, now=clock.now()) and DONE


def remove(wish: Wish) -> Callable[[], None]:
    """A host takes the member off the list."""
    seen = replace(viewer(wish.code), host=HOST)
    return lambda: remove_member(seen, wish.member_id, now=clock.now())


def move(wish: Wish) -> Callable[[], None]:
    """A host puts the member on the invitation that the wish names."""
    seen = replace(viewer(wish.code), host=HOST)
    return lambda: move_member(seen, wish.member_id, wish.request_id, now=clock.now())


def add(wish: Wish) -> Callable[[], None]:
    """A host puts another two on the invitation, one of them brought along."""
    seen = replace(viewer(wish.code), host=HOST)
    return lambda: add_people(seen, [NewMember("Mia"), NewMember("", is_plus_one=True)], now=clock.now())


def order(wish: Wish) -> Callable[[], None]:
    """A host puts the member first."""
    seen = replace(viewer(wish.code), host=HOST)
    others = [member.id for member in seen.members if member.id != wish.member_id]
    first = [wish.member_id, *random.sample(others, len(others))]
    return lambda: order_members(seen, first, now=clock.now())


def say_yes_for(wish: Wish) -> Callable[[], str]:
    """A host says yes for a member whose page showed no answer."""
    seen = replace(viewer(wish.code), host=HOST)
    yes, shown = {wish.member_id: Rsvp.ACCEPTED}, {wish.member_id: "pending"}
    return lambda: "answered" if answer(seen, yes, shown=shown, now=clock.now()) else "nothing new"


def note(wish: Wish) -> Callable[[], None]:
    """A host writes a note of their own about a member."""
    seen = replace(viewer(wish.code), host=HOST)
    household = find_household(seen.event, seen.invitation_id, clock.now(), host=HOST)
    assert household
    shown = household.known[wish.member_id]
    wished = replace(shown, host_note=str(random.random()))
    return lambda: change_member(seen, wish.member_id, shown, wished, now=clock.now())


def merge(wish: tuple[int, int, int]) -> Callable[[], None]:
    """A host makes one entry of two."""
    one_id, other_id, stands = wish
    everywhere = list(range(1, 50))
    one, other = find_person(everywhere, one_id), find_person(everywhere, other_id)
    assert one
    assert other
    chosen = {"name": "one"}
    return lambda: merge_people(one, other, chosen=chosen, stands=[stands], actor=HOST, now=clock.now())


def any_of(wish: tuple[str, Wish]) -> Callable[[], object]:
    """One of these errands, or one of those of guests, by its name."""
    mine = {each.__name__: each for each in (revoke, restore, remove, move, add, order, say_yes_for, note)}
    name, wanted = wish
    return mine[name](wanted) if name in mine else errands.any_of(wish)


def nothing_behind_withdrawn_links(cast: Cast) -> None:
    """No seat, hold or place, and nobody who comes."""
    behind = "JOIN invitations i ON i.id = m.invitation_id WHERE i.revoked_at IS NOT NULL"
    places = f"SELECT a.id FROM guest_assignments a JOIN invitation_guests m ON m.id = a.member_id {behind}"
    assert cast.rows(places) == []
    assert cast.rows(f"SELECT m.id FROM invitation_guests m {behind} AND m.rsvp = 'accepted'") == []


def test_no_seat_stays_with_a_link_that_is_withdrawn(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=12, members=3, tables=4)
    everybody_accepts(cast)
    seats = regular_seats(cast)
    wanted = [
        (errand, Wish(family.code, member, (random.choice(seats),)))
        for family, member in everybody(cast)
        for errand in ("take", "decline", "come")
    ]
    wanted += [("revoke", Wish(family.code, 0)) for family in cast.families]
    random.shuffle(wanted)
    said = set(tally(crowd.rush(database.url, any_of, wanted)))
    refusals = {"uq_seat_claims_seat_id", "ck_guest_assignments_member_accepted", "link_revoked"}
    assert said <= {DONE, "answered", "nothing new", *refusals}, said
    assert entries(cast, "link.revoked") == 12
    assert cast.count("SELECT count(*) FROM seat_claims") == 0
    nothing_behind_withdrawn_links(cast)
    check(cast)


def test_withdrawn_and_given_back_in_the_middle_of_an_evening(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=8, members=3, tables=4)
    cast.run("UPDATE events SET capacity = 20 WHERE id = :event", event=cast.event_id)
    seats = regular_seats(cast)
    wanted = [
        (errand, Wish(family.code, member, (random.choice(seats),)))
        for family, member in everybody(cast)
        for errand in ("come", "take", "decline")
    ]
    wanted += [(errand, Wish(family.code, 0)) for family in cast.families for errand in ("revoke", "restore", "join")]
    wanted += [("remove", Wish(family.code, family.members[2])) for family in cast.families]
    random.shuffle(wanted)
    said = set(tally(crowd.rush(database.url, any_of, wanted)))
    refusals = {
        "uq_seat_claims_seat_id", "ck_guest_assignments_member_accepted", "link_revoked", "ck_events_capacity",
        "foreign key",
    }  # fmt: skip
    assert said <= {DONE, "answered", "nothing new", *refusals}, said
    nothing_behind_withdrawn_links(cast)
    check(cast)
    kept = cast.count("SELECT coming FROM events WHERE id = :event", event=cast.event_id)
    assert kept == cast.count("SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted'") <= 20
    assert cast.count("SELECT count(*) FROM invitation_guests") == 16


def test_nobody_is_put_behind_a_link_that_is_withdrawn_at_that_moment(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=16, members=1)
    everybody_accepts(cast)
    pairs = list(zip(cast.families[::2], cast.families[1::2], strict=True))
    wanted = [("move", Wish(one.code, one.members[0], (), other.id)) for one, other in pairs]
    wanted += [("revoke", Wish(other.code, 0)) for _one, other in pairs]
    said = set(tally(crowd.rush(database.url, any_of, wanted)))
    assert said <= {DONE, "household_withdrawn"}, said
    nothing_behind_withdrawn_links(cast)
    check(cast)


def test_a_link_that_is_left_empty_while_somebody_joins_has_them_or_nobody(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=16, members=1)
    pairs = list(zip(cast.families[::2], cast.families[1::2], strict=True))
    wanted = [("move", Wish(one.code, one.members[0], (), other.id)) for one, other in pairs]
    wanted += [("add", Wish(one.code, 0)) for one, _other in pairs]
    random.shuffle(wanted)
    said = set(tally(crowd.rush(database.url, any_of, wanted)))
    assert said <= {DONE, "household_withdrawn"}, said
    withdrawn = "SELECT m.id FROM invitations i JOIN invitation_guests m ON m.invitation_id = i.id"
    assert cast.rows(f"{withdrawn} WHERE i.revoked_at IS NOT NULL") == []


def test_a_host_and_a_guest_answer_at_once_and_the_guest_s_word_stands(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=10, members=2)
    wanted = [
        (errand, Wish(family.code, member))
        for family, member in everybody(cast)
        for errand in ("decline", "say_yes_for")
    ]
    random.shuffle(wanted)
    outcomes = crowd.rush(database.url, any_of, wanted)
    assert {outcome.said for outcome in outcomes if outcome.wish[0] == "decline"} == {"answered"}
    assert {outcome.said for outcome in outcomes if outcome.wish[0] == "say_yes_for"} <= {
        "answered", "answered_meanwhile"
    }  # fmt: skip
    assert cast.rows("SELECT DISTINCT rsvp, responded_by LIKE 'guest:%' FROM invitation_guests") in [
        [("declined", True)], [("declined", 1)],
    ]  # fmt: skip
    check(cast)


def test_of_many_hosts_who_change_one_member_one_is_not_refused(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=1)
    said = tally(crowd.rush(database.url, any_of, [("note", Wish(cast.okafor.code, cast.okafor.members[0]))] * 16))
    assert said == {DONE: 1, "changed_meanwhile": 15}
    assert entries(cast, "member.changed") == 1


def test_many_hosts_who_put_one_household_in_order_never_wait_in_a_circle(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app, invitations=1, members=8)
    wanted = [("order", Wish(cast.okafor.code, member)) for member in cast.okafor.members] * 2
    assert set(tally(crowd.rush(database.url, any_of, wanted))) == {DONE}
    positions = cast.rows("SELECT position FROM invitation_guests ORDER BY position")
    assert [row.position for row in positions] == list(range(8))


def test_of_many_hosts_who_merge_the_same_two_one_does(database: Database, crowd: Crowd) -> None:
    cast = make_cast(database.app)
    everybody_accepts(cast)
    one, other = [
        cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=family.members[0])
        for family in cast.families
    ]
    wish = (one, other, cast.okafor.members[0])
    back = (other, one, cast.okafor.members[0])
    said = tally(crowd.rush(database.url, merge, [wish, back] * 6))
    assert said == {DONE: 1, "changed_meanwhile": 11}
    assert cast.count("SELECT count(*) FROM guests") == 7
    check(cast)
