"""The panels of the overview: what to sort out, the room, the kitchen, and what guests did last."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, session

from portal.events.models import Event
from portal.events.queries import find_event_by_slug
from portal.events.queries.todo import things as everything
from portal.invitations.models import Invitation, Rsvp
from portal.kit import clock, seen
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.events.evening import address, all_say, alter, hold, say, sit, tell
from tests.invitations.test_details import add_part, couple_with_a_guest
from tests.statements import statements


def part(cast: Cast, name: str) -> str:
    answer = host_of(cast).part(address(cast, f"/{name}"))
    assert answer.status_code == 200
    return words_of(answer.text)


def things(cast: Cast) -> str:
    """Everything there is to sort out."""
    page = host_of(cast).get(address(cast, "/to-sort-out"))
    assert page.status_code == 200
    return words_of(page.text)


def send(cast: Cast, *families: Family) -> None:
    """The host says that these have their link."""
    for family in families:
        alter(cast, Invitation, family.id, sent_at=datetime(2026, 10, 30, 12, tzinfo=UTC))


def test_what_there_is_to_sort_out(cast: Cast) -> None:
    assert "never opened" not in part(cast, "todo"), "nobody can open what was not sent"
    send(cast, cast.okafor)
    assert "1 link never opened Sent on 30 October" in part(cast, "todo")
    send(cast, cast.brandt)
    assert "2 links never opened" in part(cast, "todo")
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    said = part(cast, "todo")
    assert "2 coming without a seat Okafor family" in said
    assert "1 link never opened" in said
    assert "llerg" not in said
    say(cast, cast.brandt, yes=[0])
    tell(cast, cast.okafor, 0, dietary="no nuts; coeliac", note="Can we bring a highchair?")
    said = part(cast, "todo")
    assert "3 coming without a seat In 2 households" in said
    assert "New allergy: coeliac and nuts Ngozi Okafor, Table 1" in said
    assert "1 guest wrote to you" in said
    assert "never opened" not in said


def test_an_allergy_is_new_for_three_days_and_in_the_last_week(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 1, dietary="no nuts")
    tell(cast, cast.okafor, 2, meal="Fish", dietary="vegan")
    told = cast.rows("SELECT max(at) AS at FROM activity")[0].at
    told = datetime.fromisoformat(told) if isinstance(told, str) else told
    told = told.replace(tzinfo=told.tzinfo or UTC)
    start = told + timedelta(weeks=4)
    alter(cast, Event, cast.event_id, starts_at=start, ends_at=start + timedelta(hours=5))
    with cast.app.app_context():
        event = find_event_by_slug("lantern-night")
        assert event is not None
        for later, kinds in ((timedelta(days=2), ["allergy"]), (timedelta(days=4), ["needs"])):
            assert [
                each.kind for each in everything(event, told + later, None) if each.kind in {"allergy", "needs"}
            ] == kinds
    alter(cast, Event, cast.event_id, starts_at=told + timedelta(days=9), ends_at=told + timedelta(days=10))
    with cast.app.app_context():
        event = find_event_by_slug("lantern-night")
        assert event is not None
        assert "allergy" in [each.kind for each in everything(event, told + timedelta(days=4), None)]


def test_an_allergy_is_new_until_this_host_has_seen_the_kitchen_sheet(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 0, dietary="no nuts")
    one, other = host_of(cast), host_of(cast)
    assert "New allergy: nuts" in words_of(one.part(address(cast, "/todo")).text)
    assert one.get(address(cast, "/print/kitchen")).status_code == 200
    said = words_of(one.part(address(cast, "/todo")).text)
    assert "New allergy" not in said
    assert "Allergies for the kitchen 1 nuts" in said
    tell(cast, cast.okafor, 1, dietary="sesame")
    for path in ("", "/todo", "/to-sort-out"):
        said = words_of(one.part(address(cast, path)).text)
        assert "New allergy: sesame Daniel Okafor" in said
        assert "New allergy: nuts" not in said
    assert "New allergy: nuts" in words_of(other.part(address(cast, "/todo")).text), "they have not seen it"


def test_a_browser_keeps_its_last_looks_and_forgets_the_oldest(app: Flask) -> None:
    with app.test_request_context():
        for event_id in range(seen.MOST + 5):
            seen.note(event_id, now=clock.now())
        assert len(session[seen.KEY]) == seen.MOST
        assert seen.last(4) is None
        assert seen.last(5) is not None


def test_many_new_allergies_are_one_thing(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    for number, dietary in enumerate(("no nuts", "sesame; no nuts", "coeliac")):
        tell(cast, cast.okafor, number, dietary=dietary)
    assert "3 new allergies Coeliac, nuts and sesame" in part(cast, "todo")


def test_an_allergy_that_stands_no_longer_is_not_told(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 1, dietary="no nuts")
    tell(cast, cast.okafor, 1, dietary="")
    tell(cast, cast.okafor, 2, meal="Fish")
    assert "llerg" not in things(cast)
    assert not [row for row in cast.rows("SELECT detail FROM activity") if "nuts" in str(row.detail)], (
        "no health in the log"
    )


def test_those_who_have_not_answered_are_pressing_when_the_deadline_is_near(cast: Cast) -> None:
    now = clock.now()
    for ahead, is_told in ((timedelta(days=6), True), (timedelta(days=8), False), (timedelta(days=-1), False)):
        alter(cast, Event, cast.event_id, rsvp_deadline=now + ahead)
        assert ("8 still to answer Replies close on" in things(cast)) is is_told


def test_a_guest_who_comes_without_a_name_is_told(cast: Cast) -> None:
    lena = couple_with_a_guest(cast)
    assert "no name yet" not in things(cast)
    all_say(cast, lena, Rsvp.ACCEPTED)
    assert "1 guest has no name yet" in things(cast)
    page = host_of(cast).get(address(cast, "/invitations?show=unnamed"))
    assert re.findall(r"<h2>(?:<a[^>]*>)?([^<]+)", page.text) == ["Lena Brandt"]


def test_a_part_says_how_full_it_is(cast: Cast) -> None:
    session = add_part(cast, "Dinner")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    cast.run(
        "INSERT INTO session_answers (created_at, event_id, guest_id, member_id, session_id)"
        " SELECT created_at, event_id, guest_id, id, :part FROM invitation_guests WHERE invitation_id = :family",
        part=session, family=cast.okafor.id,
    )  # fmt: skip
    assert re.search(r"Who comes to what Lists Dinner \S+ [ap]m 4 Dinner|Dinner \S+ [ap]m 4", part(cast, "parts"))
    cast.run("UPDATE event_sessions SET capacity = 4")
    assert "4 of 4" in part(cast, "parts")
    say(cast, cast.okafor, no=[3])
    assert "3 of 4" in part(cast, "parts")
    assert "too many" not in part(cast, "todo")


def test_more_than_four_things_have_a_page(cast: Cast) -> None:
    lena = couple_with_a_guest(cast)
    for family in (cast.okafor, lena):
        all_say(cast, family, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 1, dietary="no nuts", note="Hello")
    send(cast, cast.brandt)
    alter(cast, Event, cast.event_id, rsvp_deadline=clock.now() + timedelta(days=1))
    browser = host_of(cast)
    panel = browser.part(address(cast, "/todo")).text
    assert panel.count("<li ") == 4
    assert f'href="{address(cast)}/to-sort-out">All 6</a>' in panel
    assert browser.get(address(cast, "/to-sort-out")).text.count('<span class="ic') == 6
    assert words_of(panel).startswith("To sort out All 6 6 coming without a seat")


def test_every_thing_to_sort_out_leads_to_where_it_can_be_done(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 1, dietary="no nuts", note="Hello")
    send(cast, cast.brandt)
    browser = host_of(cast)
    found = re.findall(r'class="do" href="([^"]+)"', browser.part(address(cast, "/todo")).text)
    assert [link.removeprefix(address(cast)) for link in found] == [
        "/seating", "/print/kitchen", "/invitations?show=unopened", "/invitations?show=notes",
    ]  # fmt: skip
    assert {browser.get(link).status_code for link in found} == {200}
    for link, name in zip(found[2:], ["Brandt", "Okafor"], strict=True):
        assert re.findall(r"<h2>(?:<a[^>]*>)?(\w+) family", browser.get(link).text) == [name]


def test_a_table_with_more_people_than_chairs_stands_out(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    cast.run(
        "UPDATE guest_assignments SET table_id = (SELECT id FROM tables WHERE event_id = :event AND name = '2')",
        event=cast.event_id,
    )
    cast.run("UPDATE tables SET capacity = 6 WHERE name = '2' AND event_id = :event", event=cast.event_id)
    assert "Table 2 has 2 too many 8 guests, 6 chairs" in part(cast, "todo")
    room = host_of(cast).part(address(cast, "/room")).text
    assert 'class="t warn"' in room
    assert 'aria-label="Table 2, 8 of 6 seats filled"' in room


def test_a_full_table_is_full_and_no_more(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    cast.run("UPDATE guest_assignments SET table_id = (SELECT min(id) FROM tables)")
    cast.run("UPDATE tables SET capacity = 8")
    assert "too many" not in part(cast, "todo")


def test_a_held_seat_is_not_taken_yet(app: Flask) -> None:
    cast = make_cast(app, hold=300)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    hold(cast, cast.okafor, 0, cast.seat(1, 5))
    assert "0 of 4 have a seat" in part(cast, "tallies")
    assert "0 of 20 seats taken" in part(cast, "room")
    assert "4 coming without a seat" in part(cast, "todo")
    page = host_of(cast).get(address(cast, "/invitations?show=unseated"))
    assert re.findall(r"<h2>(?:<a[^>]*>)?(\w+) family", page.text) == ["Okafor"]


def test_a_large_room_is_a_list_of_rings(app: Flask) -> None:
    cast = make_cast(app, invitations=1, members=1, tables=25, seats=1)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(25, 1))
    room = host_of(cast).part(address(cast, "/room")).text
    assert room.count("<li>") == 25
    assert "1 of 25 seats taken" in words_of(room)
    assert "25 Full" in words_of(room)


def test_a_room_shows_what_else_stands_in_it(cast: Cast) -> None:
    stage = {"label": "Stage & <bar>", "x": 96, "y": 4, "width": 166, "height": 500}
    alter(cast, Event, cast.event_id, settings={"landmarks": [stage]})
    room = host_of(cast).part(address(cast, "/room")).text
    assert "Stage &amp; &lt;bar&gt;</text>" in room
    assert 'viewBox="0 0 358 508"' in room


def test_meals_and_allergies_of_those_who_come(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3])
    tell(cast, cast.okafor, 0, meal="Fish", dietary="no nuts; vegan")
    tell(cast, cast.okafor, 1, meal="Fish", dietary="no nuts; lactose; only a little")
    tell(cast, cast.okafor, 3, meal="Chicken", dietary="sesame")
    said = part(cast, "meals")
    assert "Chicken 0 Vegetarian 0 Fish 2 Not chosen yet 1" in said
    assert "Allergies to tell the kitchen 2 nuts 1 dairy" in said
    assert "sesame" not in said, "somebody who does not come eats nothing"
    assert "2 with dietary needs" in said


def test_who_eats_what_at_which_table(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    sit(cast, cast.okafor, 1, cast.seat(1, 5))
    tell(cast, cast.okafor, 0, meal="Fish", dietary="no nuts; vegan; severe")
    tell(cast, cast.okafor, 1, meal="Fish", dietary="vegetarian; halal")
    tell(cast, cast.brandt, 0, meal="Chicken", dietary="no strawberries")
    said = part(cast, "meals")
    assert (
        "Meals by table Table Chicken Vegetarian Fish Not chosen yet People "
        "Table 1 – – 1 – 1 Table 2 – – 1 – 1 Without a table 1 – – 5 6" in said
    )
    assert (
        "Who has them, and at which table Ngozi Okafor Table 2 no nuts, vegan, severe "
        "Ngozi Brandt no strawberries 3 with dietary needs" in said
    )
    alter(cast, Invitation, cast.okafor.id, revoked_at=clock.now())
    said = part(cast, "meals")
    assert "Okafor" not in said
    assert "Table 2" not in said
    assert "Meals by table" not in said, "nobody has a table yet"


def test_a_large_kitchen_is_told_in_as_many_statements_and_few_lines(app: Flask) -> None:
    sent = []
    for slug, tables, families in (("few", 2, 1), ("many", 14, 7)):
        cast = make_cast(app, slug=slug, invitations=families, tables=tables)
        people = [(family, number) for family in cast.families for number in range(4)]
        for family in cast.families:
            all_say(cast, family, Rsvp.ACCEPTED)
        cast.run("UPDATE invitation_guests SET dietary = 'sesame' WHERE event_id = :event", event=cast.event_id)
        for table, (family, number) in zip(range(1, tables + 1), people, strict=False):
            sit(cast, family, number, cast.seat(table, 5))
        host = host_of(cast)
        with statements(app) as seen_here:
            page = host.part(address(cast, "/meals")).text
        sent.append(len(seen_here))
    assert sent[0] == sent[1] <= 5
    assert (page.count("<tr>"), page.count("<li><b><bdi>")) == (1 + 12 + 1, 24)
    assert page.count("on the caterer’s sheet") == 2


def test_an_event_without_a_choice_of_meals(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, settings={})
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    said = part(cast, "meals")
    assert "There is no choice of meals at this event." in said
    assert "Not chosen yet" not in said
    assert "None so far." in said


def test_what_guests_did_passes_by(cast: Cast) -> None:
    now = clock.now()
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3], at=now - timedelta(minutes=9))
    all_say(cast, cast.brandt, Rsvp.ACCEPTED)
    sit(cast, cast.brandt, 0, cast.seat(1, 5))
    sit(cast, cast.brandt, 0, cast.seat(2, 5))
    tell(cast, cast.brandt, 1, note="Can we bring a highchair?")
    tell(cast, cast.brandt, 2, meal="Fish")
    said = part(cast, "feed")
    assert said == (
        "Ada Brandt now Will have: Fish "
        "Daniel Brandt now “Can we bring a highchair?” "
        "Ngozi Brandt now Moved to Table 2, seat 5 "
        "Ngozi Brandt now Sits at Table 1, seat 5 "
        "Brandt family now All four coming "
        "Okafor family 9 min Three coming, Tobi can’t"
    )


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"of": 1, "accepted": ["Ada Park"]}, "Coming"),
        ({"of": 2, "accepted": ["Ada Park", "Jun Park"]}, "Both coming"),
        ({"of": 2, "declined": ["Ada Park", "Jun Park"]}, "Can’t come"),
        ({"of": 4, "accepted": ["Ada Park"]}, "Ada coming"),
        ({"of": 4, "accepted": ["Ada Park", ""], "declined": ["Jun Park"]}, "Ada and their guest coming, Jun can’t"),
        ({"of": 4, "pending": ["Ada Park"]}, "Ada not sure yet"),
        ({"of": 9, "declined": ["A B", "C D", "E F"]}, "Three can’t"),
    ],
)
def test_an_answer_reads_like_a_sentence(cast: Cast, detail: dict[str, Any], words: str) -> None:
    with cast.app.test_request_context():
        line = cast.app.jinja_env.get_template("events/lines.html").make_module({}).answered  # type: ignore[attr-defined]
        assert str(line(detail)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86399, "23 h"), (86400, "19 November")],
)
def test_how_long_ago(cast: Cast, seconds: int, words: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with cast.app.test_request_context():
        ago = cast.app.jinja_env.get_template("events/words.html").make_module({}).ago  # type: ignore[attr-defined]
        assert str(ago(now - timedelta(seconds=seconds), now, "Europe/London")) == words


def test_who_waits_for_a_place_is_told_apart_from_who_has_not_answered(app: Flask) -> None:
    cast = make_cast(app, invitations=4, members=2)
    alter(cast, Event, cast.event_id, capacity=2)
    goes, waits, other, _silent = cast.families
    all_say(cast, goes, Rsvp.ACCEPTED)
    phone = Browser(app, htmx=True)
    for family in (waits, other):
        assert phone.post(family.path("/waiting"), wants="1").status_code == 200
    assert "2 coming, 2 still to answer" in part(cast, "tallies")
    assert "4 invitations, 8 people, 2 places" in part(cast, "tallies")
    assert "4 Waiting list" in part(cast, "tallies")
    assert "4 wait for a place In 2 households" in part(cast, "todo")
    page = host_of(cast).get(address(cast, "/invitations?show=listed"))
    assert re.findall(r"<h2>(?:<a[^>]*>)?(\w+) family", page.text) == [
        family.names[0].rpartition(" ")[2] for family in (waits, other)
    ]
    say(cast, goes, no=[0, 1])
    phone.post(waits.path("/waiting/pass"))
    phone.post(waits.path("/waiting/leave"))
    phone.post(other.path("/waiting/accept"))
    said = part(cast, "feed")
    name, second = (f"{family.names[0].rpartition(' ')[2]} family now" for family in (waits, other))
    assert said == (
        f"{second} Found room after waiting {second} Both coming {name} Left the waiting list"
        f" {second} Was offered 2 places {name} Passed 2 places on {name} Was offered 2 places"
    )
    alter(cast, Event, cast.event_id, capacity=None)
    assert "Waiting list" not in part(cast, "tallies")
