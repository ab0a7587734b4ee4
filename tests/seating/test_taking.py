"""One member, one seat: taken, taken twice, taken by somebody else, not for them, not now."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from portal.events.models import Status
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import alter_event, entries, everybody_comes, everything, follow, plan, refused, seated
from tests.markup import find, forms, words_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
NOT_OPEN = "Seats can be picked from 20 November, 12:00 pm. Your answers are safe until then."
CLOSED = "Seat picking has closed. Ask the hosts and they can still move you."
VERBS = ["seat", "hold"]
"""Where an event has no holds, holding a seat takes it at once."""


def ask(browser: Browser, cast: Cast, seat_id: object, verb: str = "seat", **fields: Any) -> Any:
    """Ngozi Okafor asks for a seat."""
    return browser.post(cast.okafor.path(f"/members/{cast.okafor.members[0]}/{verb}"), seat_id=seat_id, **fields)


@pytest.fixture
def coming(cast: Cast) -> Cast:
    """Both families have said yes."""
    everybody_comes(cast)
    return cast


@pytest.mark.parametrize("verb", VERBS)
def test_a_seat_is_taken_on_tap(coming: Cast, browser: Browser, verb: str) -> None:
    answer = ask(browser, coming, coming.seat(1, 5), verb)
    page = follow(browser, answer, root="seating", to=coming.okafor.path("/seats"))
    assert plan(coming) == {"Ngozi Okafor": "1-5"}
    assert coming.rows(
        "SELECT c.state, c.held_until, c.taken_table_id = c.table_id, a.table_id = c.table_id FROM seat_claims c"
        " JOIN guest_assignments a ON a.id = c.assignment_id"
    ) == [("taken", None, True, True)]
    assert entries(coming)[2:] == ["seat.taken"]
    if browser.htmx:
        assert words_of(page, "sheet").startswith("Ngozi has seat 5 Now a seat for Daniel.")


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_seat_again_succeeds_and_leaves_no_second_entry(coming: Cast, browser: Browser, verb: str) -> None:
    for _ in range(2):
        assert browser.saved(ask(browser, coming, coming.seat(1, 5), verb))
    assert plan(coming) == {"Ngozi Okafor": "1-5"}
    assert entries(coming)[2:] == ["seat.taken"]


def test_a_seat_asked_for_twice_under_one_id_is_asked_for_once(coming: Cast, browser: Browser) -> None:
    """The second arrives after she has moved: it must not move her back."""
    ask(browser, coming, coming.seat(1, 5), operation_id="first")
    ask(browser, coming, coming.seat(1, 6), operation_id="second")
    again = ask(browser, coming, coming.seat(1, 5), operation_id="first")
    follow(browser, again, root="seating", to=coming.okafor.path("/seats"))
    assert plan(coming) == {"Ngozi Okafor": "1-6"}
    assert entries(coming)[2:] == ["seat.taken", "seat.moved"]


def test_a_try_that_was_refused_can_be_made_again_under_the_same_id(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    assert ask(browser, coming, coming.seat(1, 5), operation_id="mine").status_code == 409
    browser.post(coming.brandt.path(f"/members/{coming.brandt.members[0]}/seat/release"))
    assert browser.saved(ask(browser, coming, coming.seat(1, 5), operation_id="mine"))
    assert plan(coming) == {"Ngozi Okafor": "1-5"}


@pytest.mark.parametrize("verb", VERBS)
def test_a_seat_that_somebody_has_is_told_with_what_is_safe_and_two_ways_on(
    coming: Cast, browser: Browser, verb: str
) -> None:
    seated(browser, coming.okafor, 1, coming.seat(1, 4))
    seated(browser, coming.okafor, 2, coming.seat(1, 3))
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    before = everything(coming.app)
    text = refused(browser, ask(browser, coming, coming.seat(1, 5), verb), 409, root="seating")
    assert everything(coming.app) == before
    notice = words_of(text, "conflict")
    assert notice.startswith("Someone just took seat 5 Daniel and Ada still have seats 4 and 3.")
    assert notice.endswith("Here are the closest places for Ngozi.")
    panel = find(text, "conflict")
    assert panel is not None and "autofocus" in panel.attributes and panel.attributes["tabindex"] == "-1"
    assert "Brandt" not in text, "never who took it"
    sheet = words_of(text, "sheet")
    assert "Seat 6, same table One seat away from Daniel Take it" in sheet
    assert "Table 2, seats 3 to 6 All four of you side by side Move us" in sheet
    assert "See every free seat" in sheet
    assert "Seat 5, taken" in words_of(text, "seat-map")
    assert "Just taken" in words_of(text, "seat-map")
    assert "Seat 4, yours: Daniel Okafor" in words_of(text, "seat-map")


@pytest.mark.parametrize("words", ["Take it", "Move us"])
def test_each_way_on_is_one_tap(coming: Cast, browser: Browser, words: str) -> None:
    seated(browser, coming.okafor, 1, coming.seat(1, 4))
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    text = refused(browser, ask(browser, coming, coming.seat(1, 5)), 409, root="seating")
    way = next(form for form in forms(text) if any(button[2].endswith(words) for button in form.buttons))
    sent = {name: value for name, value in way.sent_by(words).items() if name != "csrf_token"}
    assert browser.saved(browser.post(way.action, **sent))
    if words == "Take it":
        assert plan(coming) == {"Daniel Okafor": "1-4", "Ngozi Brandt": "1-5", "Ngozi Okafor": "1-6"}
    else:
        assert sorted(place for name, place in plan(coming).items() if "Okafor" in name) == ["2-3", "2-4", "2-5", "2-6"]


def test_in_the_last_seat_s_place_there_may_be_no_way_on(coming: Cast, browser: Browser) -> None:
    coming.run("UPDATE seats SET category = 'reserved' WHERE id != :id", id=coming.seat(1, 5))
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    text = refused(browser, ask(browser, coming, coming.seat(1, 5)), 409, root="seating")
    assert "Someone just took seat 5 Your answers are safe." in words_of(text, "conflict")
    assert "Take it" not in words_of(text, "sheet")


def test_a_reserved_seat_is_the_hosts_to_give(coming: Cast, browser: Browser) -> None:
    before = everything(coming.app)
    text = refused(browser, ask(browser, coming, coming.seat(1, 2)), 409, root="seating")
    assert "That seat is reserved by the hosts. Here are the closest free ones." in words_of(text, "conflict")
    assert words_of(text, "sheet").count("Take it") >= 1
    assert everything(coming.app) == before


def test_a_vip_seat_is_for_whom_the_hosts_chose(coming: Cast, browser: Browser) -> None:
    before = everything(coming.app)
    text = refused(browser, ask(browser, coming, coming.seat(1, 1)), 409, root="seating")
    assert "That seat is kept for guests the hosts chose." in words_of(text, "conflict")
    assert everything(coming.app) == before
    coming.run("UPDATE invitation_guests SET seat_category = 'vip' WHERE id = :id", id=coming.okafor.members[0])
    assert browser.saved(ask(browser, coming, coming.seat(1, 1)))
    assert plan(coming) == {"Ngozi Okafor": "1-1"}
    assert ask(browser, coming, coming.seat(1, 2)).status_code == 409, "reserved is reserved"


@pytest.mark.parametrize("status", [None, "declined"])
@pytest.mark.parametrize("verb", VERBS)
def test_whoever_has_not_said_yes_gets_no_seat(cast: Cast, browser: Browser, status: str | None, verb: str) -> None:
    if status is not None:
        browser.post(cast.okafor.path("/rsvp"), status=status)
    before = everything(cast.app)
    text = refused(browser, ask(browser, cast, cast.seat(1, 5), verb), 409, root="seating")
    assert "Ngozi Okafor has not said yes yet. Accept first, then pick a seat." in words_of(text, "conflict")
    assert everything(cast.app) == before


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"seats_open_at": NOW + TICK}, NOT_OPEN),
        ({"seats_close_at": NOW}, CLOSED),
        ({"starts_at": NOW}, CLOSED),
        ({"status": Status.CANCELED}, CLOSED),
        ({"status": Status.COMPLETED}, CLOSED),
    ],
    ids=["not open", "closed", "started", "canceled", "completed"],
)
def test_outside_its_time_nothing_can_be_picked_moved_or_given_back(
    coming: Cast, browser: Browser, columns: dict[str, Any], sentence: str
) -> None:
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    alter_event(coming, **columns)
    before = everything(coming.app)
    with time_machine.travel(NOW, tick=False):
        page = browser.get(coming.okafor.path("/seats?table=1")).text
        assert sentence in page
        assert [button for form in forms(page) for button in form.buttons] == [], "read-only"
        for path, fields in {
            f"/members/{coming.okafor.members[0]}/seat": {"seat_id": coming.seat(1, 6)},
            f"/members/{coming.okafor.members[0]}/hold": {"seat_id": coming.seat(1, 6)},
            f"/members/{coming.okafor.members[0]}/seat/release": {},
            "/seats/together": {},
        }.items():
            answer = browser.post(coming.okafor.path(path), **fields)
            assert sentence in words_of(refused(browser, answer, 409, root="seating"), "conflict")
    assert everything(coming.app) == before


@pytest.mark.parametrize("columns", [{"seats_open_at": NOW}, {"seats_close_at": NOW + TICK}])
def test_the_first_and_the_last_moment_are_in_time(coming: Cast, browser: Browser, columns: dict[str, Any]) -> None:
    alter_event(coming, **columns)
    with time_machine.travel(NOW, tick=False):
        seated(browser, coming.okafor, 0, coming.seat(1, 5))
    assert plan(coming) == {"Ngozi Okafor": "1-5"}


def test_seats_may_be_picked_after_replies_have_closed(coming: Cast, browser: Browser) -> None:
    alter_event(coming, rsvp_deadline=NOW)
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    assert plan(coming) == {"Ngozi Okafor": "1-5"}


def test_a_seat_that_is_none_of_this_event_s_is_not_there_and_all_look_alike(coming: Cast, browser: Browser) -> None:
    elsewhere = make_cast(coming.app, slug="another-evening")
    browser.csrf_token()
    before = everything(coming.app)
    none = [
        elsewhere.seat(1, 5), 999_999, 0, -1, 2**31, 2**63, 10**30, "", " ", "x", "1.0", "1e3", "+1", "٣", "1 OR 1=1",
        "\x00",
    ]  # fmt: skip
    texts = set()
    for verb in (*VERBS, "seat/release"):
        for seat_id in none:
            answer = ask(browser, coming, seat_id, verb)
            texts.add(without_tokens(refused(browser, answer, 404, root="notice")))
    assert len(texts) == 1, "nobody learns which seats there are elsewhere"
    assert everything(coming.app) == before


def without_tokens(text: str) -> str:
    for form in forms(text):
        for value in (value for name, value in form.fields if name in {"csrf_token", "operation_id"}):
            text = text.replace(value, "")
    return text


@pytest.mark.parametrize("verb", VERBS)
def test_a_form_that_names_no_seat_is_422(coming: Cast, browser: Browser, verb: str) -> None:
    before = everything(coming.app)
    answer = browser.post(coming.okafor.path(f"/members/{coming.okafor.members[0]}/{verb}"))
    assert "Something is missing" in refused(browser, answer, 422, root="notice")
    assert everything(coming.app) == before


def test_another_seat_moves_in_one_step(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    seated(browser, coming.okafor, 0, coming.seat(2, 7))
    assert plan(coming) == {"Ngozi Okafor": "2-7"}
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    assert entries(coming)[2:] == ["seat.taken", "seat.moved", "seat.taken"]


def test_a_refused_move_keeps_the_old_seat(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(2, 7))
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    text = refused(browser, ask(browser, coming, coming.seat(1, 5)), 409, root="seating")
    assert "Ngozi still has seat 7." in words_of(text, "conflict")
    assert plan(coming) == {"Ngozi Okafor": "2-7", "Ngozi Brandt": "1-5"}


def test_a_seat_of_the_family_s_own_is_named(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 1, coming.seat(1, 5))
    text = refused(browser, ask(browser, coming, coming.seat(1, 5)), 409, root="seating")
    assert words_of(text, "conflict").startswith("Daniel has seat 5")
    assert plan(coming) == {"Daniel Okafor": "1-5"}


def test_a_seat_that_is_given_back_is_free_for_others(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    path = coming.okafor.path(f"/members/{coming.okafor.members[0]}/seat/release")
    for _ in range(2):
        follow(browser, browser.post(path), root="seating", to=coming.okafor.path("/seats"))
    assert coming.rows("SELECT DISTINCT table_id FROM guest_assignments") == [(None,)]
    seated(browser, coming.brandt, 0, coming.seat(1, 5))
    assert entries(coming)[2:] == ["seat.taken", "seat.released", "seat.taken"]


def test_a_button_on_the_map_gives_back_that_seat_and_no_other(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    page = browser.get(coming.okafor.path("/seats?table=1")).text
    own = next(form for form in forms(page) if form.action.partition("?")[0].endswith("/seat/release"))
    sent = own.sent_by("Seat 5, yours: Ngozi Okafor. Give it up")
    assert sent["seat_id"] == [str(coming.seat(1, 5))]
    seated(browser, coming.okafor, 0, coming.seat(1, 6))
    assert browser.saved(browser.post(own.action, seat_id=sent["seat_id"]))
    assert plan(coming) == {"Ngozi Okafor": "1-6"}, "an old page does not give up a newer seat"


def test_the_log_says_who_has_which_seat(coming: Cast, browser: Browser) -> None:
    seated(browser, coming.okafor, 0, coming.seat(1, 5))
    ((actor, subject, detail),) = coming.rows("SELECT actor, subject, detail FROM activity WHERE verb = 'seat.taken'")
    assert (actor, subject) == (f"guest:{coming.okafor.id}", f"invitation:{coming.okafor.id}")
    said = json.loads(detail) if isinstance(detail, str) else detail
    assert said["household"] == "Okafor family"
    ngozi, seat = coming.okafor.members[0], coming.seat(1, 5)
    assert said["seats"] == [
        {"member": ngozi, "name": "Ngozi Okafor", "table": "1", "seat": "5", "seat_id": seat, "state": "taken"},
    ]
