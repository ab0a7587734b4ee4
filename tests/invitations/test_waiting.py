"""A full event: who waits, who is asked next and until when, and what their page says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.invitations.queries import find_invitation, viewer_of
from portal.kit import clock
from portal.waiting.actions.wishes import join_waiting_list
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, entries, everything, follow, refused, rsvps, seated
from tests.journeys.test_budgets import asked
from tests.markup import words_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
FULL = "There are not enough places for everybody."
JOINED = "You are on the waiting list"


@pytest.fixture
def clockwork() -> Iterator[Any]:
    """The time stands still until the test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def full(app: Flask, clockwork: Any) -> Cast:
    """Six families of two; the first two come, and the event has four places."""
    cast = make_cast(app, invitations=6, members=2)
    alter_event(cast, capacity=4)
    phone = Browser(app, htmx=True)
    accept(phone, cast.families[0])
    accept(phone, cast.families[1])
    return cast


def join(browser: Browser, family: Family, wants: str = "all", **fields: Any) -> str:
    """The page of a family after it asked for places."""
    answer = browser.post(family.path("/waiting"), wants=wants, **fields)
    return words_of(follow(browser, answer, root="invitation", to=family.path()), "waiting")


def panel(browser: Browser, family: Family) -> str:
    """What the page says about places, empty if there is nothing to say."""
    page = browser.get(family.path()).text
    return words_of(page, "waiting") if 'id="waiting"' in page else ""


def go(cast: Cast, family: Family, *which: int) -> None:
    """Members cannot come after all, by their numbers in the family; without numbers all of them at once."""
    phone = Browser(cast.app, htmx=True)
    for path in [f"/members/{family.members[number]}/rsvp" for number in which] or ["/rsvp"]:
        assert phone.post(family.path(path), status="declined").status_code == 200


def waiting(cast: Cast) -> dict[int, tuple[int | None, int | None]]:
    """Who waits by the number of their family: what they want, and what was offered to them."""
    numbers = {family.id: number for number, family in enumerate(cast.families)}
    rows = cast.rows("SELECT invitation_id, wants, offered FROM waiting_list ORDER BY id")
    return {numbers[row.invitation_id]: (row.wants, row.offered) for row in rows}


def logged(cast: Cast) -> list[tuple[str, str]]:
    """Everything the log says about waiting, by whom."""
    rows = cast.rows("SELECT actor, verb FROM activity WHERE verb LIKE 'waiting.%' ORDER BY id")
    return [(row.actor.partition(":")[0], row.verb.partition(".")[2]) for row in rows]


def test_who_finds_no_room_is_told_what_is_safe_and_what_they_can_do(full: Cast, browser: Browser) -> None:
    family = full.families[2]
    before = everything(full.app)
    text = refused(browser, browser.post(family.path("/rsvp"), status="accepted"), 409, root="invitation")
    assert words_of(text, "conflict") == f"{FULL} Everything you told us before is safe."
    said = words_of(text, "waiting")
    assert said.startswith("The event is full for now Join the waiting list: as soon as there is room for you")
    assert "Both of us, or nobody At least one of us Join the waiting list" in said
    assert everything(full.app) == before


def test_a_page_says_that_it_is_full_before_anybody_tries(full: Cast, browser: Browser) -> None:
    page = browser.get(full.families[2].path()).text
    assert "The event is full for now" in page
    assert "We’re both coming" not in page, "a button that can only be refused"
    assert full.families[2].path("/rsvp") in page, "saying no is always possible"
    assert panel(browser, full.families[0]) == "", "who has a place has nothing to wait for"


def test_where_some_fit_they_may_come_and_the_others_wait(full: Cast, browser: Browser) -> None:
    go(full, full.families[0], 1)
    family = full.families[2]
    text = refused(browser, browser.post(family.path("/rsvp"), status="accepted"), 409, root="invitation")
    assert "There is one place left Say below who comes now, or wait for places" in words_of(text, "waiting")
    accept(browser, family, 0)
    assert join(browser, family).startswith(f"{JOINED} As soon as there is room for you, we keep it for you")
    page = browser.get(family.path()).text
    assert "Lovely. One of you is coming." in page, "and what there is to do for those who come"
    assert "on the waiting list" in words_of(page, f"member-{family.members[1]}")
    assert rsvps(full, family) == ["accepted", "pending"]


