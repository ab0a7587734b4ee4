"""The list of events, and how far away an event is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.events.actions import create_event
from portal.events.models import Event, Status
from portal.events.queries import events_of, find_event
from portal.events.queries.tallies import answers_per_day
from portal.events.rules import EventView, countdown
from portal.kit import clock
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast
from tests.events.evening import alter, say
from tests.statements import statements

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def add_event(cast: Cast, title: str, starts_at: datetime, **fields: Any) -> int:
    with cast.app.app_context():
        return create_event(
            organization_id=cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id),
            title=title,
            actor="system",
            now=clock.now(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=5),
            time_zone="Europe/London",
            **fields,
        )


def event_of(cast: Cast) -> EventView:
    organization = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
    event = find_event(cast.event_id, organization_ids=[organization])
    assert event is not None
    return event


def test_the_next_event_comes_first_and_the_past_last(cast: Cast) -> None:
    now = clock.now()
    add_event(cast, "Spring", now + timedelta(days=90))
    add_event(cast, "Tomorrow", now + timedelta(days=1))
    add_event(cast, "Last year", now - timedelta(days=365))
    add_event(cast, "Last week", now - timedelta(days=7))
    page = host_of(cast).get("/host").text
    titles = ["Tomorrow", "Lantern Night", "Spring", "Last week", "Last year"]
    assert [page.index(f">{title}</a>") for title in titles] == sorted(page.index(f">{title}</a>") for title in titles)


def test_a_card_says_how_the_event_stands(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1])
    now = clock.now()
    add_event(cast, "Spring", now + timedelta(days=90), status=Status.DRAFT)
    add_event(cast, "Autumn", now + timedelta(days=91), status=Status.CANCELED, place="Riverside & Hall")
    add_event(cast, "Last week", now - timedelta(days=7), status=Status.PUBLISHED)
    said = words_of(host_of(cast).get("/host").text)
    assert "Lantern Night 2 coming, 6 still to answer The Old Tram Depot, Wharf Road" in said
    assert "Draft Spring Nobody is invited yet" in said
    assert "Called off Autumn Nobody is invited yet Riverside & Hall" in said
    assert "Over Last week" in said


def test_a_deleted_event_is_gone(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, deleted_at=clock.now())
    browser = host_of(cast)
    assert "There are no events here yet" in words_of(browser.get("/host").text)
    assert browser.get(f"/host/events/{cast.event_id}").status_code == 404


def test_an_organization_without_events_says_what_to_do(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org", organization="Riverside Hall")
    browser = HostBrowser(cast.app)
    browser.sign_in("noor@example.org")
    said = words_of(browser.get("/host").text)
    assert "There are no events here yet" in said
    assert "flask demo" in said
    assert "Riverside Hall" in said


def test_somebody_without_an_organization_sees_nothing(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org")
    browser = HostBrowser(cast.app)
    browser.sign_in("noor@example.org")
    assert "There are no events here yet" in words_of(browser.get("/host").text)
    assert browser.get(f"/host/events/{cast.event_id}").status_code == 404


def test_the_list_takes_four_statements_however_many_events(cast: Cast) -> None:
    browser = host_of(cast)
    for count in range(3):
        with statements(cast.app) as sent:
            browser.get("/host")
        assert sum(statement.startswith("SELECT") for statement in sent) == 4, "who, events, answers, organization"
        add_event(cast, f"Spring {count}", clock.now() + timedelta(days=count))


def test_an_event_of_another_organization_is_not_found(cast: Cast) -> None:
    with cast.app.app_context():
        assert find_event(cast.event_id, organization_ids=[]) is None
        assert events_of([], now=clock.now()) == []


@pytest.mark.parametrize(
    ("starts_at", "days"),
    [
        (datetime(2026, 11, 20, 23, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 19, 23, 59, tzinfo=UTC), -1),
        (datetime(2026, 12, 13, 18, 30, tzinfo=UTC), 23),
    ],
)
def test_days_are_counted_by_midnights(cast: Cast, starts_at: datetime, days: int) -> None:
    ends_at = starts_at + timedelta(days=60)
    alter(cast, Event, cast.event_id, starts_at=starts_at, ends_at=ends_at, rsvp_deadline=None)
    with cast.app.app_context():
        left = countdown(event_of(cast), NOON)
    assert (left.to_start, left.to_deadline, left.is_closed) == (days, None, False)


def test_midnight_is_the_one_of_the_event(cast: Cast) -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    alter(cast, Event, cast.event_id, starts_at=moment, rsvp_deadline=moment, time_zone="Asia/Kathmandu")
    with cast.app.app_context():
        assert countdown(event_of(cast), NOON).to_start == 1
        assert countdown(event_of(cast), NOON).to_deadline == 1
        assert countdown(event_of(cast), moment).is_closed
    alter(cast, Event, cast.event_id, time_zone="America/Bogota")
    with cast.app.app_context():
        assert countdown(event_of(cast), NOON).to_deadline == 0


def test_answers_fall_on_the_days_of_the_events_own_calendar(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, rsvp_deadline=NOON + timedelta(days=3), time_zone="Asia/Kathmandu")
    midnight = datetime(2026, 11, 19, 18, 15, tzinfo=UTC)  # in Kathmandu, 5 h 45 min ahead
    say(cast, cast.okafor, yes=[0], at=midnight - timedelta(seconds=1))
    say(cast, cast.okafor, yes=[1], no=[2], at=midnight)
    say(cast, cast.brandt, no=[0], at=NOON - timedelta(days=30))
    with cast.app.app_context():
        days = answers_per_day(event_of(cast), NOON)
    assert [(f"{day.at:%m-%d}", day.answers) for day in days if day.answers] == [
        ("10-21", 1),
        ("11-19", 1),
        ("11-20", 2),
    ]
    assert [f"{day.at:%m-%d}" for day in days if day.is_today] == ["11-20"]
    assert [f"{day.at:%m-%d}" for day in days if day.is_ahead] == ["11-21", "11-22", "11-23"]
    assert len(days) == 34


def test_days_without_answers_are_no_days(cast: Cast) -> None:
    with cast.app.app_context():
        assert answers_per_day(event_of(cast), NOON) == []


def test_a_fortnight_at_least_and_six_weeks_at_most(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, rsvp_deadline=NOON + timedelta(days=60))
    say(cast, cast.okafor, yes=[0], at=NOON)
    with cast.app.app_context():
        assert len(answers_per_day(event_of(cast), NOON)) == 14
    say(cast, cast.okafor, yes=[1], at=NOON - timedelta(days=200))
    with cast.app.app_context():
        days = answers_per_day(event_of(cast), NOON)
    assert (len(days), days[-1].is_today) == (45, True)


def test_the_clocks_going_back_do_not_lose_a_day(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, rsvp_deadline=None)
    say(cast, cast.okafor, yes=[0], at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    say(cast, cast.okafor, yes=[1], at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    say(cast, cast.okafor, yes=[2], at=datetime(2026, 10, 25, 23, 30, tzinfo=UTC))
    with cast.app.app_context():
        days = answers_per_day(event_of(cast), datetime(2026, 10, 26, 12, tzinfo=UTC))
    assert [(f"{day.at:%m-%d}", day.answers) for day in days[-2:]] == [("10-25", 3), ("10-26", 0)]
