"""What the schema promises in words, seen on both engines."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.invitations.models import Rsvp
from portal.kit.conflicts import Conflict
from portal.kit.schema import db
from portal.seating.models import ClaimState
from tests import world
from tests.kit.broken import write

SOMEBODY = 4
"""A member who has accepted and taken a seat; also a superuser."""

users, memberships = world.table("users"), world.table("memberships")
members, places = world.table("invitation_guests"), world.table("guest_assignments")
claims, activity = world.table("seat_claims"), world.table("activity")


@pytest.fixture(autouse=True)
def populated(app: Flask) -> None:
    with app.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        world.populate(connection, range(1, 9))


def digest(table: str) -> str:
    with db.engine.connect() as connection:
        return world.digest(connection, table)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_was_logged_stays_as_it_was_written(app: Flask, verb: str) -> None:
    statement = update(activity).values(verb="seat.never-taken") if verb == "update" else delete(activity)
    with app.app_context():
        before = digest("activity")
        with pytest.raises(Conflict, match=r"^activity_is_only_added_to: What was done cannot be rewritten\.$"):
            write([statement.where(activity.c.id == 1)])
        with pytest.raises(IntegrityError, match="activity_is_only_added_to"), db.engine.begin() as connection:
            connection.execute(statement)
        assert digest("activity") == before
        write([insert(activity).values(world.row("activity", 9, event_id=None, organization_id=8))])


@pytest.mark.parametrize("answer", [Rsvp.DECLINED, Rsvp.PENDING])
def test_taking_back_a_yes_is_refused_while_the_place_stands(app: Flask, answer: Rsvp) -> None:
    """The composite key carries the new answer to the place, where the CHECK refuses it by name."""
    with app.app_context():
        with pytest.raises(Conflict) as refused:
            write([update(members).where(members.c.id == SOMEBODY).values(rsvp=answer)])
        assert refused.value.rule == "ck_guest_assignments_member_accepted"
        write(
            [
                delete(claims).where(claims.c.assignment_id == SOMEBODY),
                delete(places).where(places.c.id == SOMEBODY),
                update(members).where(members.c.id == SOMEBODY).values(rsvp=answer),
            ]
        )


@pytest.mark.parametrize("answer", [Rsvp.DECLINED, Rsvp.PENDING])
def test_whoever_has_not_accepted_cannot_be_given_a_place(app: Flask, answer: Rsvp) -> None:
    """The copy of the answer comes from the member's own row, so that nobody can claim another."""
    copied = select(members.c.rsvp).where(members.c.id == SOMEBODY).scalar_subquery()
    place = world.row("guest_assignments", SOMEBODY) | {"member_rsvp": copied}
    with app.app_context():
        write(
            [
                delete(claims).where(claims.c.assignment_id == SOMEBODY),
                delete(places).where(places.c.id == SOMEBODY),
                update(members).where(members.c.id == SOMEBODY).values(rsvp=answer),
            ]
        )
        with pytest.raises(Conflict) as refused:
            write([insert(places).values(place)])
        assert refused.value.rule == "ck_guest_assignments_member_accepted"
        write(
            [
                update(members).where(members.c.id == SOMEBODY).values(rsvp=Rsvp.ACCEPTED),
                insert(places).values(place),
            ]
        )


def test_a_superuser_belongs_to_many_and_cannot_be_demoted_while_they_do(app: Flask) -> None:
    second = world.row("memberships", SOMEBODY, id=100, organization_id=5)
    demote = update(users).where(users.c.id == SOMEBODY).values(is_superuser=False)
    with app.app_context():
        write([insert(memberships).values(second)])
        with pytest.raises(Conflict) as refused:
            write([demote])
        assert refused.value.rule == "uq_memberships_one_tenant_per_user"
        write([delete(memberships).where(memberships.c.id == 100), demote])
        with db.engine.connect() as connection:
            carried = connection.scalars(select(memberships.c.is_superuser).where(memberships.c.user_id == SOMEBODY))
            assert list(carried) == [False], "the membership follows the user"
        with pytest.raises(Conflict) as again:
            write([insert(memberships).values(second | {"is_superuser": False})])
        assert again.value.rule == "uq_memberships_one_tenant_per_user"


@pytest.mark.parametrize(("first", "second"), list(product(ClaimState, ClaimState)))
def test_a_seat_has_one_claim_whatever_the_two_states(app: Flask, first: ClaimState, second: ClaimState) -> None:
    def claim(number: int, assignment: int, state: ClaimState) -> world.Row:
        taken = state == ClaimState.TAKEN
        return world.row(
            "seat_claims",
            SOMEBODY,
            id=number,
            assignment_id=assignment,
            state=state,
            held_until=None if taken else world.moment(1),
            taken_table_id=SOMEBODY if taken else None,
        )

    neighbour = world.row(
        "guest_assignments", SOMEBODY, id=101, guest_id=101, member_id=None, member_rsvp=None, reference_code="G0101"
    )
    guest = world.row("guests", SOMEBODY, id=101, email=None, email_key=None)
    with app.app_context():
        write(
            [
                insert(world.table("guests")).values(guest),
                insert(places).values(neighbour),
                delete(claims).where(claims.c.id == SOMEBODY),
                insert(claims).values(claim(102, SOMEBODY, first)),
            ]
        )
        with pytest.raises(Conflict) as refused:
            write([insert(claims).values(claim(103, 101, second))])
        assert refused.value.rule == "uq_seat_claims_seat_id"
        with db.engine.connect() as connection:
            assert connection.scalars(select(claims.c.id).where(claims.c.seat_id == SOMEBODY)).all() == [102]


def test_place_and_claim_may_disagree_within_an_action_and_not_after_it(app: Flask) -> None:
    other_table = world.row("tables", SOMEBODY, id=101, name="101", slug="101")
    other_seat = world.row("seats", SOMEBODY, id=101, table_id=101)
    move_claim = update(claims).where(claims.c.id == SOMEBODY).values(seat_id=101, table_id=101, taken_table_id=101)
    move_place = update(places).where(places.c.id == SOMEBODY).values(table_id=101)
    with app.app_context():
        write([insert(world.table("tables")).values(other_table), insert(world.table("seats")).values(other_seat)])
        for half in ([move_claim], [move_place]):
            with pytest.raises(Conflict) as refused:
                write(half)
            assert refused.value.rule in {"fk_seat_claims_assignment_id_taken_table_id", "foreign key"}
        write([move_claim, move_place])
        back = {"seat_id": SOMEBODY, "table_id": SOMEBODY, "taken_table_id": SOMEBODY}
        write(
            [
                update(places).where(places.c.id == SOMEBODY).values(table_id=SOMEBODY),
                update(claims).where(claims.c.id == SOMEBODY).values(**back),
            ]
        )