def test_a_household_joins_changes_its_mind_and_leaves(full: Cast, browser: Browser) -> None:
    family = full.families[2]
    assert "You are waiting for two places together." in join(browser, family)
    assert "You are waiting for at least one place." in join(browser, family, "1")
    join(browser, family, "1")
    assert waiting(full) == {2: (1, None)}
    answer = browser.post(family.path("/waiting/leave"))
    assert "The event is full for now" in follow(browser, answer, root="invitation", to=family.path())
    browser.post(family.path("/waiting/leave"))
    assert waiting(full) == {}
    assert logged(full) == [("guest", "joined"), ("guest", "changed"), ("guest", "left")], "each once"


@pytest.mark.parametrize("wants", ["", "0", "3", "-1", "two", "٤", "1.5", "99999999999999"])
def test_how_many_places_is_a_number_of_the_page(full: Cast, browser: Browser, wants: str) -> None:
    before = everything(full.app)
    answer = browser.post(full.families[2].path("/waiting"), wants=wants)
    assert "Please say how many places you need at least." in refused(browser, answer, 422, root="notice")
    assert everything(full.app) == before


@pytest.mark.parametrize("path", ["/waiting", "/waiting/accept"])
def test_nobody_waits_for_another_household(full: Cast, browser: Browser, path: str) -> None:
    before = everything(full.app)
    for member in (full.families[3].members[0], 999_999, "x", ""):
        answer = browser.post(full.families[2].path(path), wants="all", member=member)
        assert "We can’t find that page" in refused(browser, answer, 404, root="notice")
    assert everything(full.app) == before


def test_where_nothing_keeps_anybody_from_saying_yes_there_is_nothing_to_wait_for(cast: Cast, browser: Browser) -> None:
    before = everything(cast.app)
    for path in ("/waiting", "/waiting/pass", "/waiting/leave"):
        answer = browser.post(cast.okafor.path(path), wants="all")
        assert "All four of us are coming" in follow(browser, answer, root="invitation", to=cast.okafor.path())
    assert everything(cast.app) == before


def test_a_freed_place_is_kept_for_the_next_for_a_day(full: Cast, browser: Browser) -> None:
    second, third = full.families[2], full.families[3]
    join(browser, second)
    join(browser, third)
    go(full, full.families[0])
    kept = "There are two places for you Kept for you until Saturday 21 November, 12:00 pm."
    assert panel(browser, second).startswith(kept)
    assert "We’re both coming" in panel(browser, second)
    assert panel(browser, third).startswith(JOINED)
    stranger = full.families[4]
    assert browser.post(stranger.path("/rsvp"), status="accepted").status_code == 409, "what is kept is kept"
    assert browser.post(third.path("/rsvp"), status="accepted").status_code == 409
    answer = browser.post(second.path("/waiting/accept"))
    page = follow(browser, answer, root="invitation", to=second.path())
    assert "Lovely. You’re both coming." in page
    assert 'id="waiting"' not in page
    assert rsvps(full, second) == ["accepted"] * 2
    assert waiting(full) == {3: (None, None)}
    assert logged(full)[2:] == [("system", "offered"), ("guest", "accepted")]


def test_the_time_of_an_offer_is_the_event_s_and_never_beyond_the_deadline(full: Cast, plain: Browser) -> None:
    alter_event(full, offer_seconds=5400)
    join(plain, full.families[2], "1")
    join(plain, full.families[3], "1")
    go(full, full.families[0], 0)
    assert "Kept for you until Friday 20 November, 1:30 pm." in panel(plain, full.families[2])
    alter_event(full, rsvp_deadline=NOW + timedelta(hours=1))
    go(full, full.families[0], 1)
    assert "Kept for you until Friday 20 November, 1:00 pm." in panel(plain, full.families[3])


def test_an_offer_that_runs_out_goes_on_by_itself(full: Cast, browser: Browser, clockwork: Any) -> None:
    second, third = full.families[2], full.families[3]
    join(browser, second)
    join(browser, third)
    go(full, full.families[0])
    clockwork.move_to(NOW + DAY - MICROSECOND)
    assert "There are two places for you" in panel(browser, second)
    clockwork.move_to(NOW + DAY)
    before = everything(full.app)
    assert panel(browser, second).startswith(JOINED)
    assert "Kept for you until Sunday 22 November, 12:00 pm." in panel(browser, third)
    assert everything(full.app) == before, "a look writes nothing"
    assert browser.post(second.path("/waiting/accept")).status_code == 409
    assert browser.saved(browser.post(third.path("/waiting/accept")))
    assert rsvps(full, third) == ["accepted"] * 2
    assert waiting(full) == {2: (None, 2)}


