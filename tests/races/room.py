"""The room before and after a race."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from portal.kit.schema import db
from portal.seating.models import ClaimState, SeatClaim
from tests.cast import Cast, Family
from tests.races.errands import Wish


def everybody_accepts(cast: Cast) -> None:
    """Every member has said yes and has a place; written in bulk, since no race is about it."""
    cast.run(
        "UPDATE invitation_guests SET rsvp = 'accepted', reference_code = 'G' || id WHERE event_id = :event",
        event=cast.event_id,
    )
    cast.run(
        "INSERT INTO guest_assignments (created_at, organization_id, event_id, guest_id, member_id, member_rsvp,"
        " reference_code, display_name, dietary) SELECT created_at, organization_id, event_id, guest_id, id, rsvp,"
        " reference_code, '', '' FROM invitation_guests WHERE event_id = :event",
        event=cast.event_id,
    )


def stay_away(cast: Cast, member_ids: list[int]) -> None:
    """These members do not come after all, so that families are of different sizes."""
    listed = ", ".join(map(str, member_ids)) or "0"
    cast.run(f"DELETE FROM guest_assignments WHERE member_id IN ({listed})")
    cast.run(f"UPDATE invitation_guests SET rsvp = 'declined' WHERE id IN ({listed})")


def let_holds_end(cast: Cast, moment: datetime) -> None:
    """Everything that is held runs out at this moment."""
    with cast.app.app_context(), db.engine.begin() as connection:
        connection.execute(update(SeatClaim).where(SeatClaim.state == ClaimState.HELD).values(held_until=moment))


def everybody(cast: Cast) -> list[tuple[Family, int]]:
    """Every member, with their household."""
    return [(family, member_id) for family in cast.families for member_id in family.members]


def regular_seats(cast: Cast) -> list[int]:
    """The seats that anybody may take."""
    regular = "SELECT id FROM seats WHERE category = 'regular' AND event_id = :event ORDER BY id"
    return [row[0] for row in cast.rows(regular, event=cast.event_id)]


def wishes(cast: Cast, seat_ids: list[int]) -> list[Wish]:
    """Every member wants one of these seats."""
    return [Wish(family.code, member_id, tuple(seat_ids)) for family, member_id in everybody(cast)]


def seated(cast: Cast) -> int:
    """How many claims there are."""
    return cast.count("SELECT count(*) FROM seat_claims WHERE event_id = :event", event=cast.event_id)


def entries(cast: Cast, verb: str) -> int:
    """How often the log says this."""
    said = "SELECT count(*) FROM activity WHERE verb = :verb AND event_id = :event"
    return cast.count(said, verb=verb, event=cast.event_id)


def said_by(cast: Cast, family: Family) -> int:
    """How many entries this household has in the log."""
    return cast.count("SELECT count(*) FROM activity WHERE actor = :actor", actor=f"guest:{family.id}")


def check(cast: Cast) -> None:
    """What must hold of the room at every moment."""
    twice = "SELECT {0} FROM seat_claims {1} GROUP BY {0} HAVING count(*) > 1"
    assert cast.rows(twice.format("seat_id", "")) == [], "one claim per seat"
    assert cast.rows(twice.format("assignment_id", "WHERE state = 'taken'")) == [], "one seat per member"
    assert cast.rows(twice.format("assignment_id", "WHERE state = 'held'")) == [], "one hold per member"
    apart = cast.rows(
        "SELECT a.id FROM guest_assignments a LEFT JOIN seat_claims c ON c.assignment_id = a.id AND c.state = 'taken'"
        " WHERE coalesce(a.table_id, 0) <> coalesce(c.table_id, 0)"
    )
    assert apart == [], "the place says the table of its seat, and no table without one"
    absent = cast.rows(
        "SELECT m.id FROM invitation_guests m LEFT JOIN guest_assignments a ON a.member_id = m.id"
        " WHERE (m.rsvp = 'accepted') <> (a.id IS NOT NULL)"
    )
    assert absent == [], "whoever comes has a place, whoever does not has none"
