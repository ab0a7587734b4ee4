"""The room is read once per change and shared by all who look, and nobody sees an old one or another's."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal import create_app
from portal.kit import clock, live
from portal.kit.live.ears import Ears
from portal.kit.schema import db
from portal.seating.queries import room as rooms
from portal.seating.queries.room import read_room, room
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.conftest import Database, settings_for
from tests.deeds import alter_event, everybody_comes, hold, seated, take
from tests.markup import words_of
from tests.patience import wait_for
from tests.statements import statements

LOOKS = ("", "?view=plan", "?table=1", "?table=2", "?fits=1", "?step_free=1")
VIEWERS = 2
"""Statements that every page of a guest needs: whose link it is, and who is on it."""


@pytest.fixture
def server(database: Database) -> Iterator[Flask]:
    """A process that hears of every change, and so keeps what it has read."""
    app = create_app({**settings_for(database.url), "LIVE": True})
    yield app
    ears: Ears = app.extensions["live"]
    ears.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def evening(server: Flask) -> Cast:
    """Four families come; one of them sits, with names shown."""
    cast = make_cast(server, invitations=4, tables=3)
    everybody_comes(cast)
    alter_event(cast, show_names=True)
    seated(Browser(server, htmx=False), cast.families[2], 0, cast.seat(1, 4))
    version_after(cast, None)
    return cast


@pytest.fixture
def elsewhere(app: Flask) -> Browser:
    """A phone that talks to another process, which hears nothing and reads everything."""
    return Browser(app, htmx=True)


def version_after(cast: Cast, before: int | None) -> int:
    """The version of the event, as soon as it is another one than ``before``."""
    with cast.app.app_context():
        return wait_for(lambda: now if (now := live.version(cast.event_id)) != before else None)


def look(browser: Browser, family: Family, query: str = "") -> str:
    answer = browser.get(family.path(f"/seats/map{query}"))
    assert answer.status_code == 200
    return answer.text


def asked(browser: Browser, path: str) -> int:
    with statements(browser.app) as seen:
        assert browser.get(path).status_code == 200
    return len([statement for statement in seen if statement != "BEGIN"])


def test_while_nothing_changes_the_room_is_not_read_again(evening: Cast) -> None:
    phone = Browser(evening.app, htmx=True)
    for query in LOOKS:
        first = asked(phone, evening.okafor.path(f"/seats/map{query}"))
        maps = [asked(phone, family.path(f"/seats/map{query}")) for family in evening.families]
        pages = [asked(phone, family.path(f"/seats{query}")) for family in evening.families]
        assert first <= VIEWERS + 2, query
        assert set(maps) == {VIEWERS}, query
        assert set(pages) == {VIEWERS + 1}, "and what households ask of each other"


def test_what_is_kept_is_what_would_be_read(evening: Cast, elsewhere: Browser) -> None:
    """The same page comes from a process that keeps the room and from one that reads it anew."""
    here = Browser(evening.app, htmx=True)
    evening.run("UPDATE seats SET step_free = true WHERE label = '9'")
    before = version_after(evening, None)
    take(Browser(evening.app, htmx=True), evening.brandt, 0, evening.seat(2, 5))
    version_after(evening, before)
    for query in LOOKS:
        for family in (*evening.families, *evening.families):
            pages = [browser.get(family.path(f"/seats{query}")).text for browser in (here, elsewhere)]
            once = r'(name="(?:csrf_token|operation_id)" value="|since=)[^"&]+'
            kept, read = (re.sub(once, r"\1", page) for page in pages)
            assert kept == read, (query, family.id)


def test_nothing_of_one_household_stands_in_the_page_of_another(evening: Cast) -> None:
    phone = Browser(evening.app, htmx=True)
    told = [family.path() for family in evening.families] + ["Ngozi Brandt", "Daniel Brandt"]
    for query in LOOKS:
        for family in evening.families:
            others = [each for each in told if each != family.path() and (family is not evening.brandt or "/" in each)]
            page = look(phone, family, query)
            assert [each for each in others if each in page] == [], query
            assert page.count(family.path("/seats")) >= 1, "its own links lead to its own pages"
            assert "<here>" not in page and "&lt;here" not in page


def test_what_another_process_changes_is_seen_at_once(evening: Cast, elsewhere: Browser) -> None:
    phone = Browser(evening.app, htmx=True)
    assert "Seat 6, free" in look(phone, evening.okafor, "?table=1")
    assert "7 seats free" in words_of(look(phone, evening.okafor), f"table-state-{table_id(evening, '1')}")
    before = version_after(evening, None)
    seated(elsewhere, evening.brandt, 0, evening.seat(1, 6))
    version_after(evening, before)
    assert "Seat 6, Ngozi Brandt" in look(phone, evening.okafor, "?table=1")
    assert "6 seats free" in words_of(look(phone, evening.okafor), f"table-state-{table_id(evening, '1')}")


def test_one_s_own_change_is_in_the_very_answer_to_it(evening: Cast) -> None:
    phone, family = Browser(evening.app, htmx=True), evening.okafor
    for number, label in ((0, 6), (1, 7), (0, 8)):
        look(phone, family, "?table=1")
        answer = phone.post(
            family.path(f"/members/{family.members[number]}/seat?table=1"), seat_id=evening.seat(1, label)
        )
        name = family.names[number]
        assert f"Seat {label}, yours: {name}" in words_of(answer.text, "table")
        assert f"Seat {label}, yours: {name}" in words_of(look(phone, family, "?table=1"), "table")
    assert "Seat 6, free" in words_of(look(phone, family, "?table=1"), "table"), "where they sat before"


def test_one_s_own_seat_is_right_though_the_room_has_not_heard_of_it(evening: Cast) -> None:
    """Whoever answers a household that another process has just seated knows it from the household itself."""
    phone = Browser(evening.app, htmx=True)
    look(phone, evening.okafor, "?table=1")
    evening.run(
        "UPDATE seat_claims SET seat_id = :seat"
        " WHERE assignment_id = (SELECT id FROM guest_assignments WHERE member_id = :member)",
        seat=evening.seat(1, 6), member=evening.families[2].members[0],
    )  # fmt: skip
    page = look(phone, evening.families[2], "?table=1")
    assert "Seat 6, yours" in page and "Seat 4, free" in page


def test_a_hold_that_runs_out_is_free_in_that_moment(evening: Cast) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    alter_event(evening, hold_seconds=300)
    phone = Browser(evening.app, htmx=True)
    with time_machine.travel(noon, tick=False) as hands:
        hold(phone, evening.brandt, 0, evening.seat(1, 6))
        for query, while_held, after in (
            ("?table=1", "Seat 6, someone is choosing it", "Seat 6, free"),
            ("", "6 seats free", "7 seats free"),
        ):
            hands.move_to(noon + timedelta(seconds=300, microseconds=-1))
            assert while_held in look(phone, evening.okafor, query)
            hands.move_to(noon + timedelta(seconds=300))
            assert while_held not in look(phone, evening.okafor, query)
            assert after in look(phone, evening.okafor, query)


@pytest.fixture
def jostling() -> Iterator[None]:
    """Threads take turns so often that they get between each other's steps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("jostling")
