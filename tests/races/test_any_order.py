"""Members of two households do anything in any order, by themselves and against each other; the room stays true.

One process and SQLite: this looks for a wrong order, the races for a wrong
moment. What should happen is worked out here from the rows before, not by the
rules of the application.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import MemberView, Viewer
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.schema import db
from portal.seating.actions import claims, together
from portal.seating.actions.swaps import swap_seats
from portal.seating.rules.picking import GONE
from tests.cast import Cast, Family, make_cast
from tests.conftest import Database
from tests.races.room import check, everybody_accepts

EXAMPLES = int(os.environ.get("PLACECARD_EXAMPLES", "25"))
HOLD = 300
SEATS = 4

PEOPLE = st.integers(0, 3)
CHAIRS = st.integers(0, SEATS - 1)


@dataclass
class Stage:
    """Where every example begins: two households of two who all come, and four seats that are free."""

    cast: Cast
    database: Database
    template: Path

    @classmethod
    def set_up(cls, database: Database, folder: Path) -> Stage:
        """Make it once; examples begin from its copy."""
        cast = make_cast(database.app, invitations=2, members=2, tables=2, seats=2, hold=HOLD)
        first, last = cast.seat(1, 1), cast.seat(2, 2)
        cast.run("UPDATE seats SET category = 'vip' WHERE id = :id", id=first)
        cast.run("UPDATE seats SET category = 'reserved' WHERE id = :id", id=last)
        cast.run("UPDATE invitation_guests SET seat_category = 'vip' WHERE id = :id", id=cast.okafor.members[0])
        everybody_accepts(cast)
        stage = cls(cast, database, folder / "beginning.sqlite")
        stage.close()
        shutil.copy(database.file, stage.template)
        return stage

    def begin(self) -> None:
        """Everything as it was at first."""
        self.close()
        shutil.copy(self.template, self.database.file)

    def close(self) -> None:
        """Let go of the file, with everything in it."""
        with self.database.app.app_context():
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()


class Room(RuleBasedStateMachine):
    """The rules of the game: one for each thing a guest can do, and one for the time that passes."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.stage.begin()
        self.cast, self.app = self.stage.cast, self.stage.database.app
        self.now = clock.now()
        self.people = [(family, member) for family in self.cast.families for member in family.members]
        self.chairs = sorted(self.cast.seats.values())

    @rule(person=PEOPLE)
    def accept(self, person: int) -> None:
        self._answer(person, Rsvp.ACCEPTED)

    @rule(person=PEOPLE)
    def decline(self, person: int) -> None:
        self._answer(person, Rsvp.DECLINED)

    @rule(person=PEOPLE, chair=CHAIRS)
    def take(self, person: int, chair: int) -> None:
        self._claim(person, chair, claims.take_seat, "taken")

    @rule(person=PEOPLE, chair=CHAIRS)
    def hold(self, person: int, chair: int) -> None:
        self._claim(person, chair, claims.hold_seat, "held")

    @rule(person=PEOPLE)
    def release(self, person: int) -> None:
        had = self._claims_of(person)
        self._act(person, lambda viewer, member: claims.release_seat(viewer, member, now=self.now))
        assert self._claims_of(person) == {}
        assert self._entries() == (1 if had else 0), "one entry for a release, none for nothing"

    @rule(person=PEOPLE)
    def confirm(self, person: int) -> None:
        family = self.people[person][0]
        held = {each: self._claims_of(each).get("held") for each in range(4) if self.people[each][0] is family}
        before, stood = self._room(), [each for each in held if not self._claims_of(each)]
        refused = self._act(person, lambda viewer, _member: claims.confirm_seats(viewer, {}, now=self.now))
        if refused is not None:
            assert refused.rule in GONE
            assert any(self._rsvp(each) == Rsvp.ACCEPTED and not self._claims_of(each) for each in held)
            assert self._room() == before, "somebody lost what they held last: all or none"
            return
        for each, seat in held.items():
            if seat is not None:
                assert self._claims_of(each) == {"taken": seat}, "what was held is taken, and only that"
        again = [each for each in stood if self._claims_of(each)]  # what they held last is free once more, and theirs
        assert self._entries() == (1 if any(held.values()) or again else 0)

    @rule(person=PEOPLE)
    def keep(self, person: int) -> None:
        family = self.people[person][0]
        held = [each for each in range(4) if self.people[each][0] is family and "held" in self._claims_of(each)]
        before = [self._claims_of(each) for each in range(4)]
        refused = self._act(person, lambda viewer, _member: claims.keep_seats(viewer, {}, now=self.now))
        assert refused is None
        assert [self._claims_of(each) for each in range(4)] == before, "also what ran out, as nobody has asked for it"
        assert all(self._living(each).get("held") == before[each]["held"] for each in held)
        assert self._entries() == (1 if held else 0)

    @rule(person=PEOPLE, chair=CHAIRS)
    def swap(self, person: int, chair: int) -> None:
        seat, sibling = self.chairs[chair], person ^ 1
        mine, theirs, room = self._living(person), self._living(sibling), self._room()
        comes = self._rsvp(person) == Rsvp.ACCEPTED
        kept = comes and seat in mine.values()
        vip = self.chairs[0] in [*mine.values(), *theirs.values()]
        fine = kept or (comes and bool(mine) and seat in theirs.values() and not vip)
        refused = self._act(person, lambda viewer, member: swap_seats(viewer, member, seat, now=self.now))
        assert (refused is None) == fine, refused
        if fine and not kept:
            assert (self._claims_of(person), self._claims_of(sibling)) == (theirs, mine), "each all the other had"
        else:
            assert self._room() == room
        assert self._entries() == (1 if fine and not kept else 0)

    @rule(person=PEOPLE)
    def sit_together(self, person: int) -> None:
        first = person - person % 2
        before, had = self._room(), {each: self._living(each) for each in (first, first + 1)}
        refused = self._act(
            person, lambda viewer, _member: together.seat_together(viewer, table_slug=None, now=self.now)
        )
        if refused is None:
            coming = [each for each in had if self._rsvp(each) == Rsvp.ACCEPTED]
            assert all(self._living(each) for each in coming), "nobody is left standing"
            assert all(self._living(each) == seats for each, seats in had.items() if seats), "and nobody is moved"
        else:
            assert self._room() == before

    @rule(first=CHAIRS, second=CHAIRS, family=st.integers(0, 1))
    def take_two(self, first: int, second: int, family: int) -> None:
        one, other = (family * 2, family * 2 + 1)
        wanted = [self.chairs[first], self.chairs[second]]
        fine = first != second and all(
            self._may(person, seat, with_family=True) for person, seat in zip((one, other), wanted, strict=True)
        )
        before = self._room()

        def both(viewer: Viewer, _member: MemberView) -> None:
            claims.take_seats(viewer, dict(zip(viewer.members, wanted, strict=True)), now=self.now)

        refused = self._act(one, both)
        assert (refused is None) == fine, refused
        if fine:
            assert [self._claims_of(person)["taken"] for person in (one, other)] == wanted
        else:
            assert self._room() == before

    @rule(person=PEOPLE, seconds=st.sampled_from([-1, 0, 1]), to_keep=st.booleans())
    def ask_when_a_hold_ends(self, person: int, seconds: int, to_keep: bool) -> None:
        """Just before, exactly when, or just after the next hold runs out, somebody asks for that seat."""
        holds = self.cast.rows("SELECT seat_id, held_until FROM seat_claims WHERE state = 'held' ORDER BY held_until")
        ends = [(_moment(hold.held_until) + timedelta(seconds=seconds), hold.seat_id) for hold in holds]
        self.now, seat = next((end for end in ends if end[0] > self.now), (self.now, self.chairs[person]))
        act, state = (claims.take_seat, "taken") if to_keep else (claims.hold_seat, "held")
        self._claim(person, self.chairs.index(seat), act, state)

    @rule(seconds=st.sampled_from([1, HOLD]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def the_room_is_true(self) -> None:
        check(self.cast)

    def _answer(self, person: int, rsvp: Rsvp) -> None:
        was = self._rsvp(person)
        member_id = self.people[person][1]
        self._act(person, lambda viewer, _member: answer(viewer, {member_id: rsvp}, now=self.now))
        assert self._rsvp(person) == rsvp
        assert self._entries() == (was != rsvp), "one entry for a change of mind, none for none"
        if rsvp == Rsvp.DECLINED:
            assert self._claims_of(person) == {}, "whoever declines has no seat from that moment"

    def _claim(self, person: int, chair: int, act: Callable[..., None], state: str) -> None:
        seat = self.chairs[chair]
        fine = self._may(person, seat)
        before, had = self._room(), self._claims_of(person)
        refused = self._act(person, lambda viewer, member: act(viewer, member, seat, now=self.now))
        assert (refused is None) == fine, refused
        if not fine:
            assert self._room() == before, "who is refused loses nothing"
            assert self._entries() == 0
        elif had.get("taken") == seat:
            assert self._claims_of(person) == had, "what one has is neither taken nor held again"
            assert self._entries() == 0
        elif state == "taken":
            assert self._claims_of(person) == {"taken": seat}
            assert self._entries() == 1
        else:
            assert self._claims_of(person) == {**had, "held": seat}, "a hold leaves the seat one has"
            assert self._entries() == 1

    def _may(self, person: int, seat: int, *, with_family: bool = False) -> bool:
        """Whether this member can have this seat, from the rows alone."""
        family, member_id = self.people[person]
        if self._rsvp(person) != Rsvp.ACCEPTED:
            return False
        (row,) = self.cast.rows(
            "SELECT s.category, c.state, c.held_until, a.member_id FROM seats s"
            " LEFT JOIN seat_claims c ON c.seat_id = s.id LEFT JOIN guest_assignments a ON a.id = c.assignment_id"
            " WHERE s.id = :seat",
            seat=seat,
        )
        living = row.state == "taken" or (row.state == "held" and _moment(row.held_until) > self.now)
        if living and row.member_id == member_id:
            return True
        if living and not (with_family and row.member_id in family.members):
            return False
        is_vip = member_id == self.cast.okafor.members[0]
        return row.category == "regular" or (row.category == "vip" and is_vip)

    def _act(self, person: int, act: Callable[[Viewer, MemberView], object]) -> Conflict | None:
        self.entries_before = self._count_entries()
        family, member_id = self.people[person]
        with self.app.app_context():
            viewer = self._viewer(family)
            member = viewer.find_member(member_id)
            assert member is not None
            try:
                act(viewer, member)
            except Conflict as conflict:
                return conflict
        if self._entries():
            each_of = [each for each in range(4) if self.people[each][0] is family]
            ends = [_moment(row.held_until) for each in each_of for row in self._holds(each)]
            living = [end for end in ends if end > self.now]
            assert living == [self.now + timedelta(seconds=HOLD)] * len(living), "whatever one does renews all"
        return None

    def _viewer(self, family: Family) -> Viewer:
        return viewer_of(find_invitation(family.code), family.code, self.now)[0]

    def _entries(self) -> int:
        return self._count_entries() - self.entries_before

    def _count_entries(self) -> int:
        return self.cast.count("SELECT count(*) FROM activity")

    def _rsvp(self, person: int) -> str:
        member = self.people[person][1]
        return str(self.cast.rows("SELECT rsvp FROM invitation_guests WHERE id = :id", id=member)[0][0])

    def _claims_of(self, person: int) -> dict[str, int]:
        """Which seats a member has, by state; a hold that has run out counts until somebody clears it."""
        rows = self.cast.rows(
            "SELECT c.state, c.seat_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
            " WHERE a.member_id = :member",
            member=self.people[person][1],
        )
        return {row.state: row.seat_id for row in rows}

    def _holds(self, person: int) -> list[Any]:
        return self.cast.rows(
            "SELECT c.seat_id, c.held_until FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
            " WHERE c.state = 'held' AND a.member_id = :member",
            member=self.people[person][1],
        )

    def _living(self, person: int) -> dict[str, int]:
        """Which seats a member has, without a hold that has run out."""
        gone = [hold.seat_id for hold in self._holds(person) if _moment(hold.held_until) <= self.now]
        return {state: seat for state, seat in self._claims_of(person).items() if seat not in gone}

    def _room(self) -> list[Any]:
        return self.cast.rows(
            "SELECT c.seat_id, c.assignment_id, c.state, c.held_until, a.table_id FROM guest_assignments a"
            " LEFT JOIN seat_claims c ON c.assignment_id = a.id ORDER BY a.id, c.state"
        )


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(f"{stored}+00:00")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_people_do_in_whatever_order(database: Database, tmp_path: Path) -> None:
    stage = Stage.set_up(database, tmp_path)
    machine = type("RoomOnStage", (Room,), {"stage": stage})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # making a failure small takes minutes; thirty steps can be read
        ),
    )
