"""From draft to published: whoever's seat still exists keeps it, the others are shown first, nothing is half done."""

from __future__ import annotations

import re

import pytest

from tests.accounts.hosts import add_host, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import everybody_comes, hold, plan, seated
from tests.room.floor import Planner


@pytest.fixture
def host(cast: Cast) -> Planner:
    return Planner(cast)


@pytest.fixture
def dinner(cast: Cast) -> Cast:
    """Everybody comes; the Okafors sit at table 1, seats 4 to 7, the first Brandt at table 2."""
    everybody_comes(cast)
    phone = Browser(cast.app, htmx=True)
    for number in range(4):
        seated(phone, cast.okafor, number, cast.seat(1, 4 + number))
    seated(phone, cast.brandt, 0, cast.seat(2, 5))
    return cast


def people_of(page: str) -> str:
    """Everybody on the list with the chair that is proposed, as the page sends it back."""
    found = re.search(r'name="people" value="([^"]*)"', page)
    return found[1] if found else ""


def shown(page: str) -> dict[str, tuple[int, int] | None]:
    """For everybody on the list the chair that is proposed, its table and place there, by place."""
    found = {}
    for one in people_of(page).split():
        place, _seat, *spot = one.split(".")
        found[place] = (int(spot[0]), int(spot[1])) if spot else None
    return found


def publish(host: Planner, page: str, **fields: object) -> None:
    host.does("/publish", people=people_of(page), **fields)


def test_an_empty_room_is_laid_seen_and_published(cast: Cast, host: Planner) -> None:
    cast.run("DELETE FROM seats")
    cast.run("DELETE FROM tables")
    assert host.get().location == host.path("/lay")
    preview = host.get("/lay?words=2+round+tables+of+4,+rows+A–B+of+3")
    assert "This is how it would stand" in preview.text
    assert "4 tables, 14 seats" in words_of(preview.text)
    assert cast.count("SELECT count(*) FROM room_drafts") == 0, "looking lays nothing"
    host.does("/lay", words="2 round tables of 4, rows A–B of 3")
    assert host.names() == [], "a draft is no room yet"
    phone = Browser(cast.app, htmx=False)
    everybody_comes(cast)
    assert "4 seats free" not in phone.get(cast.okafor.path("/seats")).text
    page = host.get("/publish").text
    assert "Everybody keeps their seat" in page
    publish(host, page)
    assert host.names() == ["1", "2", "A", "B"]
    assert cast.count("SELECT count(*) FROM seats") == 14
    assert "4 seats free" in phone.get(cast.okafor.path("/seats")).text
    assert "Guests see this room." in host.get().text
    assert (host.entries("draft.laid"), host.entries("room.published")) == (1, 1)


def test_words_that_cannot_be_laid_are_kept_and_explained(cast: Cast, host: Planner) -> None:
    answer = host.get("/lay?words=a+dozen+tables")
    assert answer.status_code == 422
    assert "“a dozen tables” cannot be read." in answer.text
    assert 'value="a dozen tables"' in answer.text
    assert host.post("/lay", words="a dozen tables").status_code == 422
    assert "12 round 10" in host.get("/lay?count=12&shape=round&size=10").text


def test_a_seat_is_the_same_seat_whatever_it_is_called(dinner: Cast, host: Planner) -> None:
    before = plan(dinner)
    one, two = host.table("1"), host.table("2")
    host.does(f"/tables/{one}", **host.about("1", name="Aside"))
    host.does(f"/tables/{two}", **host.about("2", name="1", x=200, y=400, shape="long"))
    host.does(f"/tables/{one}", **host.about("1", name="2"))
    host.does(f"/tables/{one}/seats", **{"label-3": "5", "label-4": "4"})
    page = host.get("/publish").text
    assert "Everybody keeps their seat" in page
    publish(host, page)
    assert [(row.id, row.name) for row in dinner.rows("SELECT id, name FROM tables ORDER BY id")] == [
        (one, "2"),
        (two, "1"),
    ]
    swapped = {"1-4": "2-5", "1-5": "2-4", "1-6": "2-6", "1-7": "2-7", "2-5": "1-5"}
    assert plan(dinner) == {name: swapped[place] for name, place in before.items()}


def test_who_loses_a_chair_is_shown_first_and_keeps_the_household(dinner: Cast, host: Planner) -> None:
    one = host.table("1")
    refused = host.post(f"/tables/{one}/remove")
    assert refused.status_code == 409
    for name in dinner.okafor.names:
        assert name in words_of(refused.text)
    assert host.version == 0, "nothing was removed"
    host.does(f"/tables/{one}/remove", anyway=1)
    assert set(plan(dinner).values()) == {"1-4", "1-5", "1-6", "1-7", "2-5"}, "guests notice nothing of a draft"
    page = host.get("/publish").text
    assert "4 people lose their seats" in words_of(page)
    assert len(shown(page)) == 4
    assert all(shown(page).values())
    publish(host, page)
    places = plan(dinner)
    assert {places[name].split("-")[0] for name in dinner.okafor.names} == {"2"}
    numbers = sorted(int(places[name].split("-")[1]) for name in dinner.okafor.names)
    assert numbers == list(range(numbers[0], numbers[0] + 4)), "side by side"
    assert places[dinner.brandt.names[0]] == "2-5"
    assert host.names() == ["2"]