def test_of_a_crowd_that_asks_at_once_one_reads(evening: Cast) -> None:
    start, found = threading.Barrier(8), []

    def ask() -> None:
        with evening.app.app_context():
            start.wait()
            found.append(room(evening.event_id, clock.now()))
            db.session.remove()

    with statements(evening.app) as seen:
        crowd = [threading.Thread(target=ask) for _ in range(8)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
    assert len({id(each) for each in found}) == 1
    assert len([statement for statement in seen if "FROM tables" in statement]) == 1


def test_what_was_made_of_a_table_outlives_the_change_of_another(evening: Cast, elsewhere: Browser) -> None:
    phone = Browser(evening.app, htmx=True)
    look(phone, evening.okafor)
    with evening.app.app_context():
        before = room(evening.event_id, clock.now())
    version = version_after(evening, None)
    seated(elsewhere, evening.brandt, 0, evening.seat(2, 5))
    version_after(evening, version)
    with evening.app.app_context():
        after = room(evening.event_id, clock.now())
    kept = [old.made is new.made for old, new in zip(before.tables, after.tables, strict=True)]
    assert kept == [True, False, True]
    assert after.tables[1].plates is before.tables[1].plates, "its other seats are as they were"


def test_who_chooses_among_all_seats_reads_them_anew_and_shares_the_tables_that_are_as_they_were(
    evening: Cast, elsewhere: Browser
) -> None:
    with evening.app.app_context():
        kept = room(evening.event_id, clock.now())
        seated(elsewhere, evening.brandt, 0, evening.seat(2, 5))
        now = read_room(evening.event_id, clock.now())
    assert [old is new for old, new in zip(kept.tables, now.tables, strict=True)] == [True, False, True]
    assert [seat.id for table in now.tables for seat in table.seats if seat.assignment_id] == [
        evening.seat(1, 4),
        evening.seat(2, 5),
    ]


def test_a_process_keeps_the_rooms_asked_for_last(evening: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_ROOMS", 2)
    phone = Browser(evening.app, htmx=True)
    for slugs, kept in (("1", True), ("12", True), ("123", False), ("231", True)):
        for slug in slugs:
            look(phone, evening.okafor, f"?table={slug}")
        assert (asked(phone, evening.okafor.path("/seats/map?table=1")) == VIEWERS) == kept, slugs


def table_id(cast: Cast, name: str) -> int:
    return cast.count("SELECT id FROM tables WHERE name = :name AND event_id = :event", name=name, event=cast.event_id)
