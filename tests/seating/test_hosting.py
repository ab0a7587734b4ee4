"""The host seats, moves, swaps and unseats people: whom, where, all or nobody, and back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, Family
from tests.client import Browser
from tests.deeds import accept, everybody_comes, everything, hold, plan, seated, take
from tests.markup import elements


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Two families of four who come, at two tables of ten."""
    everybody_comes(cast)
    return cast


def desk(cast: Cast, rest: str = "") -> str:
    return f"/host/events/{cast.event_id}/seating{rest}"


def place(cast: Cast, family: Family, number: int) -> int:
    """The place of a member of a family."""
    return cast.count("SELECT id FROM guest_assignments WHERE member_id = :id", id=family.members[number])


def ask(cast: Cast, host: HostBrowser, rest: str, **fields: Any) -> TestResponse:
    return host.post(desk(cast, rest), **fields)


def done(cast: Cast, host: HostBrowser, rest: str, **fields: Any) -> None:
    answer = ask(cast, host, rest, **fields)
    assert answer.status_code == 303, words_of(answer.text)


def refused(cast: Cast, host: HostBrowser, rest: str, **fields: Any) -> str:
    """What a refused change says; nothing was changed by it."""
    before = everything(cast.app)
    answer = ask(cast, host, rest, **fields)
    assert answer.status_code == 409, words_of(answer.text)
    assert everything(cast.app) == before
    return words_of(answer.text)


def buttons(html: str) -> list[dict[str, str]]:
    """The moves that a refusal offers."""
    return [each.attributes for each in elements(html) if each.attributes.get("name") == "moves"]


def log(cast: Cast) -> list[tuple[str, str, str]]:
    rows = cast.rows(
        "SELECT verb, actor, subject FROM activity WHERE actor LIKE 'user:%' AND verb LIKE 'seat.%' ORDER BY id"
    )
    return [(row.verb, row.actor.partition(":")[0], row.subject.partition(":")[0]) for row in rows]


def test_one_guest_is_put_on_any_seat_also_a_reserved_one(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    for label in ("5", "1", "2"):
        done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, label))
        assert plan(evening) == {"Ngozi Okafor": f"1-{label}"}
    assert log(evening) == [("seat.assigned", "user", "member")] * 3
    done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 2))
    assert len(log(evening)) == 3, "who sits there already is left alone"


def test_several_sit_side_by_side_at_the_table_they_are_put_at(evening: Cast) -> None:
    host = host_of(evening)
    chosen = [place(evening, evening.okafor, 0), place(evening, evening.brandt, 0)]
    done(evening, host, "/seat", place=chosen, table=evening.names["table"])
    assert plan(evening) == {"Ngozi Okafor": "1-3", "Ngozi Brandt": "1-4"}, "regular seats before those kept for some"
    assert log(evening) == [("seat.assigned", "user", "event")]


def test_a_whole_household_is_chosen_in_one_tap_and_sits_around_the_seat_pointed_to(evening: Cast) -> None:
    host = host_of(evening)
    done(evening, host, "/seat", household=evening.okafor.id, seat=evening.seat(2, 7))
    assert sorted(plan(evening).values()) == ["2-5", "2-6", "2-7", "2-8"]
    assert {name.split()[1] for name in plan(evening)} == {"Okafor"}
    done(
        evening,
        host,
        "/seat",
        household=evening.okafor.id,
        place=place(evening, evening.brandt, 0),
        table=evening.names["table"],
    )
    assert plan(evening)["Ngozi Brandt"].startswith("1-"), "of the household only those who stand are meant"
    assert len(plan(evening)) == 5


def test_a_taken_seat_is_offered_to_be_swapped_or_its_guest_to_sit_elsewhere(evening: Cast) -> None:
    phone = Browser(evening.app, htmx=True)
    seated(phone, evening.okafor, 0, evening.seat(1, 5))
    seated(phone, evening.brandt, 0, evening.seat(2, 5))
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    fields = {"place": f"{ngozi}.{evening.seat(1, 5)}", "seat": evening.seat(2, 5)}
    said = refused(evening, host, "/seat", **fields)
    assert "Ngozi Brandt sits at Table 2, seat 5. Nothing was changed." in said
    assert "Swap them" in said
    assert "Put Ngozi Brandt elsewhere: Table 2, seat 4" in said
    swap, elsewhere, *_more = buttons(ask(evening, host, "/seat", **fields).text)
    done(evening, host, "/seats", moves=swap["value"])
    assert plan(evening) == {"Ngozi Okafor": "2-5", "Ngozi Brandt": "1-5"}
    assert "was moved meanwhile" in refused(evening, host, "/seats", moves=elsewhere["value"])
    done(evening, host, "/undo")
    done(evening, host, "/seats", moves=elsewhere["value"])
    assert plan(evening) == {"Ngozi Okafor": "2-5", "Ngozi Brandt": "2-4"}


