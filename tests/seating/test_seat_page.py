"""The page on which seats are chosen: cards, floor plan, one table; as it is now, for whoever looks."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import alter_event, everybody_comes, plan, seated, take
from tests.markup import elements, find, forms, words_of


@pytest.fixture
def coming(cast: Cast) -> Cast:
    """Both families have said yes."""
    everybody_comes(cast)
    return cast


def in_words(page: str) -> str:
    return " ".join(elements(page)[0].text.split())


def seats(browser: Browser, cast: Cast, query: str = "") -> str:
    page = browser.get(cast.okafor.path(f"/seats{query}"))
    assert page.status_code == 200
    return page.text


def test_every_table_is_a_card_the_best_first(coming: Cast, plain: Browser) -> None:
    for number in (3, 4, 5, 6, 7):
        coming.run("UPDATE seats SET category = 'reserved' WHERE id = :id", id=coming.seat(1, number))
    page = seats(plain, coming)
    titles = [element.text for element in elements(page) if element.tag == "h2"][:2]
    assert titles == ["Table 2", "Other free seats"]
    assert "Table 2 8 seats free, 8 in a row" in in_words(page)
    assert "Seat all four of us here · Table 2" in in_words(page)


def test_filters_leave_only_what_suits(coming: Cast, plain: Browser) -> None:
    coming.run("UPDATE seats SET step_free = true WHERE id = :id", id=coming.seat(2, 5))
    coming.run("UPDATE tables SET is_quiet = true WHERE name = '1'")
    for query, shown in (("?step_free=1", "2"), ("?quiet=1", "1")):
        page = seats(plain, coming, query)
        assert [f"Table {number}" in page for number in ("1", "2")] == [shown == "1", shown == "2"]
    assert "No table is left that suits this choice." in seats(plain, coming, "?step_free=1&quiet=1")


def test_of_many_tables_the_best_are_shown_and_the_others_are_a_tap_away(coming: Cast, plain: Browser) -> None:
    laid = ["room", "lay", "--event", "lantern-night", "40 round 8"]
    assert coming.app.test_cli_runner().invoke(args=laid).exit_code == 0
    page = seats(plain, coming, "?quiet=&step_free=")
    assert page.count('class="tcard"') == 24
    more = find(page, "all-tables")
    assert more is not None and more.text == "Show all 42 tables"
    every = plain.get(more.attributes["href"]).text
    assert every.count('class="tcard"') == 42
    assert find(every, "all-tables") is None
    assert all(
        "all=1" in link.attributes["href"] for link in elements(every) if "table=" in link.attributes.get("href", "")
    )


def test_the_floor_plan_leads_to_every_table(coming: Cast, plain: Browser) -> None:
    alter_event(coming, settings={"landmarks": [{"label": "Stage", "x": 4, "y": 6, "width": 90, "height": 40}]})
    seated(plain, coming.okafor, 0, coming.seat(1, 5))
    page = seats(plain, coming, "?view=plan")
    links = [element for element in elements(page) if "t" in element.attributes.get("class", "").split()]
    said = [words_of(page, link.attributes["aria-labelledby"]) for link in links]
    assert said == ["Table 1, 7 free, you sit here", "Table 2, 8 free"]
    assert all("table=" in link.attributes["href"] for link in links)
    assert "Stage" in words_of(page, "floor")


def test_one_table_tells_the_state_of_every_seat(coming: Cast, plain: Browser) -> None:
    alter_event(coming, hold_seconds=300)
    coming.run("UPDATE seats SET step_free = true WHERE id = :id", id=coming.seat(1, 8))
    seated(plain, coming.okafor, 0, coming.seat(1, 5))
    seated(plain, coming.brandt, 0, coming.seat(1, 6))
    for family, label in ((coming.okafor, 4), (coming.brandt, 7)):
        plain.post(family.path(f"/members/{family.members[1]}/hold"), seat_id=coming.seat(1, label))
    page = seats(plain, coming, f"?table=1&for={coming.okafor.members[2]}")
    said = words_of(page, "table")
    for words in (
        "Seat 1, VIP, ask the hosts",
        "Seat 2, reserved by the hosts",
        "Seat 3, free.",
        "Seat 4, held for Daniel Okafor. Let it go",
        "Seat 5, yours: Ngozi Okafor. Give it up",
        "Seat 6, taken",
        "Seat 7, someone is choosing it",
        "Seat 8, free, step-free.",
    ):
        assert words in said, words
    assert words_of(page, "pick-for") == "Hold it for Ada"
    assert "Brandt" not in page
    named = [element.attributes["id"] for element in elements(page) if element.attributes.get("name") == "seat_id"]
    reached = [name for name in named if name.startswith("seat-")]
    can_be_had = [f"seat-{coming.seat(1, label)}" for label in (3, 4, 5, 8, 9, 10)]
    assert reached == can_be_had, "what can be taken or given back, in order, and nothing else"


def test_another_seat_of_the_family_is_swapped_by_whoever_is_chosen_and_has_one(coming: Cast, plain: Browser) -> None:
    for number, label in enumerate((5, 6)):
        seated(plain, coming.okafor, number, coming.seat(1, label))
    said = words_of(seats(plain, coming, f"?table=1&for={coming.okafor.members[1]}"), "table")
    assert "Seat 5, yours: Ngozi Okafor. Swap with DanielSwap?" in said
    assert "Seat 6, yours: Daniel Okafor. Give it up" in said
    page = seats(plain, coming, f"?table=1&for={coming.okafor.members[1]}")
    form = next(form for form in forms(page) if "/swap?" in form.action)
    sent = form.sent_by("Seat 5, yours: Ngozi Okafor. Swap with DanielSwap?")
    assert sent["seat_id"] == [str(coming.seat(1, 5))]
    assert plain.saved(plain.post(form.action, seat_id=sent["seat_id"]))
    assert plan(coming) == {"Daniel Okafor": "1-5", "Ngozi Okafor": "1-6"}
    tobi = words_of(seats(plain, coming, f"?table=1&for={coming.okafor.members[3]}"), "table")
    assert "Swap" not in tobi, "who has no seat has nothing to swap"


def test_a_seat_is_picked_for_whom_the_address_says(coming: Cast, plain: Browser) -> None:
    for number, name in enumerate(("Ngozi", "Daniel", "Ada", "Tobi")):
        page = seats(plain, coming, f"?table=1&for={coming.okafor.members[number]}")
        assert f"Tap a free seat for {name}" in page
        assert words_of(page, "pick-for") == f"Take it for {name}"
        form = find(page, "pick")
        assert form is not None
        member = coming.okafor.members[number]
        assert form.attributes["action"].partition("?")[0] == coming.okafor.path(f"/members/{member}/seat")


NONSENSE = [
    "?for=x", "?for=-1", "?for=99999999", "?for=" + "9" * 5000, "?for=٣", "?table=none", "?table=%00", "?%FF=%FE",
    "?view=%3Cscript%3E", "?fits=&step_free=&quiet=", "?table=1&table=2",
    "?for=1&for=2&view=plan&table=1&fits=1&step_free=1&quiet=1",
]  # fmt: skip


def test_an_address_that_makes_no_sense_is_as_if_it_said_nothing(coming: Cast, plain: Browser) -> None:
    for query in NONSENSE:
        page = seats(plain, coming, query)
        assert "Choose" in page
        assert "<script>" not in page
        assert plain.get(coming.okafor.path(f"/seats/map{query}")).status_code == 200


def test_somebody_of_another_family_is_never_picked_for(coming: Cast, plain: Browser) -> None:
    page = seats(plain, coming, f"?table=1&for={coming.brandt.members[0]}")
    assert "Tap a free seat for Ngozi" in page
    assert str(coming.brandt.members[0]) not in [form.action for form in forms(page)]


def test_the_map_alone_is_what_stands_on_the_page(coming: Cast, htmx: Browser) -> None:
    seated(htmx, coming.okafor, 0, coming.seat(1, 5))
    for query in ("", "?view=plan", "?table=1", "?table=1&for=2", "?fits=1"):
        fragment = htmx.get(coming.okafor.path(f"/seats/map{query}")).text
        page = seats(htmx, coming, query)
        (root,) = [element for element in elements(fragment) if element.depth == 0]
        assert root.attributes["id"] == "seat-map"
        assert words_of(fragment, "seat-map") == words_of(page, "seat-map")
        assert root.attributes["hx-target"] == "#seat-map"


def test_the_map_is_as_it_is_now(coming: Cast, htmx: Browser) -> None:
    before = htmx.get(coming.okafor.path("/seats/map?table=1")).text
    take(htmx, coming.brandt, 0, coming.seat(1, 5))
    after = htmx.get(coming.okafor.path("/seats/map?table=1")).text
    assert "Seat 5, free" in before
    assert "Seat 5, taken" in after


def test_names_are_shown_where_hosts_and_household_allow_it_and_never_a_child_s(coming: Cast, plain: Browser) -> None:
    for number in (0, 1, 2):
        seated(plain, coming.brandt, number, coming.seat(1, 5 + number))
    child = coming.brandt.members[1]
    coming.run("UPDATE invitation_guests SET is_child = true WHERE id = :id", id=child)
    assert "Brandt" not in seats(plain, coming, "?table=1"), "the hosts show none"
    alter_event(coming, show_names=True)
    said = words_of(seats(plain, coming, "?table=1"), "table")
    assert "Seat 5, Ngozi Brandt" in said and "Seat 7, Ada Brandt" in said
    assert "Seat 6, taken" in said and "Daniel" not in said.replace("Daniel?", "")
    coming.run("UPDATE invitations SET names_hidden = true WHERE id = :id", id=coming.brandt.id)
    assert "Brandt" not in seats(plain, coming, "?table=1"), "the household shows none"


def test_the_one_who_took_a_seat_is_never_named_in_a_conflict(coming: Cast, plain: Browser) -> None:
    seated(plain, coming.brandt, 0, coming.seat(1, 5))
    answer = take(plain, coming.okafor, 0, coming.seat(1, 5))
    assert "Brandt" not in answer.text


def test_whoever_has_not_answered_is_led_back_to_the_invitation(cast: Cast, plain: Browser) -> None:
    page = seats(plain, cast, "?table=1")
    assert "Say yes first, then pick a seat" in words_of(page, "sheet")
    assert [button for form in forms(page) for button in form.buttons] == []


def test_a_room_without_tables_says_so(coming: Cast, plain: Browser) -> None:
    coming.run("DELETE FROM seats")
    coming.run("DELETE FROM tables")
    assert "The hosts are still setting up the room." in seats(plain, coming)
    assert "Choose your seats" not in plain.get(coming.okafor.path()).text


@pytest.mark.parametrize(("shape", "count"), [("round", 12), ("round", 13), ("long", 8), ("row", 20)])
def test_every_shape_of_table_has_all_its_seats(coming: Cast, plain: Browser, shape: str, count: int) -> None:
    laid = ["room", "lay", "--event", "lantern-night", f"1 {shape} {count}"]
    assert coming.app.test_cli_runner().invoke(args=laid).exit_code == 0
    page = seats(plain, coming, f"?table={'a' if shape == 'row' else '3'}")
    assert words_of(page, "table").count("free.") == count
