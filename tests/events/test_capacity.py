"""An event has as many guests as it has places: whoever writes, and whatever they change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import Result
from sqlalchemy.exc import IntegrityError

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, entries, everything, refused, rsvps
from tests.events.evening import say

FULL = "There are not enough places for everybody."
ANSWERED = "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted' AND event_id = :event"


def limit(cast: Cast, *places: str, event: str = "lantern-night") -> Result:
    return cast.app.test_cli_runner().invoke(args=["events", "capacity", "--event", event, *places])


def coming(cast: Cast) -> int:
    """The count that the database keeps, which is that of the answers."""
    kept = cast.count("SELECT coming FROM events WHERE id = :event", event=cast.event_id)
    assert kept == cast.count(ANSWERED, event=cast.event_id)
    return kept


def test_as_many_come_as_there_are_places(cast: Cast, browser: Browser) -> None:
    assert limit(cast, "6").stdout == "“Lantern Night” has 6 places.\n"
    accept(browser, cast.okafor)
    accept(browser, cast.brandt, 0, 1)
    assert coming(cast) == 6
    before = everything(cast.app)
    for path in ("/rsvp", f"/members/{cast.brandt.members[2]}/rsvp"):
        text = refused(browser, browser.post(cast.brandt.path(path), status="accepted"), 409, root="invitation")
        assert FULL in text
        assert "Everything you told us before is safe." in text
    assert everything(cast.app) == before
    assert rsvps(cast, cast.brandt) == ["accepted", "accepted", "pending", "pending"]


def test_saying_no_is_never_refused_and_makes_room_at_once(cast: Cast, browser: Browser) -> None:
    limit(cast, "4")
    accept(browser, cast.okafor)
    assert browser.saved(browser.post(cast.brandt.path("/rsvp"), status="declined"))
    assert browser.saved(browser.post(cast.okafor.path("/rsvp"), status="declined"))
    assert coming(cast) == 0
    accept(browser, cast.brandt)
    assert coming(cast) == 4


def test_a_no_that_is_taken_back_finds_its_place_taken(cast: Cast, browser: Browser) -> None:
    limit(cast, "4")
    accept(browser, cast.okafor)
    browser.post(cast.okafor.path("/rsvp"), status="declined")
    accept(Browser(cast.app, htmx=True), cast.brandt, 0)
    text = refused(browser, browser.post(cast.okafor.path("/undo")), 409, root="invitation")
    assert FULL in text
    assert rsvps(cast, cast.okafor) == ["declined"] * 4
    assert coming(cast) == 1


def test_one_goes_and_another_comes_in_one_answer_at_a_full_event(cast: Cast) -> None:
    limit(cast, "4")
    say(cast, cast.okafor, yes=[0, 1, 2])
    say(cast, cast.brandt, yes=[0])
    say(cast, cast.okafor, yes=[3], no=[1])
    assert rsvps(cast, cast.okafor) == ["accepted", "declined", "accepted", "accepted"]
    assert coming(cast) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invitation_guests SET rsvp = 'accepted' WHERE event_id = :event",
        "UPDATE events SET capacity = 3 WHERE id = :event",
        "UPDATE events SET coming = 7 WHERE id = :event",
    ],
    ids=["answers", "capacity", "count"],
)
def test_no_line_of_sql_gets_past_the_rule(cast: Cast, htmx: Browser, statement: str) -> None:
    limit(cast, "6")
    accept(htmx, cast.okafor)
    before = everything(cast.app)
    with pytest.raises(IntegrityError, match="ck_events_capacity"):
        cast.run(statement, event=cast.event_id)
    assert everything(cast.app) == before


def test_the_count_follows_every_way_a_member_can_change(cast: Cast) -> None:
    cast.run(
        "INSERT INTO events (id, created_at, organization_id, title, slug, description, place, starts_at, ends_at,"
        " time_zone, status, hold_seconds, show_names, capacity, is_public, settings, version)"
        " SELECT 99, created_at, organization_id, title, 'another', '', '', starts_at, ends_at,"
        " time_zone, status, 0, show_names, 5, is_public, settings, 1 FROM events WHERE id = :event",
        event=cast.event_id,
    )
    cast.run("INSERT INTO invitations (id, created_at, event_id, code, code_version, name, names_hidden)"
             " SELECT 99, created_at, 99, 'ANOTHER', 1, '', names_hidden FROM invitations WHERE id = 1")  # fmt: skip
    limit(cast, "5")
    there = replace(cast, event_id=99)
    theirs = f"WHERE invitation_id IN ({cast.brandt.id}, 99)"
    for change, counts in {
        f"UPDATE invitation_guests SET rsvp = 'accepted' {theirs}": (4, 0),
        f"UPDATE invitation_guests SET meal = 'Fish', rsvp = rsvp {theirs}": (4, 0),
        f"UPDATE invitation_guests SET event_id = 99, invitation_id = 99 {theirs}": (0, 4),
        f"UPDATE invitation_guests SET rsvp = 'declined' {theirs} AND position = 0": (0, 3),
        f"DELETE FROM invitation_guests {theirs} AND position > 1": (0, 1),
    }.items():
        cast.run(change)
        assert (coming(cast), coming(there)) == counts, change


def test_a_capacity_that_comes_later_counts_those_who_come_already(cast: Cast, htmx: Browser) -> None:
    accept(htmx, cast.okafor)
    assert cast.count("SELECT coming FROM events") == 0, "an event without a capacity counts nobody"
    before = everything(cast.app)
    assert limit(cast, "3").stderr == f"Error: {FULL}\n"
    assert everything(cast.app) == before
    assert limit(cast, "4").exit_code == 0
    assert coming(cast) == 4
    assert limit(cast).stdout == "“Lantern Night” has any number of places.\n"
    accept(htmx, cast.brandt)
    assert limit(cast, "7").exit_code == 1
    assert limit(cast, "8").exit_code == 0
    assert coming(cast) == 8


def test_the_command_says_it_once_and_only_of_an_event_that_is_there(cast: Cast) -> None:
    assert [limit(cast, "6").exit_code for _ in range(2)] == [0, 0]
    said = cast.rows("SELECT actor, verb FROM activity WHERE verb LIKE 'event.lim%'")
    assert [tuple(row) for row in said] == [("system", "event.limited")]
    assert limit(cast, "6", event="nowhere").stderr == "Error: There is no event “nowhere”.\n"
    assert limit(cast, "--", "-1").exit_code == 2
    assert entries(cast) == []