def test_a_page_that_is_not_the_latest_takes_back_nothing_but_what_it_names(evening: Cast) -> None:
    host = host_of(evening)
    ngozi, brandt = place(evening, evening.okafor, 0), place(evening, evening.brandt, 0)
    done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 5))
    old = step_shown(evening, host)
    done(evening, host, "/seat", place=brandt, seat=evening.seat(1, 4))
    stood = plan(evening)
    said = refused(evening, host, "/undo", step=old)
    assert "You have done or taken back something else since." in said
    assert plan(evening) == stood
    done(evening, host, "/undo", step=step_shown(evening, host))
    done(evening, host, "/undo", step=old)
    assert plan(evening) == {}


def step_shown(cast: Cast, host: HostBrowser) -> str:
    found = re.search(r'name="step" value="(\d+)"', host.get(desk(cast)).text)
    assert found, "the page says which step it takes back"
    return found[1]


def test_a_seat_that_a_guest_is_choosing_is_theirs_until_it_runs_out(evening: Cast) -> None:
    evening.run("UPDATE events SET hold_seconds = 300")
    hold(Browser(evening.app, htmx=True), evening.brandt, 0, evening.seat(1, 5))
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    said = refused(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 5))
    assert "Ngozi Brandt is choosing Table 1, seat 5 right now." in said
    assert "The nearest free seat for Ngozi Okafor." in said
    evening.run("UPDATE seat_claims SET held_until = created_at")
    done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 5))
    assert plan(evening) == {"Ngozi Okafor": "1-5"}