def test_a_proposal_may_be_left(dinner: Cast, host: Planner) -> None:
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    first = next(iter(shown(page)))
    publish(host, page, leave=first)
    assert len(plan(dinner)) == 4
    assert dinner.count("SELECT count(*) FROM guest_assignments WHERE table_id IS NULL AND event_id = 1") == 4
    row = dinner.rows("SELECT detail FROM activity WHERE verb = 'room.published'")[0]
    assert "Okafor" in str(row.detail)


def test_fewer_chairs_let_the_free_ones_go_first(dinner: Cast, host: Planner) -> None:
    one = host.table("1")
    host.does(f"/tables/{one}", **host.about("1", seats=4))
    assert "Everybody keeps their seat" in host.get("/publish").text
    refused = host.post(f"/tables/{one}", **host.about("1", seats=3))
    assert refused.status_code == 409
    assert f"{dinner.okafor.names[3]} would lose a seat: Table 1 is not empty there." in words_of(refused.text)
    publish(host, host.get("/publish").text)
    labels = [
        row.label for row in dinner.rows("SELECT label FROM seats WHERE table_id = :id ORDER BY position", id=one)
    ]
    assert labels == ["4", "5", "6", "7"]
    assert dinner.count("SELECT capacity FROM tables WHERE id = :id", id=one) == 4
    assert len(plan(dinner)) == 5


def test_somebody_who_sits_down_meanwhile_is_named_and_nothing_changes(dinner: Cast, host: Planner) -> None:
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    seated(Browser(dinner.app, htmx=True), dinner.brandt, 1, dinner.seat(1, 9))
    before, version = plan(dinner), host.version
    left = next(iter(shown(page)))
    answer = host.post("/publish", people=people_of(page), leave=left)
    assert answer.status_code == 409
    assert f"{dinner.brandt.names[1]} took a seat that is to go" in words_of(answer.text)
    assert "5 people lose their seats" in words_of(answer.text), "the new list is there"
    assert (plan(dinner), host.version, host.names()) == (before, version, ["1", "2"])
    assert host.entries("room.published") == 0
    assert f'name="leave" value="{left}" checked' in answer.text, "what was ticked stays so"
    publish(host, answer.text)
    assert len(plan(dinner)) == 6


def test_a_chair_that_was_proposed_and_is_taken_meanwhile_is_a_409(dinner: Cast, host: Planner) -> None:
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    spots = {spot[1] + 1 for spot in shown(page).values() if spot}
    seated(Browser(dinner.app, htmx=True), dinner.brandt, 1, dinner.seat(2, min(spots)))
    before = plan(dinner)
    answer = host.post("/publish", people=people_of(page))
    assert answer.status_code == 409
    assert "Somebody has just taken the seat you had for" in words_of(answer.text)
    assert plan(dinner) == before
    assert host.names() == ["1", "2"]


def test_who_was_only_choosing_a_chair_and_has_it_now_is_shown_first(dinner: Cast, host: Planner) -> None:
    dinner.run("UPDATE events SET hold_seconds = 300")
    phone = Browser(dinner.app, htmx=True)
    hold(phone, dinner.brandt, 1, dinner.seat(1, 9))
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    assert "is choosing it now" in words_of(page)
    seated(phone, dinner.brandt, 1, dinner.seat(1, 9))
    before = plan(dinner)
    answer = host.post("/publish", people=people_of(page))
    assert answer.status_code == 409
    assert f"{dinner.brandt.names[1]} took a seat that is to go" in words_of(answer.text)
    assert plan(dinner) == before
    publish(host, answer.text)
    assert len(plan(dinner)) == 6


def test_who_belongs_to_a_table_that_goes_and_is_choosing_elsewhere_keeps_nothing_from_being_published(
    dinner: Cast, host: Planner
) -> None:
    dinner.run("UPDATE events SET hold_seconds = 300")
    hold(Browser(dinner.app, htmx=True), dinner.brandt, 1, dinner.seat(2, 9))
    dinner.run(
        "UPDATE guest_assignments SET table_id = :table WHERE member_id = :member",
        table=host.table("1"), member=dinner.brandt.members[1],
    )  # fmt: skip
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    assert "5 people lose their seats" in words_of(page)
    publish(host, page)
    assert host.names() == ["2"]
    assert dinner.brandt.names[1] in plan(dinner)
    assert dinner.count("SELECT count(*) FROM seat_claims WHERE state = 'held'") == 1


