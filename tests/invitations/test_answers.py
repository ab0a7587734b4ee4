"""Saying who comes: for one, for all, again, twice, too late, and for somebody else's household."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine

from portal.events.models import Status
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, entries, everything, follow, plan, refused, rsvps, seated, take

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BOTH = ("/rsvp", "/members/{}/rsvp")
CALLED_OFF = "This event has been called off, so there is nothing to answer any more."
OVER = "This event is over. Ask the hosts if something should be changed."
TOO_LATE = "Replies closed on 20 November. Ask the hosts to change it."


def test_one_member_says_yes(cast: Cast, browser: Browser) -> None:
    family = cast.okafor
    answer = browser.post(family.path(f"/members/{family.members[2]}/rsvp"), status="accepted")
    page = follow(browser, answer, root="invitation", to=family.path())
    assert "Three answers to go" in page
    assert rsvps(cast, family) == ["pending", "pending", "accepted", "pending"]
    assert cast.rows(
        "SELECT m.responded_by, a.reference_code, a.member_rsvp, a.table_id FROM guest_assignments a"
        " JOIN invitation_guests m ON m.id = a.member_id"
    ) == [(f"guest:{family.id}", "G0001", "accepted", None)]
    assert entries(cast) == ["invitation.answered"]


@pytest.mark.parametrize(
    ("status", "sentence", "places"),
    [
        ("accepted", "Lovely. All four of you are coming.", 4),
        ("declined", "Thank you for telling us. You’ll all be missed.", 0),
    ],
)
def test_everybody_answers_with_one_tap(cast: Cast, browser: Browser, status: str, sentence: str, places: int) -> None:
    answer = browser.post(cast.okafor.path("/rsvp"), status=status)
    page = follow(browser, answer, root="invitation", to=cast.okafor.path())
    assert sentence in page
    assert "We’ve told the hosts." in page
    assert rsvps(cast, cast.okafor) == [status] * 4
    assert rsvps(cast, cast.brandt) == ["pending"] * 4
    assert cast.count("SELECT count(*) FROM guest_assignments") == places
    assert entries(cast) == ["invitation.answered"]


def test_three_come_and_one_does_not(cast: Cast, browser: Browser) -> None:
    family = cast.okafor
    accept(browser, family)
    answer = browser.post(family.path(f"/members/{family.members[3]}/rsvp"), status="declined")
    assert "Lovely. Three of you are coming." in follow(browser, answer, root="invitation", to=family.path())
    assert rsvps(cast, family) == ["accepted"] * 3 + ["declined"]


def test_the_same_answer_again_succeeds_and_leaves_no_second_entry(cast: Cast, browser: Browser) -> None:
    for path in (*BOTH, *BOTH):
        address = cast.okafor.path(path.format(cast.okafor.members[0]))
        follow(browser, browser.post(address, status="accepted"), root="invitation", to=cast.okafor.path())
    assert entries(cast) == ["invitation.answered"]


def test_an_answer_sent_twice_under_one_id_counts_once(cast: Cast, browser: Browser) -> None:
    """The second arrives after a change of mind: it must not bring the first answer back."""
    address = cast.okafor.path("/rsvp")
    browser.post(address, status="accepted", operation_id="first")
    browser.post(address, status="declined", operation_id="second")
    again = browser.post(address, status="accepted", operation_id="first")
    follow(browser, again, root="invitation", to=cast.okafor.path())
    assert rsvps(cast, cast.okafor) == ["declined"] * 4
    assert entries(cast) == ["invitation.answered"] * 2


def test_what_was_refused_may_be_sent_again_under_the_same_id(cast: Cast, browser: Browser) -> None:
    alter_event(cast, rsvp_deadline=datetime(2026, 1, 1, tzinfo=UTC))
    address = cast.okafor.path("/rsvp")
    assert browser.post(address, status="accepted", operation_id="mine").status_code == 409
    alter_event(cast, rsvp_deadline=None)
    assert browser.saved(browser.post(address, status="accepted", operation_id="mine"))
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"rsvp_deadline": NOW}, TOO_LATE),
        ({"status": Status.CANCELED}, CALLED_OFF),
        ({"status": Status.COMPLETED}, OVER),
        ({"starts_at": NOW - timedelta(hours=5), "ends_at": NOW}, OVER),
    ],
    ids=["deadline", "canceled", "completed", "over"],
)
def test_too_late_is_told_kindly_and_changes_nothing(
    cast: Cast, browser: Browser, columns: dict[str, Any], sentence: str
) -> None:
    alter_event(cast, **columns)
    before = everything(cast.app)
    with time_machine.travel(NOW, tick=False):
        page = browser.get(cast.okafor.path())
        assert sentence in page.text
        assert 'name="status"' not in page.text, "read-only"
        for path in BOTH:
            answer = browser.post(cast.okafor.path(path.format(cast.okafor.members[0])), status="accepted")
            text = refused(browser, answer, 409, root="invitation")
            assert sentence in text
            assert "Everything you told us before is safe." in text
    assert everything(cast.app) == before


def test_the_last_moment_before_the_deadline_is_in_time(cast: Cast, browser: Browser) -> None:
    alter_event(cast, rsvp_deadline=NOW)
    with time_machine.travel(NOW - MICROSECOND, tick=False):
        accept(browser, cast.okafor)
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4


def test_a_closed_invitation_says_whom_to_ask(cast: Cast, plain: Browser) -> None:
    alter_event(cast, rsvp_deadline=NOW, settings={"contact": "Sam, 020 7946 0000"})
    with time_machine.travel(NOW, tick=False):
        assert "You can reach them here: Sam, 020 7946 0000" in plain.get(cast.okafor.path()).text


def test_an_answer_that_is_none_is_422(cast: Cast, browser: Browser) -> None:
    before = everything(cast.app)
    for path, status in product(BOTH, (None, "", "maybe", "pending", "ACCEPTED", "1")):
        fields = {} if status is None else {"status": status}
        answer = browser.post(cast.okafor.path(path.format(cast.okafor.members[0])), **fields)
        assert "Please say whether you are coming or not." in refused(browser, answer, 422, root="notice")
    assert everything(cast.app) == before


def test_nobody_answers_for_another_household(cast: Cast, browser: Browser) -> None:
    elsewhere = make_cast(cast.app, slug="another-evening")
    before = everything(cast.app)
    strangers = [cast.brandt.members[0], elsewhere.okafor.members[0], 999_999, 10**30, "x", -1, "1.5"]
    for stranger in strangers:
        answer = browser.post(cast.okafor.path(f"/members/{stranger}/rsvp"), status="accepted")
        assert "We can’t find that page" in refused(browser, answer, 404, root="notice")
    assert everything(cast.app) == before


def test_whoever_declines_frees_the_seat_at_once(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    accept(browser, cast.brandt)
    seated(browser, cast.okafor, 0, cast.seat(1, 5))
    seated(browser, cast.okafor, 1, cast.seat(1, 6))
    assert take(browser, cast.brandt, 0, cast.seat(1, 5)).status_code == 409
    browser.post(cast.okafor.path(f"/members/{cast.okafor.members[0]}/rsvp"), status="declined")
    seated(browser, cast.brandt, 0, cast.seat(1, 5))
    assert plan(cast) == {"Ngozi Brandt": "1-5", "Daniel Okafor": "1-6"}


def test_whoever_comes_back_has_the_same_code_and_no_seat(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    seated(plain, cast.okafor, 3, cast.seat(1, 5))
    codes = cast.rows("SELECT member_id, reference_code FROM guest_assignments ORDER BY member_id")
    plain.post(cast.okafor.path("/rsvp"), status="declined")
    assert (cast.count("SELECT count(*) FROM guest_assignments"), plan(cast)) == (0, {})
    accept(plain, cast.okafor)
    assert cast.rows("SELECT member_id, reference_code FROM guest_assignments ORDER BY member_id") == codes
    assert plan(cast) == {}


def test_the_first_answer_and_the_first_touch_open_the_invitation_once(cast: Cast, browser: Browser) -> None:
    opened = "SELECT opened_at FROM invitations ORDER BY id"
    browser.get(cast.okafor.path())
    assert cast.rows(opened) == [(None,), (None,)]
    for _ in range(2):
        touched = browser.post(cast.okafor.path("/opened"))
        assert (touched.status_code, touched.text if browser.htmx else "") == (200 if browser.htmx else 303, "")
    accept(browser, cast.brandt)
    first, second = cast.rows(opened)
    assert first[0] and second[0]
    assert entries(cast) == ["invitation.opened", "invitation.answered"]
    assert 'id="opened"' not in browser.get(cast.okafor.path()).text
