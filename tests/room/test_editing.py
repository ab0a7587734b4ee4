"""What a host does to the draft: every way of moving, changing and taking back, and two hosts at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.events.queries import find_event_by_slug
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.kit.text import search_key
from portal.room.actions.drafts import undo
from portal.room.queries.drafts import get_draft
from tests.accounts.hosts import HostBrowser, add_host, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import everybody_comes, seated
from tests.markup import elements
from tests.room.floor import Planner


@pytest.fixture
def host(cast: Cast) -> Planner:
    return Planner(cast)


def stored(cast: Cast) -> dict[str, Any]:
    document = cast.rows("SELECT document FROM room_drafts")[0].document
    found: dict[str, Any] = json.loads(document) if isinstance(document, str) else document
    return found


def stands(cast: Cast, table: int) -> tuple[int, int]:
    """Where a table stands in the draft."""
    found = stored(cast)["tables"][str(table)]
    return found["x"], found["y"]


def said(page: str) -> str:
    """What the page says about what was refused."""
    return words_of(page.partition('id="refused"')[2].partition("</section>")[0])


@pytest.mark.parametrize(
    ("wish", "there"),
    [
        ({"x": 200, "y": 300}, (200, 300)),
        ({"x": 203, "y": 298}, (205, 300)),
        ({"x": -500, "y": -500}, (40, 40)),
        ({"x": 9999, "y": 99999}, (320, 20_000)),
        ({"go": "right"}, (55, 95)),
        ({"go": "down", "far": "1"}, (45, 145)),
        ({"go": "left"}, (40, 95)),
    ],
)
def test_a_table_is_moved_onto_the_grid_and_stays_on_the_floor(
    cast: Cast, host: Planner, wish: dict[str, object], there: tuple[int, int]
) -> None:
    table = host.table("1")
    cast.run("UPDATE tables SET x = 45, y = 95 WHERE id = :id", id=table)
    host.does("/move", table=table, **wish)
    assert stands(cast, table) == there
    assert cast.rows("SELECT x, y FROM tables WHERE id = :id", id=table)[0] == (45, 95), "guests see the published room"
    assert host.entries("draft.moved") == 1


def test_a_change_that_changes_nothing_leaves_no_trace(cast: Cast, host: Planner) -> None:
    cast.run("UPDATE tables SET x = 45, y = 95")
    host.does("/move", table=host.table("1"), x=45, y=95)
    assert host.version == 0
    assert host.entries("draft.moved") == 0


@pytest.mark.parametrize("fields", [{}, {"table": "1"}, {"x": "1", "y": "1"}, {"table": "1", "x": "a", "y": "1"}])
def test_a_move_that_is_none_is_422(cast: Cast, host: Planner, fields: dict[str, str]) -> None:
    assert host.post("/move", **fields).status_code == 422
    assert host.version == 0


def test_everything_about_a_table_can_be_changed(cast: Cast, host: Planner) -> None:
    table = host.table("1")
    guest = cast.okafor.names[0]
    wish = host.about(
        "1", name="  By   the window ", shape="long", seats=12, rotation=45, note="near the stage", captain=guest,
        is_quiet="y",
    )  # fmt: skip
    host.does(f"/tables/{table}", **wish)
    found = stored(cast)["tables"][str(table)]
    assert (found["name"], found["shape"], found["rotation"]) == ("By the window", "long", 45)
    assert (found["note"], found["quiet"], len(found["seats"])) == ("near the stage", True, 12)
    assert [seat[1] for seat in found["seats"]] == [str(number) for number in range(1, 13)]
    page = host.get(f"?table={table}").text
    assert f'value="{guest}"' in page
    host.does("/publish")
    row = cast.rows("SELECT name, slug, captain_id, is_quiet, capacity FROM tables WHERE id = :id", id=table)[0]
    member = cast.rows("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.okafor.members[0])[0]
    assert (row.name, row.slug, row.captain_id, bool(row.is_quiet), row.capacity) == (
        "By the window", "by-the-window", member.guest_id, True, 12,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Please give the table a name or a number."),
        ({"name": "2"}, "There is already a table with a name like this. Give it another one."),
        ({"name": "x" * 81}, "Please keep the name under 80 letters."),
        ({"seats": "0"}, "Please give a whole number from 1 to 100."),
        ({"seats": "many"}, "Please give a whole number from 1 to 100."),
        ({"x": "400"}, "Please give a whole number from 0 to 358."),
        ({"rotation": "360"}, "Please give a whole number from 0 to 359."),
        ({"captain": "Nobody At All"}, "Nobody who is invited has this name."),
    ],
)
def test_what_is_not_understood_is_kept_and_explained(
    cast: Cast, host: Planner, changes: dict[str, str], sentence: str
) -> None:
    answer = host.post(f"/tables/{host.table('1')}", **host.about("1", note="keep me", **changes))
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert 'value="keep me"' in answer.text
    assert host.version == 0


def test_a_captain_whose_name_is_shared_is_told_by_e_mail(cast: Cast, host: Planner) -> None:
    name = cast.okafor.names[0]
    cast.run(
        "UPDATE guests SET name = :name, search_key = :key, email = 'lena@example.org', email_key = 'lena@example.org'"
        " WHERE name = :other",
        name=name, key=search_key(name), other=cast.brandt.names[0],
    )  # fmt: skip
    path = f"/tables/{host.table('1')}"
    refused = host.post(path, **host.about("1", captain=name))
    assert refused.status_code == 422
    assert "Several guests have this name." in words_of(refused.text)
    host.does(path, **host.about("1", captain="Lena@example.org"))
    host.does(path, **host.about("1", captain=name, note="who is it already may share a name"))


def test_each_seat_has_its_own_kind_and_number(cast: Cast, host: Planner) -> None:
    table = host.table("1")
    host.does(
        f"/tables/{table}/seats", **{"label-0": "A1", "category-0": "vip", "step-0": "1", "category-1": "nonsense"}
    )
    first, second = stored(cast)["tables"][str(table)]["seats"][:2]
    assert first[1:] == ["A1", "vip", True]
    assert second[2] in {"regular", "vip", "reserved"}
    twice = host.post(f"/tables/{table}/seats", **{"label-2": "A1"})
    assert twice.status_code == 422
    assert "Two seats are called “A1”." in words_of(twice.text)
    assert host.post(f"/tables/{table}/seats", **{"label-2": " "}).status_code == 422


def test_a_copy_has_a_name_and_chairs_of_its_own(cast: Cast, host: Planner) -> None:
    host.does(f"/tables/{host.table('1')}/duplicate")
    host.does("/tables/-1", name="Ada’s table", shape="round", seats=4, x=100, y=500, rotation=0, note="", captain="")
    host.does("/tables/-1/duplicate")
    tables = stored(cast)["tables"]
    assert [tables[number]["name"] for number in ("-1", "-2")] == ["Ada’s table", "Ada’s table 2"]
    assert {seat[0] for seat in tables["-1"]["seats"]} == {None}
    assert (tables["-1"]["x"], tables["-1"]["y"]) != (tables["-2"]["x"], tables["-2"]["y"])
    assert host.post("/tables/-9/duplicate").status_code == 404


def test_landmarks_are_added_moved_resized_and_removed(cast: Cast, host: Planner) -> None:
    cast.run("UPDATE events SET settings = '{}'")
    host.does("/landmarks", label="Bar")
    host.does("/move", landmark=1, x=1000, y=300)
    assert stored(cast)["landmarks"]["1"] == {"label": "Bar", "x": 228, "y": 300, "width": 130, "height": 40}
    host.does("/landmarks/1", label="Long bar", x=10, y=10, width=300, height=30)
    assert stored(cast)["landmarks"]["1"] == {"label": "Long bar", "x": 10, "y": 10, "width": 300, "height": 30}
    wrong = host.post("/landmarks/1", label="", x=10, y=10, width=9999, height=30)
    assert wrong.status_code == 422
    assert "Please say what it is: a stage, a bar, the entrance." in words_of(wrong.text)
    host.does("/landmarks/1/remove")
    assert stored(cast)["landmarks"] == {}
    assert host.post("/landmarks/1/remove").status_code == 404


def test_several_changes_are_undone_and_redone_also_on_another_device(cast: Cast, host: Planner) -> None:
    table = host.table("1")
    for x in (100, 150, 200):
        host.does("/move", table=table, x=x, y=400)
    other = Planner(cast)
    assert "moved Table 1" in words_of(other.get().text)
    other.does("/undo")
    other.does("/undo")
    assert stands(cast, table) == (100, 400)
    host.does("/redo")
    assert stands(cast, table) == (150, 400)
    host.does("/landmarks", label="Bar")
    assert host.post("/redo").status_code == 409, "what was undone is gone once something else is done"
    for _ in range(3):
        host.does("/undo")
    assert "Guests see this room." in host.get().text
    empty = host.post("/undo")
    assert empty.status_code == 409
    assert "There is no change left to take back or to do again." in said(empty.text)


def test_a_step_that_another_has_just_ended_is_told_as_a_change(cast: Cast, host: Planner) -> None:
    host.does("/move", table=host.table("1"), x=200, y=300)
    with cast.app.app_context():
        event = find_event_by_slug("lantern-night")
        assert event is not None
        draft = get_draft(event.id)
        cast.run("DELETE FROM room_steps")
        with pytest.raises(Conflict, match="room_draft_changed"):
            undo(event, draft, version=draft.version, actor="system", now=clock.now())


def test_beginning_again_can_be_undone(cast: Cast, host: Planner) -> None:
    host.does("/move", table=host.table("1"), x=100, y=400)
    host.does(f"/tables/{host.table('2')}/remove")
    host.does("/discard")
    assert set(stored(cast)["tables"]) == {str(host.table("1")), str(host.table("2"))}
    host.does("/undo")
    assert set(stored(cast)["tables"]) == {str(host.table("1"))}
    assert stands(cast, host.table("1")) == (100, 400)


def test_a_table_that_people_sit_at_says_so_and_offers_a_way_on(cast: Cast, host: Planner) -> None:
    everybody_comes(cast)
    seated(Browser(cast.app, htmx=True), cast.okafor, 2, cast.seat(1, 6))
    path = f"/tables/{host.table('1')}/remove"
    refused = host.post(path)
    assert refused.status_code == 409
    assert f"{cast.okafor.names[2]} would lose a seat" in said(refused.text)
    assert "Remove it in the draft: I’ll find new seats before I publish" in refused.text
    assert 'name="anyway" value="1"' in refused.text
    host.does(path, anyway=1)
    assert len(stored(cast)["tables"]) == 1


def test_two_hosts_hear_of_each_other_and_nothing_typed_is_lost(cast: Cast, host: Planner) -> None:
    other = Planner(cast)
    version = host.version
    other.does("/move", table=host.table("2"), x=100, y=400)
    wish = host.about("1", name="Head table", note="for the speeches")
    refused = host.post(f"/tables/{host.table('1')}", **{**wish, "version": version})
    assert refused.status_code == 409
    assert "The room was changed meanwhile." in said(refused.text)
    assert "moved Table 2." in said(refused.text)
    again = {
        field.attributes["name"]: field.attributes["value"]
        for field in elements(refused.text.partition('id="refused"')[2].partition("</section>")[0])
        if field.tag == "input"
    }
    assert (again["name"], again["note"], again["version"]) == ("Head table", "for the speeches", str(host.version))
    again.pop("csrf_token")
    host.does(f"/tables/{host.table('1')}", **again)
    tables = stored(cast)["tables"]
    assert tables[str(host.table("1"))]["name"] == "Head table"
    assert (tables[str(host.table("2"))]["x"], tables[str(host.table("2"))]["y"]) == (100, 400)


@pytest.mark.parametrize(
    ("rest", "fields"),
    [
        ("/lay", {"words": "1 round 4"}),
        ("/move", {"table": "{table}", "x": "1", "y": "1"}),
        ("/tables/{table}/duplicate", {}),
        ("/tables/{table}/remove", {"anyway": "1"}),
        ("/tables/{table}/seats", {"label-0": "Z"}),
        ("/landmarks", {"label": "Bar"}),
        ("/undo", {}),
        ("/redo", {}),
        ("/discard", {}),
        ("/publish", {}),
    ],
)
def test_no_change_is_made_on_another_version(cast: Cast, host: Planner, rest: str, fields: dict[str, str]) -> None:
    table = host.table("1")
    host.does("/move", table=table, x=100, y=400)
    before = stored(cast)
    form = {name: value.format(table=table) for name, value in fields.items()}
    answer = host.post(rest.format(table=table), **form, version=0)
    assert answer.status_code == 409
    assert "The room was changed meanwhile." in words_of(answer.text)
    assert (stored(cast), host.version) == (before, 1)


def test_the_same_form_sent_twice_is_one_change(cast: Cast, host: Planner) -> None:
    fields = {"version": 0, "operation_id": "once"}
    for _ in range(2):
        assert host.post(f"/tables/{host.table('1')}/duplicate", **fields).status_code == 303
    assert host.version == 1
    assert host.entries("draft.copied") == 1


def test_an_answer_to_htmx_is_the_plan_alone(cast: Cast, host: Planner) -> None:
    browser = HostBrowser(cast.app)
    browser.sign_in(cast.host_email)
    browser.htmx = True
    quick = Planner(cast, browser)
    answer = quick.post("/move", table=host.table("1"), x=100, y=400)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="editor" id="editor">')
    assert 'transform="translate(100 400)"' in answer.text
    assert quick.post("/move", table=host.table("1"), x=100, y=500, version=0).status_code == 409


def test_news_tell_only_what_others_did(cast: Cast, host: Planner) -> None:
    host.does("/move", table=host.table("1"), x=100, y=400)
    assert "Show the room as it is now" not in host.browser.part(host.path("/news?seen=0")).text
    add_host(cast.app, "mina@example.org", superuser=True)
    mina = HostBrowser(cast.app)
    mina.sign_in("mina@example.org")
    Planner(cast, mina).does("/landmarks", label="Bar")
    assert "Noor Haddad added Bar." in words_of(host.browser.part(host.path("/news?seen=1")).text)
    assert "Show the room as it is now" not in host.browser.part(host.path("/news?seen=2")).text


def test_the_log_says_what_was_done_to_the_plan(cast: Cast, host: Planner) -> None:
    host.does("/move", table=host.table("1"), x=100, y=400)
    host.does("/undo")
    host.does("/landmarks", label="Bar")
    host.does("/publish")
    log = words_of(host.browser.get(f"/host/events/{cast.event_id}/activity?kind=room").text)
    told = ("Published the floor plan", "Floor plan: added Bar", "Floor plan: took a change back: Table 1",
            "Floor plan: moved Table 1")  # fmt: skip
    assert [line for line in told if line not in log] == []