def test_a_room_full_of_people_is_one_form(cast: Cast, host: Planner) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 520)"
    cast.run(
        f"{numbers} INSERT INTO guests (created_at, organization_id, name, search_key)"
        " SELECT e.created_at, e.organization_id, 'Guest ' || i, 'guest' FROM n, events e WHERE e.id = :event",
        event=cast.event_id,
    )
    cast.run(
        "INSERT INTO guest_assignments (created_at, organization_id, event_id, guest_id, table_id, reference_code,"
        " display_name, dietary) SELECT g.created_at, g.organization_id, :event, g.id, :table, 'B' || g.id, g.name, ''"
        " FROM guests g WHERE g.search_key = 'guest'",
        event=cast.event_id, table=host.table("1"),
    )  # fmt: skip
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    publish(host, host.get("/publish").text)
    assert host.names() == ["2"]


def test_who_moved_away_by_themselves_is_left_where_they_are(dinner: Cast, host: Planner) -> None:
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    page = host.get("/publish").text
    phone = Browser(dinner.app, htmx=True)
    free = [label for label in range(4, 11) if f"2-{label}" not in plan(dinner).values()]
    taken = {spot[1] + 1 for spot in shown(page).values() if spot}
    own = next(label for label in free if label not in taken)
    seated(phone, dinner.okafor, 0, dinner.seat(2, own))
    publish(host, page)
    assert plan(dinner)[dinner.okafor.names[0]] == f"2-{own}"
    assert len(plan(dinner)) == 5


def test_a_new_table_can_take_those_whose_own_goes(dinner: Cast, host: Planner) -> None:
    dinner.run("UPDATE seats SET category = 'reserved' WHERE table_id = :id", id=host.table("2"))
    host.does("/lay", words="1 long table of 6")
    host.does(f"/tables/{host.table('1')}/remove", anyway=1)
    publish(host, host.get("/publish").text)
    assert host.names() == ["2", "3"]
    assert {plan(dinner)[name].split("-")[0] for name in dinner.okafor.names} == {"3"}


def test_landmarks_are_published_with_the_room_and_other_settings_stay(cast: Cast, host: Planner) -> None:
    before = cast.rows("SELECT settings FROM events WHERE id = :id", id=cast.event_id)[0].settings
    host.does("/landmarks", label="Buffet")
    everybody_comes(cast)
    phone = Browser(cast.app, htmx=False)
    assert "Buffet" not in phone.get(cast.okafor.path("/seats?view=plan")).text
    publish(host, host.get("/publish").text)
    assert "Buffet" in phone.get(cast.okafor.path("/seats?view=plan")).text
    after = cast.rows("SELECT settings FROM events WHERE id = :id", id=cast.event_id)[0].settings
    assert "Buffet" in str(after)
    for word in re.findall(r"\w{4,}", str(before)):
        assert word in str(after)


def test_a_captain_who_became_one_with_another_guest_stays_it(cast: Cast, host: Planner) -> None:
    one, two = (row.guest_id for row in cast.rows("SELECT guest_id FROM invitation_guests ORDER BY id LIMIT 2"))
    cast.run("UPDATE tables SET captain_id = :guest WHERE name = '1'", guest=two)
    host.does("/move", table=host.table("1"), x=200, y=300)
    cast.run("UPDATE tables SET captain_id = :guest WHERE name = '1'", guest=one)
    cast.run("DELETE FROM invitation_guests WHERE guest_id = :guest", guest=two)
    publish(host, host.get("/publish").text)
    assert [tuple(row) for row in cast.rows("SELECT captain_id, x FROM tables WHERE name = '1'")] == [(one, 200)]


def test_publishing_what_somebody_changed_meanwhile_is_refused(cast: Cast, host: Planner) -> None:
    host.does("/lay", words="1 round 4")
    version = host.version
    host.does("/lay", words="1 round 6")
    answer = host.post("/publish", version=version)
    assert answer.status_code == 409
    assert "The room was changed meanwhile." in words_of(answer.text)
    assert host.names() == ["1", "2"]
    assert host.post("/publish", version="").status_code == 422


def test_tables_that_come_another_way_are_kept(cast: Cast, host: Planner) -> None:
    """A draft says what its host saw; a table that was laid since by a command is no table to be removed."""
    host.does("/lay", words="1 round 4")
    runner = cast.app.test_cli_runner()
    assert runner.invoke(args=["room", "lay", "--event", "lantern-night", "1 row 5"]).exit_code == 0
    publish(host, host.get("/publish").text)
    assert host.names() == ["1", "2", "A", "3"]


def test_another_organization_has_no_part_in_it(cast: Cast, host: Planner) -> None:
    host.does("/lay", words="1 round 4")
    add_host(cast.app, "mina@example.org", organization="Riverside Hall")
    host.browser.sign_in("mina@example.org")
    for rest in ("", "/lay", "/publish", "/news"):
        assert host.get(rest).status_code == 404
