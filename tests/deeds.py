"""What guests do in tests, through the routes they really use, and what stands in the database then."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import insert, text, update
from werkzeug.test import TestResponse

from portal.events.models import Event
from portal.events.queries import find_event_by_slug
from portal.imports.actions.staging import begin_import
from portal.imports.host.steps import carry_on
from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.kit import clock
from portal.kit.schema import db
from portal.seating.models import HouseholdRequest, RequestKind
from tests.cast import Cast, Family
from tests.client import Browser
from tests.markup import elements


def accept(browser: Browser, family: Family, *which: int) -> None:
    """Members say yes, by their numbers in the family; without numbers all of them at once."""
    paths = [f"/members/{family.members[number]}/rsvp" for number in which] or ["/rsvp"]
    for path in paths:
        assert browser.saved(browser.post(family.path(path), status="accepted"))


def everybody_comes(cast: Cast) -> None:
    """Every family has said yes before the test begins."""
    with cast.app.app_context():
        for family in cast.families:
            here = viewer_of(find_invitation(family.code), family.code, clock.now())[0]
            answer(here, dict.fromkeys(family.members, Rsvp.ACCEPTED), now=clock.now())


def take(browser: Browser, family: Family, number: int, seat_id: object, **fields: Any) -> TestResponse:
    """A member asks for a seat."""
    return browser.post(family.path(f"/members/{family.members[number]}/seat"), seat_id=seat_id, **fields)


def hold(browser: Browser, family: Family, number: int, seat_id: object, **fields: Any) -> TestResponse:
    """A member asks for a seat to be kept."""
    return browser.post(family.path(f"/members/{family.members[number]}/hold"), seat_id=seat_id, **fields)


def seated(browser: Browser, family: Family, number: int, seat_id: int) -> None:
    """A member has this seat."""
    assert browser.saved(take(browser, family, number, seat_id))


def bring_list(cast: Cast) -> None:
    """The event's host has brought a guest list and not yet said what its columns hold."""
    host = cast.count("SELECT id FROM users WHERE email = :email", email=cast.host_email)
    with cast.app.app_context():
        event = find_event_by_slug(cast.rows("SELECT slug FROM events WHERE id = :id", id=cast.event_id)[0].slug)
        assert event is not None
        content = b"Household,Name\nCosta,Ada\nCosta,Ben"
        import_id = begin_import(event, user_id=host, file_name="list.csv", content=content, now=clock.now())
        carry_on(event, import_id, f"user:{host}")


def families_ask(cast: Cast) -> None:
    """The second family asks to sit near the first, and for its seats; the first has asked for somebody not invited."""
    plant_request(cast, cast.brandt, cast.okafor, RequestKind.NEAR, wanted="An old friend")
    plant_request(cast, cast.brandt, cast.okafor, RequestKind.SWAP, slot=2, wanted="An old friend")
    plant_request(cast, cast.okafor, None, RequestKind.NEAR)


def plant_request(
    cast: Cast, one: Family, other: Family | None, kind: RequestKind, *, slot: int = 1, wanted: str = ""
) -> int:
    """A family has asked another, or for a name that is nobody's; the id of what it asked."""
    asked = insert(HouseholdRequest).values(
        event_id=cast.event_id, from_invitation_id=one.id, to_invitation_id=other.id if other else None, kind=kind,
        wanted=wanted or (other.names[0] if other else "Nobody"), slot=slot,
    )  # fmt: skip
    with cast.app.app_context(), db.engine.begin() as connection:
        return int(connection.execute(asked.returning(HouseholdRequest.id)).scalar_one())


def alter_event(cast: Cast, **columns: Any) -> None:
    """The hosts have changed the event."""
    with cast.app.app_context(), db.engine.begin() as connection:
        connection.execute(update(Event).where(Event.id == cast.event_id).values(**columns))


def plan(cast: Cast) -> dict[str, str]:
    """Who sits where, as ``{"Ngozi Okafor": "1-5"}``; holds are no seats."""
    rows = cast.rows(
        "SELECT a.display_name, t.name, s.label FROM seat_claims c JOIN seats s ON s.id = c.seat_id"
        " JOIN tables t ON t.id = s.table_id JOIN guest_assignments a ON a.id = c.assignment_id"
        " WHERE c.event_id = :event AND c.state = 'taken'",
        event=cast.event_id,
    )
    return {row[0]: f"{row[1]}-{row[2]}" for row in rows}


def rsvps(cast: Cast, family: Family) -> list[str]:
    """What the members of a family have answered, in order."""
    rows = cast.rows("SELECT rsvp FROM invitation_guests WHERE invitation_id = :id ORDER BY position", id=family.id)
    return [row[0] for row in rows]


def entries(cast: Cast) -> list[str]:
    """What guests have done according to the log, oldest first."""
    rows = cast.rows("SELECT verb FROM activity WHERE event_id = :event AND actor LIKE 'guest:%' ORDER BY id",
                     event=cast.event_id)  # fmt: skip
    return [row[0] for row in rows]


def everything(app: Flask) -> dict[str, list[Any]]:
    """Every row of every table: equal before and after means that nothing was changed."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table.name} ORDER BY id"))]
            for table in db.metadata.sorted_tables
        }


def follow(browser: Browser, reply: TestResponse, *, root: str, to: str) -> str:
    """A change that succeeded: the fragment ``root`` to htmx; 303 to ``to`` and then that page to a plain form."""
    _check_mutation(reply)
    if browser.htmx:
        assert reply.status_code == 200, reply.text[:500]
        _check_root(reply.text, root)
        return reply.text
    assert reply.status_code == 303, reply.text[:500]
    assert reply.location.partition("?")[0] == to
    page = browser.get(reply.location)
    assert page.status_code == 200
    return page.text


def refused(browser: Browser, reply: TestResponse, status: int, *, root: str) -> str:
    """A change that was refused: the fragment ``root`` to htmx, a whole page around it to a plain form."""
    _check_mutation(reply)
    assert reply.status_code == status, reply.text[:500]
    if browser.htmx:
        _check_root(reply.text, root)
    else:
        assert "<!doctype html>" in reply.text[:200].lower()
        assert f'id="{root}"' in reply.text or root == "notice"
    return reply.text


def _check_mutation(reply: TestResponse) -> None:
    assert "HX-Request" in reply.headers.get("Vary", "")
    assert reply.headers["Cache-Control"] == "private, no-store"


def _check_root(html: str, root: str) -> None:
    roots = [element.attributes.get("id") for element in elements(html) if element.depth == 0]
    assert roots == [root], "a fragment has one root with its name"