def test_when_everybody_had_their_turn_the_places_are_anybody_s(full: Cast, browser: Browser, clockwork: Any) -> None:
    second = full.families[2]
    join(browser, second)
    go(full, full.families[0])
    clockwork.move_to(NOW + DAY + MICROSECOND)
    assert "There are two places for you Whoever says yes first has them." in panel(browser, second)
    accept(browser, full.families[4], 0)
    assert panel(browser, second).startswith(JOINED)
    go(full, full.families[1], 0)
    kept = "There are two places for you Kept for you until Sunday 22 November, 12:00 pm."
    assert panel(browser, second).startswith(kept), "a place that is freed anew is theirs again"


def test_an_offer_is_passed_on(full: Cast, browser: Browser) -> None:
    second, third = full.families[2], full.families[3]
    join(browser, second)
    join(browser, third)
    go(full, full.families[0])
    page = follow(browser, browser.post(second.path("/waiting/pass")), root="invitation", to=second.path())
    assert words_of(page, "waiting").startswith(JOINED)
    assert "There are two places for you" in panel(browser, third)
    before = everything(full.app)
    browser.post(second.path("/waiting/pass"))
    assert everything(full.app) == before, "there is nothing to pass on any more"
    assert logged(full)[3:] == [("guest", "passed"), ("system", "offered")]


def test_who_leaves_gives_back_what_was_kept(full: Cast, browser: Browser) -> None:
    join(browser, full.families[2])
    join(browser, full.families[3])
    go(full, full.families[0])
    browser.post(full.families[2].path("/waiting/leave"))
    assert "There are two places for you" in panel(browser, full.families[3])


def test_a_no_of_those_who_wait_gives_back_what_was_kept(full: Cast, browser: Browser) -> None:
    second, third = full.families[2], full.families[3]
    join(browser, second, "1")
    join(browser, third, "1")
    go(full, full.families[0])
    assert waiting(full) == {2: (1, 2), 3: (1, None)}
    assert browser.saved(browser.post(second.path(f"/members/{second.members[0]}/rsvp"), status="declined"))
    assert waiting(full) == {2: (1, 1), 3: (1, 1)}, "two were kept, one of them is free again"
    assert browser.saved(browser.post(second.path("/rsvp"), status="declined"))
    assert waiting(full) == {3: (1, 1)}
    assert ("guest", "left") in logged(full)


def test_where_fewer_places_came_free_the_family_says_who_takes_them(full: Cast, browser: Browser) -> None:
    family = full.families[2]
    join(browser, family, "1")
    go(full, full.families[0], 0)
    said = panel(browser, family)
    assert said.startswith("There is a place for you Kept for you until")
    assert "Who takes the place?" in said
    assert browser.post(family.path("/waiting/accept")).status_code == 409, "nobody was ticked"
    answer = browser.post(family.path("/waiting/accept"), member=family.members[1])
    page = follow(browser, answer, root="invitation", to=family.path())
    assert rsvps(full, family) == ["pending", "accepted"]
    assert words_of(page, "waiting").startswith(JOINED), "the other one goes on waiting"
    assert waiting(full) == {2: (1, None)}
    go(full, full.families[0], 1)
    assert "There is a place for you" in panel(browser, family)


def test_whoever_wants_more_than_is_free_is_skipped_and_keeps_their_turn(full: Cast, browser: Browser) -> None:
    join(browser, full.families[2])
    join(browser, full.families[3], "1")
    go(full, full.families[0], 0)
    assert waiting(full) == {2: (None, None), 3: (1, 1)}
    browser.post(full.families[3].path("/waiting/accept"), member=full.families[3].members[0])
    go(full, full.families[1])
    assert waiting(full) == {2: (None, 2), 3: (1, None)}


def test_the_place_of_somebody_at_a_table_goes_to_relatives_of_that_table_first(app: Flask, clockwork: Any) -> None:
    cast = make_cast(app, invitations=5, members=2)
    alter_event(cast, capacity=4)
    phone = Browser(app, htmx=True)
    goes, beside, far, stranger, other = cast.families
    for number, family in enumerate((goes, beside, far, other)):
        accept(phone, family, 0)
        seated(phone, family, 0, cast.seat(1 if number < 2 else 2, 4 + number))
    join(phone, stranger, "1")
    join(phone, far, "1")
    join(phone, beside, "1")
    go(cast, goes, 0)
    assert waiting(cast) == {3: (1, None), 2: (1, None), 1: (1, 1)}, "the one who has somebody at table 1"