def test_whoever_holds_a_seat_lets_it_go_when_the_host_seats_them(evening: Cast) -> None:
    evening.run("UPDATE events SET hold_seconds = 300")
    hold(Browser(evening.app, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    done(evening, host_of(evening), "/seat", place=place(evening, evening.okafor, 0), seat=evening.seat(2, 5))
    assert evening.rows("SELECT seat_id, state FROM seat_claims") == [(evening.seat(2, 5), "taken")]


def test_a_list_is_written_as_a_whole_or_every_conflict_is_told_and_nothing_changed(evening: Cast) -> None:
    seated(Browser(evening.app, htmx=True), evening.brandt, 3, evening.seat(1, 10))
    host = host_of(evening)
    ngozi, daniel, ada, tobi = [place(evening, evening.okafor, number) for number in range(4)]
    moves = [
        f"{ngozi}>{evening.seat(1, 5)}", f"{daniel}>{evening.seat(1, 10)}", f"{ada}>{evening.seat(1, 6)}",
        f"{ngozi}>{evening.seat(1, 7)}", f"{tobi}>{evening.seat(1, 6)}", "99999>" + str(evening.seat(2, 2)),
    ]  # fmt: skip
    said = refused(evening, host, "/seats", moves=moves)
    assert "4 of 6 could not be seated" in said
    assert "Tobi Brandt sits at Table 1, seat 10." in said
    assert "Ngozi Okafor is in this list twice." in said
    assert "Table 1, seat 6 is given twice in this list, the second time to Tobi Okafor." in said
    assert "Somebody you chose does not come any more." in said
    done(evening, host, "/seats", moves=[moves[0], moves[2]])
    assert plan(evening) == {"Ngozi Okafor": "1-5", "Ada Okafor": "1-6", "Tobi Brandt": "1-10"}


def test_a_table_with_too_few_seats_is_refused_and_the_nearest_with_room_is_offered(evening: Cast) -> None:
    host = host_of(evening)
    evening.run("DELETE FROM seats WHERE table_id = :id AND position > 2", id=evening.names["table"])
    said = refused(
        evening, host, "/seat", household=[evening.okafor.id, evening.brandt.id], table=evening.names["table"]
    )
    assert "5 of 8 could not be seated" in said
    assert "Table 1 has no free seat left for" in said
    fields = {"household": [evening.okafor.id, evening.brandt.id], "table": evening.names["table"]}
    (way,) = buttons(ask(evening, host, "/seat", **fields).text)
    done(evening, host, "/seats", moves=way["value"])
    assert {where.split("-")[0] for where in plan(evening).values()} == {"2"}
    assert len(plan(evening)) == 8


def test_two_hosts_move_the_same_guest_and_the_second_is_told_how_it_is_now(evening: Cast) -> None:
    one, other, ngozi = host_of(evening), host_of(evening), place(evening, evening.okafor, 0)
    done(evening, one, "/seat", place=f"{ngozi}.0", seat=evening.seat(1, 5))
    fields = {"place": f"{ngozi}.0", "seat": evening.seat(2, 6)}
    said = refused(evening, other, "/seat", **fields)
    assert "Ngozi Okafor was moved meanwhile and now sits at Table 1, seat 5." in said
    assert "Move Ngozi Okafor to Table 2, seat 6 all the same" in said
    assert "Ngozi chosen" in said, "and whoever was chosen still is"
    (way,) = buttons(ask(evening, other, "/seat", **fields).text)
    done(evening, other, "/seats", moves=way["value"])
    assert plan(evening) == {"Ngozi Okafor": "2-6"}


def test_the_chosen_are_taken_off_their_seats(evening: Cast) -> None:
    phone, host = Browser(evening.app, htmx=True), host_of(evening)
    for number in range(2):
        seated(phone, evening.okafor, number, evening.seat(1, 5 + number))
    chosen = [place(evening, evening.okafor, number) for number in range(2)]
    done(evening, host, "/free", place=chosen)
    assert plan(evening) == {}
    assert log(evening) == [("seat.freed", "user", "event")]
    assert evening.count("SELECT count(*) FROM guest_assignments WHERE table_id IS NOT NULL") == 0
    assert phone.saved(take(phone, evening.brandt, 0, evening.seat(1, 5))), "free for everybody at once"


def test_every_step_can_be_taken_back_one_after_the_other(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 5))
    done(evening, host, "/seat", household=evening.brandt.id, table=evening.names["table"])
    done(evening, host, "/free", place=ngozi)
    states = []
    for _step in range(4):
        states.append(plan(evening))
        done(evening, host, "/undo")
    assert [len(state) for state in states] == [4, 5, 1, 0]
    assert plan(evening) == {}
    assert [verb for verb, *_ in log(evening)] == [
        "seat.assigned",
        "seat.assigned",
        "seat.freed",
        *["seat.restored"] * 3,
    ]


def test_an_undo_that_cannot_be_says_who_was_moved_since_and_takes_back_the_rest_if_asked(evening: Cast) -> None:
    host = host_of(evening)
    done(evening, host, "/seat", household=evening.okafor.id, table=evening.names["table"])
    phone = Browser(evening.app, htmx=True)
    assert phone.saved(take(phone, evening.okafor, 1, evening.seat(2, 9)))
    said = refused(evening, host, "/undo")
    assert "1 of 4 could not be seated" in said or "Daniel Okafor was moved meanwhile" in said
    assert "Leave that as it is, and take back the rest" in said
    done(evening, host, "/undo", partly="1")
    assert plan(evening) == {"Daniel Okafor": "2-9"}


def test_a_table_that_is_gone_keeps_nobody_from_taking_back_the_rest_and_what_was_before(evening: Cast) -> None:
    host, (ngozi, daniel) = host_of(evening), (place(evening, evening.okafor, number) for number in range(2))
    one, two = (row.id for row in evening.rows("SELECT id FROM tables ORDER BY id"))
    done(evening, host, "/seat", place=place(evening, evening.brandt, 0), seat=evening.seat(2, 9))
    done(evening, host, f"/places/{ngozi}/table", table=one)
    done(evening, host, "/seat", place=[ngozi, daniel], table=two)
    evening.run("DELETE FROM seats WHERE table_id = :id", id=one)
    evening.run("DELETE FROM tables WHERE id = :id", id=one)
    said = refused(evening, host, "/undo")
    assert "The table for Ngozi Okafor is not in the room any more." in said
    assert "Leave that as it is, and take back the rest" in said
    done(evening, host, "/undo", partly="1")
    assert set(plan(evening)) == {"Ngozi Okafor", "Ngozi Brandt"}
    said = refused(evening, host, "/undo")
    assert "Ngozi Okafor was moved meanwhile" in said
    assert "take back the rest" not in said, "there is none"
    done(evening, host, "/undo", partly="1")
    assert [verb for verb, *_ in log(evening)][-2:] == ["seat.restored", "seat.left"]
    assert "Left a change of seats as it is" in words_of(host.get(f"/host/events/{evening.event_id}/activity").text)
    done(evening, host, "/undo")
    assert set(plan(evening)) == {"Ngozi Okafor"}


def test_an_undo_leaves_the_table_that_another_host_has_given_since(evening: Cast) -> None:
    host, other, ngozi = host_of(evening), HostBrowser(evening.app), place(evening, evening.okafor, 0)
    add_host(evening.app, "mina@example.org", superuser=True)
    other.sign_in("mina@example.org")
    one, two = (row.id for row in evening.rows("SELECT id FROM tables ORDER BY id"))
    done(evening, host, f"/places/{ngozi}/table", table=one)
    done(evening, other, f"/places/{ngozi}/table", table=two)
    assert "Ngozi Okafor was put at Table 2 meanwhile." in refused(evening, host, "/undo")
    done(evening, other, "/undo")
    done(evening, host, "/undo")
    assert evening.count("SELECT count(*) FROM guest_assignments WHERE table_id IS NOT NULL") == 0


def test_an_undo_means_nobody_who_came_after_whoever_it_was_about(cast: Cast) -> None:
    browser, host = Browser(cast.app, htmx=False), host_of(cast)
    accept(browser, cast.okafor, 0)
    ngozi = place(cast, cast.okafor, 0)
    done(cast, host, "/seat", place=ngozi, seat=cast.seat(1, 5))
    done(cast, host, "/free", place=ngozi)
    assert browser.saved(browser.post(cast.okafor.path("/rsvp"), status="declined"))
    accept(browser, cast.brandt, 1)
    assert place(cast, cast.brandt, 1) > ngozi, "an id is given once"
    assert "does not come any more" in refused(cast, host, "/undo")
    done(cast, host, "/undo", partly="1")
    assert plan(cast) == {}


def test_a_step_is_taken_back_by_the_host_who_made_it(evening: Cast) -> None:
    host = host_of(evening)
    done(evening, host, "/seat", place=place(evening, evening.okafor, 0), seat=evening.seat(1, 5))
    evening.run("UPDATE seating_steps SET actor = 'user:999'")
    done(evening, host, "/undo")
    assert plan(evening) == {"Ngozi Okafor": "1-5"}


def test_the_same_form_sent_twice_moves_once(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    for _time in range(2):
        done(evening, host, "/seat", place=f"{ngozi}.0", seat=evening.seat(1, 5), operation_id="once")
    assert len(log(evening)) == 1


def test_a_guest_has_one_seat_at_a_table_whichever_place_it_is_for(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    done(evening, host, "/seat", place=ngozi, seat=evening.seat(1, 5))
    bought = second_place(evening, ngozi)
    said = refused(evening, host, "/seat", place=bought, seat=evening.seat(1, 6))
    assert "Ngozi Okafor already has a seat at this table." in said
    done(evening, host, "/seat", place=bought, seat=evening.seat(2, 6))
    both = [f"{ngozi}>{evening.seat(2, 3)}", f"{bought}>{evening.seat(2, 4)}"]
    assert "Ngozi Okafor already has a seat at this table." in refused(evening, host, "/seats", moves=both)
    trade = [f"{ngozi}>{evening.seat(2, 6)}", f"{bought}>{evening.seat(1, 5)}"]
    done(evening, host, "/seats", moves=trade)


def second_place(cast: Cast, first: int) -> int:
    """Another place of the same guest, as somebody has who bought one."""
    cast.run(
        "INSERT INTO guest_assignments (created_at, organization_id, event_id, guest_id, reference_code, display_name,"
        " dietary) SELECT created_at, organization_id, event_id, guest_id, 'G9999', display_name, ''"
        " FROM guest_assignments WHERE id = :id",
        id=first,
    )
    return cast.count("SELECT id FROM guest_assignments WHERE reference_code = 'G9999'")


def test_a_seat_of_another_event_is_not_in_the_room(evening: Cast) -> None:
    from tests.cast import make_cast

    elsewhere = make_cast(evening.app, slug="another-evening")
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    assert "is not in the room any more" in refused(evening, host, "/seat", place=ngozi, seat=elsewhere.seat(1, 5))
    everybody_comes(elsewhere)
    stranger = place(elsewhere, elsewhere.okafor, 0)
    said = refused(evening, host, "/seat", place=stranger, seat=evening.seat(1, 5))
    assert "Somebody you chose does not come any more." in said


def test_a_tap_on_a_seat_with_nobody_chosen_chooses_whoever_sits_there(evening: Cast) -> None:
    seated(Browser(evening.app, htmx=True), evening.okafor, 0, evening.seat(1, 5))
    host, before = host_of(evening), everything(evening.app)
    answer = ask(evening, host, "/seat", seat=evening.seat(1, 5))
    assert answer.status_code == 303
    assert "Ngozi chosen" in words_of(host.get(answer.location).text)
    nobody = ask(evening, host, "/seat", seat=evening.seat(1, 6))
    assert nobody.status_code == 422
    assert "Choose somebody first, then tap a seat or a table." in words_of(nobody.text)
    assert {name: rows for name, rows in everything(evening.app).items() if rows != before[name]} == {}
