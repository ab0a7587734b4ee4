"""A host answers for guests who call: with the same rules, in the host's name, and never over a guest's own words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from portal.invitations.models import Rsvp
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, everything, plan, rsvps
from tests.events.evening import all_say, say, sit, tell
from tests.invitations.desk import fill_in, household, log, person, send, told
from tests.invitations.test_details import add_part
from tests.markup import forms

PAST = datetime(2026, 11, 1, tzinfo=UTC)


def test_each_and_all_of_them(cast: Cast) -> None:
    browser, path = host_of(cast), household(cast, cast.okafor)
    assert browser.post(f"{path}/rsvp", status="accepted").status_code == 303
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    assert browser.post(person(cast, cast.okafor, 0, "/rsvp"), status="declined").status_code == 303
    assert rsvps(cast, cast.okafor)[0] == "declined"
    assert plan(cast) == {}, "the seat is free at once"
    rows = cast.rows("SELECT DISTINCT responded_by FROM invitation_guests WHERE responded_by IS NOT NULL")
    host = cast.count("SELECT id FROM users WHERE email = :email", email=cast.host_email)
    assert rows == [(f"user:{host}",)]
    answered = log(cast, "invitation.answered")
    assert {entry.actor for entry in answered} == {f"user:{host}"}
    assert len(answered) == 2
    assert cast.rows("SELECT opened_at FROM invitations WHERE id = :id", id=cast.okafor.id) == [(None,)]
    assert "answered by a host" in words_of(browser.get(path).text)
    assert 'aria-pressed="true"' in Browser(cast.app, htmx=False).get(cast.okafor.path()).text, "their page shows it"


def test_a_host_answers_after_the_deadline_and_is_told_so(cast: Cast) -> None:
    alter_event(cast, rsvp_deadline=PAST)
    browser, path = host_of(cast), household(cast, cast.okafor)
    assert "Replies closed on 1 November; you can still change them." in words_of(browser.get(path).text)
    assert browser.post(f"{path}/rsvp", status="accepted").status_code == 303
    assert rsvps(cast, cast.okafor) == ["accepted"] * 4
    assert fill_in(browser, person(cast, cast.okafor, 0, "/details"), meal="Fish").status_code == 303
    guest = Browser(cast.app, htmx=False).post(cast.okafor.path("/rsvp"), status="declined")
    assert guest.status_code == 409, "guests may not"


def test_nobody_answers_for_an_event_that_was_called_off(cast: Cast) -> None:
    alter_event(cast, status="canceled")
    browser, path = host_of(cast), household(cast, cast.okafor)
    assert "They called?" not in words_of(browser.get(path).text)
    answer = browser.post(f"{path}/rsvp", status="accepted")
    assert answer.status_code == 409
    assert "This event has been called off" in told(answer.text)


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_a_full_event_has_no_place_for_a_host_s_friends_either(app: Flask, htmx: bool) -> None:
    cast = make_cast(app, members=2)
    alter_event(cast, capacity=2)
    accept(Browser(app, htmx=True), cast.okafor)
    browser, path = host_of(cast), household(cast, cast.brandt)
    browser.htmx = htmx
    refused = browser.post(f"{path}/rsvp", status="accepted")
    assert refused.status_code == 409
    assert "There are not enough places for everybody." in told(refused.text)
    assert rsvps(cast, cast.brandt) == ["pending", "pending"]
    assert browser.saved(send(browser, refused.text, f"{path}/waiting"))
    assert cast.rows("SELECT invitation_id FROM waiting_list") == [(cast.brandt.id,)]
    assert log(cast, "waiting.joined")[0].actor.startswith("user:")


def test_what_a_guest_answered_meanwhile_stays(cast: Cast) -> None:
    browser, path = host_of(cast), household(cast, cast.okafor)
    opened = browser.get(path).text
    say(cast, cast.okafor, no=[0])
    before = everything(cast.app)
    refused = send(browser, opened, person(cast, cast.okafor, 0, "/rsvp"), status="accepted")
    assert refused.status_code == 409
    assert told(refused.text).startswith("Ngozi Okafor has answered meanwhile. Nothing was changed.")
    assert everything(cast.app) == before
    assert send(browser, opened, f"{path}/rsvp", status="accepted").status_code == 409, "nor with everybody at once"
    assert everything(cast.app) == before
    again = send(browser, refused.text, person(cast, cast.okafor, 0, "/rsvp"), status="accepted")
    assert again.status_code == 303, "having seen it, a host may"
    assert rsvps(cast, cast.okafor)[0] == "accepted"


def test_who_joined_meanwhile_is_not_answered_for_unseen(cast: Cast) -> None:
    browser, path = host_of(cast), household(cast, cast.okafor)
    opened = browser.get(path).text
    move = person(cast, cast.brandt, 0, "/move")
    say(cast, cast.brandt, no=[0])
    assert browser.post(move, to=str(cast.okafor.id)).status_code == 303
    before = everything(cast.app)
    refused = send(browser, opened, f"{path}/rsvp", status="accepted")
    assert refused.status_code == 409
    assert told(refused.text).startswith("Ngozi Brandt has joined meanwhile. Nothing was changed.")
    assert everything(cast.app) == before
    assert send(browser, refused.text, f"{path}/rsvp", status="accepted").status_code == 303
    assert rsvps(cast, cast.okafor) == ["accepted"] * 5


def test_what_another_form_showed_says_nothing_of_answers(cast: Cast) -> None:
    browser = host_of(cast)
    form = next(form for form in forms(browser.get(person(cast, cast.okafor, 0)).text) if "shown" in form.sent_by())
    answer = browser.post(person(cast, cast.okafor, 0, "/rsvp"), status="accepted", shown=form.sent_by()["shown"])
    assert answer.status_code == 303


def test_meal_needs_and_parts_are_filled_in_and_the_note_stays(cast: Cast) -> None:
    add_part(cast, "Dinner")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 0, note="See you there")
    part = cast.count("SELECT id FROM event_sessions")
    typed: dict[str, Any] = {"meal": "Fish", "needs": ["vegan", "no nuts"], "words": "severe", "sessions": str(part)}
    assert fill_in(host_of(cast), person(cast, cast.okafor, 0, "/details"), **typed).status_code == 303
    row = "SELECT meal, dietary, note FROM invitation_guests WHERE id = :id"
    assert cast.rows(row, id=cast.okafor.members[0]) == [("Fish", "vegan; no nuts; severe", "See you there")]
    assert cast.rows("SELECT member_id FROM session_answers") == [(cast.okafor.members[0],)]
    assert log(cast, "member.updated")[-1].actor.startswith("user:")


def test_what_a_guest_wrote_meanwhile_is_not_overwritten(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    browser, path = host_of(cast), person(cast, cast.okafor, 0, "/details")
    opened = browser.get(path).text
    tell(cast, cast.okafor, 0, meal="Fish", dietary="vegan", note="My own words")
    refused = send(browser, opened, path, meal="Chicken")
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "This was changed while you were typing. Nothing you typed is lost." in said
    assert "The household changed it themselves at" in said
    assert "It says now: Fish; vegan." in said
    row = "SELECT meal, dietary, note FROM invitation_guests WHERE id = :id"
    assert cast.rows(row, id=cast.okafor.members[0]) == [("Fish", "vegan", "My own words")]
    assert send(browser, refused.text, path, meal="Chicken").status_code == 303
    assert cast.rows(row, id=cast.okafor.members[0]) == [("Chicken", "vegan", "My own words")]


@pytest.mark.parametrize("shown", ["", "x"])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(cast: Cast, shown: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    answer = browser.post(person(cast, cast.okafor, 0, "/details"), meal="Fish", shown=shown)
    assert answer.status_code == 409
    assert everything(cast.app) == before


@pytest.mark.parametrize("typed", [{"meal": "Stone soup"}, {"needs": "none of these"}, {"words": "a" * 301}])
def test_what_is_not_offered_is_said_at_the_field(cast: Cast, typed: dict[str, str]) -> None:
    browser, before = host_of(cast), everything(cast.app)
    assert fill_in(browser, person(cast, cast.okafor, 0, "/details"), **typed).status_code == 422
    assert everything(cast.app) == before