def test_the_household_of_whoever_declined_comes_first_of_all(full: Cast, browser: Browser) -> None:
    alter_event(full, capacity=5)
    accept(browser, full.families[2], 0)
    join(browser, full.families[3], "1")
    join(browser, full.families[2], "1")
    go(full, full.families[2], 0)
    assert waiting(full) == {3: (1, None), 2: (1, 1)}


def test_somebody_who_had_said_no_waits_with_the_others(full: Cast, browser: Browser) -> None:
    family = full.families[2]
    browser.post(family.path("/rsvp"), status="declined")
    path = family.path(f"/members/{family.members[1]}/rsvp")
    text = refused(browser, browser.post(path, status="accepted"), 409, root="invitation")
    assert f'name="member" value="{family.members[1]}"' in text
    assert "You are waiting for one place." in join(browser, family, member=family.members[1])
    assert rsvps(full, family) == ["declined", "pending"]


def test_more_places_are_offered_and_what_was_offered_cannot_be_taken_away(full: Cast, plain: Browser) -> None:
    join(plain, full.families[2])
    with full.app.app_context():
        family = full.families[0]
        event = viewer_of(find_invitation(family.code), family.code, clock.now())[0].event
    runner = full.app.test_cli_runner()
    capacity = ["events", "capacity", "--event", event.slug]
    assert runner.invoke(args=[*capacity, "6"]).exit_code == 0
    assert waiting(full) == {2: (None, 2)}
    before = everything(full.app)
    assert runner.invoke(args=[*capacity, "5"]).stderr == f"Error: {FULL}\n"
    assert everything(full.app) == before
    assert runner.invoke(args=[*capacity]).exit_code == 0
    accept(plain, full.families[4])


def test_who_joins_where_there_is_room_is_asked_at_once(full: Cast, browser: Browser) -> None:
    go(full, full.families[0])
    assert join(browser, full.families[2]).startswith("There are two places for you Kept for you until")


def test_a_revoked_invitation_waits_for_nothing(full: Cast, browser: Browser) -> None:
    join(browser, full.families[2])
    join(browser, full.families[3])
    full.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=full.families[2].id)
    go(full, full.families[0])
    assert waiting(full) == {2: (None, None), 3: (None, 2)}


def test_who_has_answered_on_another_phone_meanwhile_waits_for_nothing(full: Cast) -> None:
    family = full.families[3]
    with full.app.app_context():
        stood = viewer_of(find_invitation(family.code), family.code, NOW)[0]
        go(full, family)
        join_waiting_list(stood, None, now=NOW)
    assert waiting(full) == {}
    assert rsvps(full, family) == ["declined", "declined"]
    assert logged(full) == []


def test_after_the_deadline_nobody_joins_and_those_who_waited_are_told(full: Cast, browser: Browser) -> None:
    join(browser, full.families[2])
    alter_event(full, rsvp_deadline=NOW)
    assert panel(browser, full.families[2]) == (
        "The waiting list has closed No place came free for you in time. We are sorry."
    )
    assert panel(browser, full.families[3]) == ""
    before = everything(full.app)
    answer = browser.post(full.families[3].path("/waiting"), wants="all")
    assert "Replies closed on 20 November." in refused(browser, answer, 409, root="invitation")
    assert everything(full.app) == before


def test_a_form_sent_twice_joins_once(full: Cast, browser: Browser) -> None:
    for _ in range(2):
        join(browser, full.families[2], operation_id="one")
    assert waiting(full) == {2: (None, None)}
    assert entries(full)[-1] == "waiting.joined"
    assert logged(full) == [("guest", "joined")]


def test_in_spanish_too(full: Cast, plain: Browser) -> None:
    plain.post(full.families[2].path("/language"), language="es")
    answer = plain.post(full.families[2].path("/rsvp"), status="accepted")
    assert "No hay lugares suficientes para todos." in answer.text


def test_a_page_of_a_limited_event_asks_one_question_more(full: Cast, plain: Browser) -> None:
    join(plain, full.families[2])
    join(plain, full.families[3])
    paths = [full.families[number].path() for number in (0, 2, 5)]
    limited = [asked(full.app, plain, path) for path in paths]
    alter_event(full, capacity=None)
    assert limited == [asked(full.app, plain, path) + 1 for path in paths]
