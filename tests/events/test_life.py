"""What becomes of an event: shown, hidden, called off, completed, put away, brought back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.events.models import Event
from portal.events.rules import EventView
from portal.events.rules.life import Facts, Lack, Step, lacks, possible_steps
from portal.kit import clock
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import alter_event, everybody_comes, everything
from tests.events.evening import alter
from tests.events.test_editing import newest
from tests.security.routes import PLAN
from tests.statements import before_each_statement
from tests.streams import listening, watch

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def path(cast: Cast, rest: str = "") -> str:
    return f"/host/events/{cast.event_id}{rest}"


def status(cast: Cast) -> str:
    return str(cast.rows("SELECT status FROM events WHERE id = :id", id=cast.event_id)[0][0])


def verbs(cast: Cast) -> list[str]:
    rows = cast.rows("SELECT verb FROM activity WHERE actor LIKE 'user:%' AND verb LIKE 'event.%' ORDER BY id")
    return [row.verb for row in rows]


def sketch(**changes: object) -> EventView:
    words: dict[str, object] = {
        "id": 1, "organization_id": 1, "organization": "", "title": "", "slug": "", "description": "", "place": "Here",
        "starts_at": NOON + timedelta(days=9), "ends_at": NOON + timedelta(days=10), "time_zone": "UTC",
        "status": "draft", "rsvp_deadline": NOON + timedelta(days=5), "seats_open_at": None, "seats_close_at": None,
        "hold_seconds": 0, "show_names": False, "capacity": None, "settings": {"meals": ["Fish"], "contact": "Sam"},
    }  # fmt: skip
    return EventView(**{**words, **changes})  # type: ignore[arg-type]


PAST = {"starts_at": NOON - timedelta(days=2), "ends_at": NOON - timedelta(days=1), "rsvp_deadline": None}


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({}, ["publish", "archive"]),
        (PAST, ["archive"]),
        ({"status": "published"}, ["withdraw", "cancel", "archive"]),
        ({"status": "published", **PAST}, ["cancel", "complete", "archive"]),
        ({"status": "canceled"}, ["publish", "archive"]),
        ({"status": "canceled", **PAST}, ["publish", "archive"]),
        ({"status": "completed", **PAST}, ["publish", "archive"]),
    ],
)
def test_what_can_become_of_it(changes: dict[str, object], steps: list[str]) -> None:
    assert possible_steps(sketch(**changes), NOON) == [Step(step) for step in steps]


ENOUGH = Facts(invitations=2, people=8, tables=1, seats=8)


@pytest.mark.parametrize(
    ("changes", "facts", "lacking"),
    [
        ({}, ENOUGH, []),
        (PAST, ENOUGH, [Lack.PAST, Lack.NO_DEADLINE]),
        ({"rsvp_deadline": None}, ENOUGH, [Lack.NO_DEADLINE]),
        ({"rsvp_deadline": NOON}, ENOUGH, [Lack.DEADLINE_PAST]),
        ({}, Facts(0, 0, 1, 8), [Lack.NOBODY]),
        ({}, Facts(2, 8, 0, 0), [Lack.NO_TABLES]),
        ({}, Facts(2, 9, 1, 8), [Lack.FEW_SEATS]),
        ({"settings": {}, "place": ""}, ENOUGH, [Lack.NO_MEALS, Lack.NO_PLACE, Lack.NO_CONTACT]),
    ],
)
def test_what_it_lacks(changes: dict[str, object], facts: Facts, lacking: list[Lack]) -> None:
    assert lacks(sketch(**changes), facts, NOON) == lacking


def test_from_a_draft_to_its_guests_and_back(cast: Cast) -> None:
    alter_event(cast, status="draft")
    host, phone = host_of(cast), Browser(cast.app, htmx=False)
    assert phone.get(cast.okafor.path()).status_code == 404
    assert "Before you publish" in words_of(host.get(path(cast)).text)
    asked = words_of(host.get(path(cast, "/status/publish")).text)
    assert "Publish Lantern Night?" in asked
    assert "It is for 8 people, with 2 invitations. Nothing is sent by itself" in asked
    answer = host.post(path(cast, "/status/publish"))
    assert answer.status_code == 303
    shown = words_of(host.get(answer.location).text)
    assert "Lantern Night is published. Guests can open their links now. Undo" in shown
    assert phone.get(cast.okafor.path()).status_code == 200
    assert "Before you publish" not in host.get(path(cast)).text
    host.post(path(cast, "/status/withdraw"))
    assert phone.get(cast.okafor.path()).status_code == 404
    assert verbs(cast) == ["event.published", "event.withdrawn"]


def test_nothing_is_missing_but_what_makes_no_sense_stands_in_the_way(cast: Cast) -> None:
    host = host_of(cast)
    host.post("/host/events/new", **PLAN)
    bare = f"/host/events/{newest(cast).id}"
    said = words_of(host.get(bare).text)
    missing = [
        "Nobody is invited yet", "There is no last day for answers", "There are no tables yet",
        "There are no meals to choose from", "It does not say where", "It does not say whom to ask",
    ]  # fmt: skip
    assert [title for title in missing if title not in said] == []
    for link in ("/settings#rsvp_deadline", "/settings#meals", "/invitations"):
        assert f'href="{bare}{link}"' in host.get(bare).text
    past = clock.now() - timedelta(days=3)
    alter(cast, Event, newest(cast).id, starts_at=past, ends_at=past + timedelta(hours=1))
    assert "Publish …" not in host.get(bare).text
    before = everything(cast.app)
    refused = host.post(f"{bare}/status/publish")
    assert refused.status_code == 409
    assert "This event is already over. Give it a day that lies ahead, then publish it." in words_of(refused.text)
    assert everything(cast.app) == before


def test_guests_read_that_it_was_called_off_and_it_can_be_taken_back(cast: Cast) -> None:
    host, phone = host_of(cast), Browser(cast.app, htmx=False)
    answer = host.post(path(cast, "/status/cancel"))
    assert "This event has been called off" in words_of(phone.get(cast.okafor.path()).text)
    assert phone.post(cast.okafor.path("/rsvp"), status="accepted").status_code == 409
    page = host.get(answer.location).text
    assert "Undo" in words_of(page) and "/status/publish" in page
    host.post(path(cast, "/status/publish"))
    assert phone.post(cast.okafor.path("/rsvp"), status="accepted").status_code == 303
    assert verbs(cast) == ["event.canceled", "event.published"]


def test_an_event_is_completed_once_it_has_begun(cast: Cast) -> None:
    host = host_of(cast)
    refused = host.post(path(cast, "/status/complete"))
    assert refused.status_code == 409
    assert "This event has not begun yet." in words_of(refused.text)
    now = clock.now()
    alter_event(cast, starts_at=now - timedelta(hours=3), ends_at=now + timedelta(hours=1), rsvp_deadline=None)
    assert host.post(path(cast, "/status/complete")).status_code == 303
    assert status(cast) == "completed"
    assert Browser(cast.app, htmx=False).get(cast.okafor.path()).status_code == 200
    assert "It is completed" in words_of(host.get(path(cast, "/status")).text)


def test_what_is_opened_again_is_taken_back_to_what_it_was(cast: Cast) -> None:
    host, now = host_of(cast), clock.now()
    alter_event(cast, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1), rsvp_deadline=None)
    for before, back in (("canceled", "/status/cancel"), ("completed", "/status/complete")):
        alter_event(cast, status=before)
        page = host.get(host.post(path(cast, "/status/publish")).location).text
        assert page.count('action="') == 3, "sign out, search and undo"
        assert f'action="{path(cast, back)}"' in page and "Undo" in words_of(page)
        assert host.post(path(cast, back)).status_code == 303
        assert status(cast) == before


def test_what_is_over_does_not_become_a_draft_that_cannot_be_published(cast: Cast) -> None:
    host, now = host_of(cast), clock.now()
    alter_event(cast, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1), rsvp_deadline=None)
    before = everything(cast.app)
    refused = host.post(path(cast, "/status/withdraw"))
    assert refused.status_code == 409
    assert "This event is over. Archive it, if guests shall not see it any more." in words_of(refused.text)
    assert everything(cast.app) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_archive_says_of_an_address_only_what_is_so(cast: Cast) -> None:
    """Somebody archives the event in the moment in which it is called off."""
    host = host_of(cast)

    def archived(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.endswith("FOR NO KEY UPDATE"):
            cast.run("UPDATE events SET deleted_at = created_at")

    with before_each_statement(cast.app, archived):
        refused = host.post(path(cast, "/status/cancel"))
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "Somebody has changed how this event stands." in said
    assert "Another event was given this one’s address" not in said


def test_a_step_taken_twice_is_taken_once_and_one_that_leads_nowhere_says_so(cast: Cast) -> None:
    host = host_of(cast)
    for _ in range(2):
        assert host.post(path(cast, "/status/cancel")).status_code == 303
    assert verbs(cast) == ["event.canceled"]
    before = everything(cast.app)
    refused = host.post(path(cast, "/status/withdraw"))
    assert refused.status_code == 409
    assert "Here is how it is now. " in words_of(refused.text) and "It has been called off" in words_of(refused.text)
    assert host.get(path(cast, "/status/withdraw")).status_code == 303, "there is nothing to be sure about"
    assert host.post(path(cast, "/status/fly")).status_code == host.get(path(cast, "/status/fly")).status_code == 404
    assert everything(cast.app) == before


def test_an_archived_event_is_hidden_everywhere_and_comes_back_as_it_was(cast: Cast) -> None:
    host, phone = host_of(cast), Browser(cast.app, htmx=False)
    invitation = phone.get(cast.okafor.path()).status_code
    answer = host.post(path(cast, "/status/archive"))
    assert answer.location == f"/host/archive?done={cast.event_id}"
    assert "Archived. You can restore it here." in words_of(host.get(answer.location).text)
    assert phone.get(cast.okafor.path()).status_code == phone.get(cast.okafor.path("/seats")).status_code == 404
    assert phone.post("/", code=cast.okafor.code).status_code == 422
    assert host.get(path(cast)).status_code == host.post(path(cast, "/status/publish")).status_code == 404
    assert "Lantern Night" not in host.get("/host").text
    restored = host.post(f"/host/archive/{cast.event_id}/restore")
    assert (restored.status_code, restored.location) == (303, path(cast))
    assert phone.get(cast.okafor.path()).status_code == invitation == 200
    assert status(cast) == "published"
    assert verbs(cast) == ["event.archived", "event.restored"]


def test_whose_address_was_taken_meanwhile_is_restored_at_another(cast: Cast) -> None:
    host = host_of(cast)
    host.post(path(cast, "/status/archive"))
    host.post("/host/events/new", **{**PLAN, "title": "Lantern night"})
    before = everything(cast.app)
    refused = host.post(f"/host/archive/{cast.event_id}/restore")
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "You already have an event at this address." in said and "Restore it at another address" in said
    assert everything(cast.app) == before
    assert host.post(f"/host/archive/{cast.event_id}/restore", anew="y").status_code == 303
    assert cast.rows("SELECT slug FROM events WHERE id = :id", id=cast.event_id)[0].slug == "lantern-night-2"


def test_a_map_that_is_open_is_told_at_once(database: Database) -> None:
    with listening(database.url) as app:
        cast = make_cast(app)
        everybody_comes(cast)
        host = host_of(cast)
        opened = watch(app, f"{cast.okafor.path('/live')}?table=1&since={time.time():.3f}")
        opened.begins()
        assert host.post(path(cast, "/status/cancel")).status_code == 303
        opened.says("stale")
