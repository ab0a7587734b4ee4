"""A family asks another to sit near it, or to swap seats: agreed, declined, taken back; and nobody is listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from portal.seating.models import RequestKind
from tests.accounts.hosts import host_of
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.deeds import (
    alter_event,
    entries,
    everybody_comes,
    everything,
    follow,
    hold,
    plan,
    plant_request,
    refused,
    seated,
)
from tests.markup import elements, words_of

NEAR, SWAP = RequestKind.NEAR, RequestKind.SWAP
IF_INVITED = "If they are invited, they will see your wish on their page."
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def coming(app: Flask) -> Cast:
    """Three families of four who all come — the Okafors, the Brandts and a third — and three tables of ten."""
    cast = make_cast(app, invitations=3, tables=3)
    names = (
        (cast.okafor, "The Okafor family"),
        (cast.brandt, "The Brandt family"),
        (cast.families[2], "Familia Ñáñez"),
    )
    for family, name in names:
        cast.run("UPDATE invitations SET name = :name WHERE id = :id", name=name, id=family.id)
    everybody_comes(cast)
    return cast


def ask(browser: Browser, family: Family, name: str, kind: str = "near", **fields: Any) -> TestResponse:
    return browser.post(family.path("/requests"), name=name, kind=kind, **fields)


def answer(browser: Browser, family: Family, request_id: int, verb: str, **fields: Any) -> TestResponse:
    return browser.post(family.path(f"/requests/{request_id}/{verb}"), **fields)


def states(cast: Cast) -> list[tuple[int | None, str]]:
    rows = cast.rows("SELECT to_invitation_id, state FROM household_requests ORDER BY id")
    return [tuple(row) for row in rows]


def sits(browser: Browser, cast: Cast, family: Family, table: int, *labels: int) -> None:
    """The members of a family take these seats, in their order."""
    for number, label in enumerate(labels):
        seated(browser, family, number, cast.seat(table, label))


def places(cast: Cast, family: Family) -> list[str]:
    return [plan(cast)[name] for name in family.names if name in plan(cast)]


def page_of(browser: Browser, family: Family) -> str:
    return words_of(browser.get(family.path("/requests")).text, "asking")


@pytest.mark.parametrize(
    "name",
    [
        "The Brandt family",
        "brandt",
        "BRÁNDT",
        "  Brandt   Family ",
        "familia Brandt",
        "Ngozi Brandt",
        "ngozi  brandt",
        "ÑAÑEZ",
        "la familia Nanez",
    ],
)
def test_a_family_is_found_by_its_name_or_that_of_an_adult(coming: Cast, htmx: Browser, name: str) -> None:
    answered = ask(htmx, coming.okafor, name)
    text = follow(htmx, answered, root="asking", to="")
    there = coming.families[2] if "anez" in name.lower().replace("ñ", "n") else coming.brandt
    assert states(coming) == [(there.id, "asked")]
    assert f"You asked to sit near “{' '.join(name.split())}”" in words_of(text, "requests")
    assert IF_INVITED in words_of(text, "requests")
    assert "The Okafor family would like to sit near you" in page_of(htmx, there)
    assert entries(coming)[-1] == "request.made"


@pytest.mark.parametrize(
    "name", ["Nobody Known", "Okafor", "Ngozi Okafor", "Ada Brandt", "Ngozi", "Bran", "Smith", "%"]
)
def test_a_name_of_nobody_one_s_own_or_a_child_s_reaches_nobody_and_looks_the_same(
    coming: Cast, browser: Browser, name: str
) -> None:
    coming.run("UPDATE invitation_guests SET is_child = true WHERE id = :id", id=coming.brandt.members[2])
    text = follow(browser, ask(browser, coming.okafor, name), root="asking", to=coming.okafor.path("/requests"))
    assert states(coming) == [(None, "asked")]
    assert f"You asked to sit near “{name}”" in words_of(text, "requests")
    assert IF_INVITED in words_of(text, "requests")
    assert "Okafor" not in page_of(browser, coming.brandt) + page_of(browser, coming.families[2])


def test_the_answer_tells_nothing_about_who_is_invited(coming: Cast, browser: Browser) -> None:
    """Nobody, one, several, one whose link was revoked, one already asked, one who said no: letter by letter alike."""
    coming.run("UPDATE invitations SET name = 'The Twin family' WHERE id <> :id", id=coming.okafor.id)
    seen = []
    for name in ("Ngozi Brandt", "Mrs Nobody", "Twin", "Ngozi Brandt "):
        text = follow(browser, ask(browser, coming.okafor, name), root="asking", to=coming.okafor.path("/requests"))
        parts = [each for each in elements(text) if each.attributes.get("id", "").startswith("request-")]
        seen.append((IF_INVITED in text, len(parts)))
    assert states(coming) == [(coming.brandt.id, "asked"), (None, "asked"), (None, "asked")]
    coming.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=coming.brandt.id)
    words = page_of(browser, coming.okafor).replace("Ngozi Brandt", "X").replace("Mrs Nobody", "X").replace("Twin", "X")
    assert words.count("You asked to sit near “X” If they are invited, they will see your wish on their page.") == 3


def test_several_who_could_be_meant_are_none(coming: Cast, htmx: Browser) -> None:
    coming.run("UPDATE invitations SET name = 'The Twin family' WHERE id <> :id", id=coming.okafor.id)
    assert htmx.saved(ask(htmx, coming.okafor, "Twin"))
    assert states(coming) == [(None, "asked")]


def test_asking_twice_is_asking_once_also_by_another_name(coming: Cast, browser: Browser) -> None:
    for name in ("Brandt", "brandt ", "Ngozi Brandt"):
        assert browser.saved(ask(browser, coming.okafor, name))
    assert states(coming) == [(coming.brandt.id, "asked"), (None, "asked")]
    assert page_of(browser, coming.brandt).count("would like to sit near you") == 1
    assert entries(coming).count("request.made") == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Please type the name of a family, or of somebody in it."),
        (" \x00 ", "Please type the name of a family, or of somebody in it."),
        ("x" * 201, "That name is too long. Please shorten it to 200 letters."),
    ],
)
def test_a_name_is_needed(coming: Cast, browser: Browser, name: str, words: str) -> None:
    before = everything(coming.app)
    text = refused(browser, ask(browser, coming.okafor, name), 422, root="asking")
    assert words in words_of(text, "error-summary") and words in words_of(text, "wanted-wrong")
    assert everything(coming.app) == before


@pytest.mark.parametrize("kind", ["", "far", "NEAR"])
def test_what_is_asked_is_one_of_two_things(coming: Cast, browser: Browser, kind: str) -> None:
    assert ask(browser, coming.okafor, "Brandt", kind).status_code == 422
    assert states(coming) == []


def test_whoever_has_no_seat_has_none_to_swap(coming: Cast, browser: Browser) -> None:
    text = refused(browser, ask(browser, coming.okafor, "Brandt", "swap"), 409, root="asking")
    assert "You have no seats to swap so far." in words_of(text, "request-refused")
    assert "swap seats" not in words_of(browser.get(coming.okafor.path("/requests")).text, "asking")
    sits(browser, coming, coming.okafor, 1, 4)
    assert browser.saved(ask(browser, coming.okafor, "Brandt", "swap"))
    assert states(coming) == [(coming.brandt.id, "asked")]


def test_five_things_at_a_time_may_be_asked(coming: Cast, browser: Browser) -> None:
    for number in range(5):
        assert browser.saved(ask(browser, coming.okafor, f"Somebody {number}"))
    text = refused(browser, ask(browser, coming.okafor, "Brandt"), 409, root="asking")
    assert "You have asked for five things already." in words_of(text, "request-refused")
    assert len(states(coming)) == 5
    assert browser.saved(answer(browser, coming.okafor, 3, "withdraw"))
    assert browser.saved(ask(browser, coming.okafor, "Brandt"))
    assert coming.rows("SELECT slot FROM household_requests WHERE state = 'asked' ORDER BY id")[-1][0] == 3


def test_asking_is_limited_for_each_family_and_for_no_other(strict: Flask) -> None:
    cast = make_cast(strict)
    everybody_comes(cast)
    phone = Browser(strict, htmx=True)
    statuses = [ask(phone, cast.okafor, "Brandt").status_code for _ in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    assert ask(phone, cast.brandt, "Okafor").status_code == 200
    before = everything(strict)
    assert phone.post(f"/i/{cast.okafor.token}x/requests", name="x", kind="near").status_code == 404
    assert everything(strict) == before, "a forged link is not even counted"


def test_agreeing_seats_both_families_in_a_row(coming: Cast, browser: Browser) -> None:
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    text = follow(
        browser, answer(browser, coming.brandt, request_id, "agree"),
        root="requests", to=coming.brandt.path("/requests"),
    )  # fmt: skip
    assert sorted(places(coming, coming.okafor)) == ["1-3", "1-4", "1-5", "1-6"]
    assert sorted(places(coming, coming.brandt)) == ["1-10", "1-7", "1-8", "1-9"]
    assert states(coming) == [(coming.brandt.id, "agreed")]
    assert entries(coming)[3:] == ["request.agreed", "seat.taken"]
    assert "The Okafor family and you agreed" in words_of(text, "requests")
    assert "You now sit here: Table 1, seats 7 to 10." in words_of(text, "requests")
    assert "“Ngozi Brandt”: they agreed You now sit here: Table 1, seats 3 to 6." in page_of(browser, coming.okafor)


def test_whoever_sits_already_stays_and_the_others_come(coming: Cast, browser: Browser) -> None:
    sits(browser, coming, coming.brandt, 2, 3, 4, 5, 6)
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(answer(browser, coming.brandt, request_id, "agree"))
    assert places(coming, coming.brandt) == ["2-3", "2-4", "2-5", "2-6"]
    assert {place.split("-")[0] for place in places(coming, coming.okafor)} == {"2"}
    assert entries(coming)[-2:] == ["request.agreed", "seat.taken"]


def test_whoever_sits_beside_the_other_already_is_not_moved(coming: Cast, browser: Browser) -> None:
    sits(browser, coming, coming.okafor, 2, 3, 4, 5, 6)
    sits(browser, coming, coming.brandt, 2, 7, 8, 9, 10)
    before = plan(coming)
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(answer(browser, coming.brandt, request_id, "agree"))
    assert plan(coming) == before
    assert entries(coming)[-1] == "request.agreed"
    assert states(coming) == [(coming.brandt.id, "agreed")]


def test_at_an_event_with_holds_both_have_their_seats_at_once(coming: Cast, browser: Browser) -> None:
    alter_event(coming, hold_seconds=300)
    hold(browser, coming.brandt, 0, coming.seat(3, 5))
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(answer(browser, coming.brandt, request_id, "agree"))
    assert len(plan(coming)) == 8
    assert {place.split("-")[0] for place in plan(coming).values()} == {"3"}, "what was held is where they wanted to be"
    assert coming.count("SELECT count(*) FROM seat_claims WHERE state = 'held'") == 0


def test_where_there_is_no_room_nobody_moves_and_the_request_stays(app: Flask, browser: Browser) -> None:
    cast = make_cast(app, invitations=2, tables=2, seats=3)
    everybody_comes(cast)
    request_id = plant_request(cast, cast.okafor, cast.brandt, NEAR)
    before = everything(app)
    text = refused(browser, answer(browser, cast.brandt, request_id, "agree"), 409, root="requests")
    assert "There is no room for both of you near each other right now." in words_of(text, "request-refused")
    assert "would like to sit near you" in words_of(text, "requests"), "they can try again"
    assert everything(app) == before


def test_two_neighbouring_tables_are_near(app: Flask, browser: Browser) -> None:
    cast = make_cast(app, invitations=2, tables=3, seats=5)
    everybody_comes(cast)
    cast.run("UPDATE tables SET x = 90 * CAST(name AS INTEGER), y = 0")
    request_id = plant_request(cast, cast.okafor, cast.brandt, NEAR)
    assert browser.saved(answer(browser, cast.brandt, request_id, "agree"))
    tables = [sorted({place.split("-")[0] for place in places(cast, family)}) for family in cast.families]
    assert tables in ([["1"], ["2"]], [["2"], ["1"]], [["2"], ["3"]], [["3"], ["2"]])


def test_nobody_is_seated_beside_a_family_that_does_not_come(coming: Cast, browser: Browser) -> None:
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(browser.post(coming.okafor.path("/rsvp"), status="declined"))
    before = everything(coming.app)
    text = refused(browser, answer(browser, coming.brandt, request_id, "agree"), 409, root="requests")
    assert "Nobody of the Okafor family comes so far" in words_of(text, "request-refused")
    assert everything(coming.app) == before


def test_swapping_is_shown_and_done(coming: Cast, browser: Browser) -> None:
    sits(browser, coming, coming.okafor, 1, 3, 4, 5, 6)
    sits(browser, coming, coming.brandt, 2, 4, 5, 6, 7)
    request_id = plant_request(coming, coming.okafor, coming.brandt, SWAP)
    page = browser.get(coming.brandt.path("/requests")).text
    assert "Theirs: Table 1, seats 3 to 6. Yours: Table 2, seats 4 to 7." in words_of(page, "requests")
    shown = next(each.attributes["value"] for each in elements(page) if each.attributes.get("name") == "shown")
    for _ in range(2):
        assert browser.saved(answer(browser, coming.brandt, request_id, "agree", shown=shown))
        assert places(coming, coming.okafor) == ["2-4", "2-5", "2-6", "2-7"]
        assert places(coming, coming.brandt) == ["1-3", "1-4", "1-5", "1-6"]
    assert entries(coming)[-2:] == ["request.agreed", "seat.moved"], "said twice it is done once"
    assert "You now sit here: Table 2, seats 4 to 7." in page_of(browser, coming.okafor)


def test_a_swap_of_other_seats_than_were_shown_is_none_they_agreed_to(coming: Cast, browser: Browser) -> None:
    sits(browser, coming, coming.okafor, 1, 5)
    sits(browser, coming, coming.brandt, 2, 6)
    request_id = plant_request(coming, coming.okafor, coming.brandt, SWAP)
    shown = f"{coming.seat(1, 5)}-{coming.seat(2, 6)}"
    sits(browser, coming, coming.okafor, 3, 9)
    before = everything(coming.app)
    text = refused(browser, answer(browser, coming.brandt, request_id, "agree", shown=shown), 409, root="requests")
    assert "Some of these seats have changed meanwhile, so nobody was moved." in words_of(text, "request-refused")
    assert "Theirs: Table 3, seat 9. Yours: Table 2, seat 6." in words_of(text, "requests")
    assert everything(coming.app) == before


@pytest.mark.parametrize("theirs", [(), (4,), (4, 5, 6)])
def test_a_swap_needs_as_many_seats_on_both_sides(coming: Cast, browser: Browser, theirs: tuple[int, ...]) -> None:
    sits(browser, coming, coming.okafor, 1, 5, 6)
    sits(browser, coming, coming.brandt, 2, *theirs)
    request_id = plant_request(coming, coming.okafor, coming.brandt, SWAP)
    before = everything(coming.app)
    text = refused(browser, answer(browser, coming.brandt, request_id, "agree"), 409, root="requests")
    assert "A swap needs as many seats on both sides. Everybody keeps their seats." in words_of(text, "request-refused")
    assert everything(coming.app) == before


def test_seats_kept_for_some_do_not_change_hands(coming: Cast, browser: Browser) -> None:
    sits(browser, coming, coming.okafor, 1, 5)
    sits(browser, coming, coming.brandt, 2, 6)
    coming.run("UPDATE seats SET category = 'vip' WHERE id = :id", id=coming.seat(1, 5))
    request_id = plant_request(coming, coming.okafor, coming.brandt, SWAP)
    before = everything(coming.app)
    text = refused(browser, answer(browser, coming.brandt, request_id, "agree"), 409, root="requests")
    assert "kept for particular guests and cannot change hands" in words_of(text, "request-refused")
    assert everything(coming.app) == before
    coming.run("UPDATE invitation_guests SET seat_category = 'vip' WHERE id = :id", id=coming.brandt.members[0])
    assert browser.saved(answer(browser, coming.brandt, request_id, "agree"))


def test_a_no_is_told_kindly_and_is_not_asked_again(coming: Cast, browser: Browser) -> None:
    assert browser.saved(ask(browser, coming.okafor, "Brandt"))
    text = follow(
        browser, answer(browser, coming.brandt, 1, "decline"), root="requests", to=coming.brandt.path("/requests")
    )
    assert "They are told kindly. Your seats are as they were." in words_of(text, "requests")
    assert browser.saved(answer(browser, coming.brandt, 1, "decline"))
    assert "“Brandt”: it did not work out this time" in page_of(browser, coming.okafor)
    assert entries(coming)[-2:] == ["request.made", "request.declined"]
    assert browser.saved(ask(browser, coming.okafor, "Ngozi Brandt"))
    assert states(coming) == [(coming.brandt.id, "declined"), (None, "asked")]
    assert "would like" not in page_of(browser, coming.brandt)


def test_what_was_asked_can_be_taken_back(coming: Cast, browser: Browser) -> None:
    assert browser.saved(ask(browser, coming.okafor, "Brandt"))
    follow(browser, answer(browser, coming.okafor, 1, "withdraw"), root="requests", to=coming.okafor.path("/requests"))
    assert browser.saved(answer(browser, coming.okafor, 1, "withdraw"))
    assert states(coming) == [(coming.brandt.id, "withdrawn")]
    assert entries(coming)[-2:] == ["request.made", "request.withdrawn"]
    assert "Okafor" not in page_of(browser, coming.brandt)
    assert browser.saved(ask(browser, coming.okafor, "Brandt")), "and asked again"
    assert states(coming)[-1] == (coming.brandt.id, "asked")


@pytest.mark.parametrize(
    ("first", "by", "then", "by_then"),
    [
        ("withdraw", 0, "agree", 1),
        ("withdraw", 0, "decline", 1),
        ("decline", 1, "withdraw", 0),
        ("decline", 1, "agree", 1),
        ("agree", 1, "withdraw", 0),
        ("agree", 1, "decline", 1),
    ],
)
def test_what_has_ended_stays_as_it_ended(
    coming: Cast, browser: Browser, first: str, by: int, then: str, by_then: int
) -> None:
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(answer(browser, coming.families[by], request_id, first))
    before = everything(coming.app)
    text = refused(browser, answer(browser, coming.families[by_then], request_id, then), 409, root="requests")
    assert "This request is not open any more. Your seats are as they were." in words_of(text, "request-refused")
    assert everything(coming.app) == before


@pytest.mark.parametrize(("verb", "mine"), [("agree", True), ("decline", True), ("withdraw", False)])
def test_nobody_answers_for_the_other_side(coming: Cast, browser: Browser, verb: str, mine: bool) -> None:
    pair = (coming.okafor, coming.brandt) if mine else (coming.brandt, coming.okafor)
    request_id = plant_request(coming, *pair, NEAR)
    before = everything(coming.app)
    for family, number in ((coming.okafor, request_id), (coming.families[2], request_id), (coming.okafor, 999)):
        assert answer(browser, family, number, verb).status_code == 404
    assert everything(coming.app) == before


def test_a_revoked_family_has_asked_nothing(coming: Cast, browser: Browser) -> None:
    open_one = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    coming.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=coming.okafor.id)
    assert "Okafor" not in page_of(browser, coming.brandt)
    assert answer(browser, coming.brandt, open_one, "agree").status_code == 404
    assert states(coming) == [(coming.brandt.id, "asked")]


def test_while_seats_cannot_be_picked_nobody_is_moved(coming: Cast, browser: Browser) -> None:
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    with time_machine.travel(NOW, tick=False):
        alter_event(coming, seats_open_at=NOW + timedelta(hours=1))
        assert browser.saved(ask(browser, coming.brandt, "Okafor")), "asking can begin before"
        before = everything(coming.app)
        text = refused(browser, answer(browser, coming.brandt, request_id, "agree"), 409, root="requests")
        assert "Seats can be picked from 20 November, 1:00 pm." in words_of(text, "request-refused")
        alter_event(coming, seats_open_at=None, seats_close_at=NOW)
        before = everything(coming.app)
        for refusal in (answer(browser, coming.brandt, request_id, "agree"), ask(browser, coming.brandt, "Ñáñez")):
            assert refusal.status_code == 409
            assert "Seat picking has closed." in refusal.text
        assert everything(coming.app) == before


def test_the_same_form_twice_asks_once(coming: Cast, browser: Browser) -> None:
    for _ in range(2):
        assert browser.saved(ask(browser, coming.okafor, "Brandt", operation_id="once"))
    assert len(states(coming)) == 1


def test_news_is_news_for_three_days(coming: Cast, plain: Browser) -> None:
    request_id = plant_request(coming, coming.okafor, coming.brandt, NEAR)
    with time_machine.travel(NOW, tick=False):
        assert plain.saved(answer(plain, coming.brandt, request_id, "decline"))
    for days, told in ((timedelta(days=3) - timedelta(seconds=1), True), (timedelta(days=3), False)):
        with time_machine.travel(NOW + days, tick=False):
            assert ("did not work out" in page_of(plain, coming.okafor)) is told


def test_the_invitation_and_the_seat_page_show_what_is_asked(coming: Cast, plain: Browser) -> None:
    plant_request(coming, coming.okafor, coming.brandt, NEAR)
    for path in ("", "/seats"):
        words = words_of(plain.get(coming.brandt.path(path)).text, "requests")
        assert "The Okafor family would like to sit near you" in words
        assert "Yes, let’s" in words and "Rather not" in words
        assert "Take it back" in words_of(plain.get(coming.okafor.path(path)).text, "requests")
    assert coming.families[2].path("/requests") in plain.get(coming.families[2].path()).text, "the way to ask"
    assert 'id="requests"' not in plain.get(coming.families[2].path()).text


def test_a_family_of_whom_nobody_comes_is_not_bothered(coming: Cast, browser: Browser) -> None:
    plant_request(coming, coming.okafor, coming.brandt, NEAR)
    assert browser.saved(browser.post(coming.brandt.path("/rsvp"), status="declined"))
    for path in ("", "/seats"):
        assert "Okafor" not in browser.get(coming.brandt.path(path)).text
    text = refused(browser, ask(browser, coming.brandt, "Okafor"), 409, root="asking")
    assert "Nobody of you has said yes so far." in words_of(text, "request-refused")


def test_the_hosts_read_of_it(coming: Cast, htmx: Browser) -> None:
    host = host_of(coming)
    assert htmx.saved(ask(htmx, coming.okafor, "Brandt"))
    assert htmx.saved(answer(htmx, coming.brandt, 1, "agree"))
    feed = host.get(f"/host/events/{coming.event_id}/feed").text
    assert "Would like to sit near “Brandt”" in feed
    assert "Agreed to sit near the Okafor family" in feed


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE household_requests SET to_invitation_id = from_invitation_id", "ck_household_requests_two"),
        ("UPDATE household_requests SET slot = 6", "ck_household_requests_slot"),
        ("UPDATE household_requests SET state = 'agreed'", "ck_household_requests_answered_at"),
        ("UPDATE household_requests SET answered_at = created_at", "ck_household_requests_answered_at"),
        (
            "UPDATE household_requests SET to_invitation_id = NULL, state = 'agreed', answered_at = created_at",
            "ck_household_requests_answered_by",
        ),
        ("UPDATE household_requests SET kind = 'far'", "ck_household_requests_kind"),
    ],
)
def test_the_database_keeps_the_rules_itself(coming: Cast, change: str, rule: str) -> None:
    plant_request(coming, coming.okafor, coming.brandt, NEAR)
    with pytest.raises(Exception, match=rule):
        coming.run(change)
    assert states(coming) == [(coming.brandt.id, "asked")]


def test_the_database_keeps_both_families_in_one_event(coming: Cast) -> None:
    elsewhere = make_cast(coming.app, slug="another-evening")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        plant_request(coming, coming.okafor, elsewhere.okafor, NEAR)
    plant_request(coming, coming.okafor, coming.brandt, NEAR)
    for slot, other in ((2, coming.brandt), (1, coming.families[2])):
        with pytest.raises(Exception, match=r"(?i)unique"):
            plant_request(coming, coming.okafor, other, NEAR, slot=slot)
