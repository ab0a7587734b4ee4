"""What a household takes along: the calendar file, door passes, the link for the family."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import icalendar
import pytest
from werkzeug.http import parse_options_header

from portal.events.models import Status
from portal.kit import tokens
from portal.kit.presentation import qr
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, alter_event, everything, seated

SUMMER = datetime(2026, 7, 4, 17, 30, tzinfo=UTC)


def calendar_of(browser: Browser, cast: Cast) -> tuple[Any, Any]:
    answer = browser.get(cast.okafor.path("/calendar.ics"))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    found = icalendar.Calendar.from_ical(answer.data)
    (entry,) = found.walk("VEVENT")
    return found, entry


def qr_codes(browser: Browser, cast: Cast, path: str) -> int:
    return browser.get(cast.okafor.path(path)).text.count('class="qr"')


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Kolkata", "UTC"])
def test_the_calendar_keeps_the_wall_clock_of_the_event(cast: Cast, plain: Browser, zone: str) -> None:
    place = "Pier; 3, “Süd”\nlower deck"
    alter_event(cast, time_zone=zone, starts_at=SUMMER, ends_at=SUMMER + timedelta(hours=5), place=place)
    found, entry = calendar_of(plain, cast)
    assert entry.decoded("dtstart") == SUMMER
    assert entry.decoded("dtend") == SUMMER + timedelta(hours=5)
    assert entry.decoded("dtstart").replace(tzinfo=None) == SUMMER.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert zone == "UTC" or [str(known["tzid"]) for known in found.walk("VTIMEZONE")] == [zone]
    assert (str(entry["summary"]), str(entry["location"])) == ("Lantern Night", place)
    assert (str(entry["status"]), str(found["method"])) == ("CONFIRMED", "PUBLISH")


def test_the_calendar_takes_a_canceled_event_back(cast: Cast, plain: Browser) -> None:
    uid = str(calendar_of(plain, cast)[1]["uid"])
    alter_event(cast, status=Status.CANCELED)
    found, entry = calendar_of(plain, cast)
    assert (str(entry["status"]), str(found["method"]), str(entry["uid"])) == ("CANCELLED", "CANCEL", uid)


@pytest.mark.parametrize("slug", ["lantern-night", "灯夜", 'a"b', "naïve"])
def test_the_file_has_a_name_that_every_server_can_send(cast: Cast, plain: Browser, slug: str) -> None:
    alter_event(cast, slug=slug)
    header = plain.get(cast.okafor.path("/calendar.ics")).headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header) == ("attachment", {"filename": f"{slug}.ics"})


def test_the_file_holds_nobody(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    text = plain.get(cast.okafor.path("/calendar.ics")).text
    assert not [word for word in ("Okafor", "Ngozi", cast.okafor.token, cast.okafor.code) if word in text]


def test_everybody_who_comes_has_a_pass_of_their_own(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor, 0, 1)
    seated(plain, cast.okafor, 0, cast.seat(2, 7))
    page = plain.get(cast.okafor.path("/pass")).text
    assert page.count('class="qr"') == 3, "one for the household, one each"
    assert "Table 2, seat 7" in page
    assert "G0001" in page and "G0002" in page
    assert "Ada" not in page, "who has not said yes has none"
    own = plain.get(cast.okafor.path(f"/members/{cast.okafor.members[1]}/pass")).text
    assert own.count('class="qr"') == 1
    assert "Daniel Okafor" in own and "Ngozi Okafor" not in own


def test_one_alone_needs_no_household_pass(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor, 2)
    assert qr_codes(plain, cast, "/pass") == 1


@pytest.mark.parametrize("status", ["declined", None])
def test_whoever_does_not_come_has_no_pass(cast: Cast, plain: Browser, status: str | None) -> None:
    if status:
        plain.post(cast.okafor.path("/rsvp"), status=status)
    before = everything(cast.app)
    answer = plain.get(cast.okafor.path(f"/members/{cast.okafor.members[0]}/pass"))
    assert answer.status_code == 409
    assert "Ngozi Okafor has not said yes yet." in answer.text
    assert qr_codes(plain, cast, "/pass") == 0
    assert "Nobody of you is coming so far" in plain.get(cast.okafor.path("/pass")).text
    assert everything(cast.app) == before


def test_a_pass_opens_the_door_and_not_the_invitation(cast: Cast, plain: Browser) -> None:
    """What a photographed pass says, tried as a link and as a code."""
    accept(plain, cast.okafor)
    own, whole = f"{cast.event_id}-G0001", f"{cast.event_id}-I{cast.okafor.id}"
    with cast.app.app_context():
        signed = [tokens.sign(code, "pass") for code in (own, whole)]
        codes = [str(qr(code)) for code in signed]
    for token in (*signed, own, whole, "G0001"):
        assert plain.get(f"/i/{token}").status_code == 404
        assert plain.post("/", code=token).status_code == 422
    page = plain.get(cast.okafor.path("/pass")).text
    assert all(code in page for code in codes), "this is what the codes on the page say"
    assert codes[0] in plain.get(cast.okafor.path(f"/members/{cast.okafor.members[0]}/pass")).text
    assert cast.okafor.code not in page.replace(cast.okafor.token, "")


def test_the_link_travels_with_a_word_and_without_names(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    page = plain.get(cast.okafor.path()).text
    text = unquote(page.partition('href="https://wa.me/?text=')[2].partition('"')[0])
    assert text.endswith(f"/i/{cast.okafor.token}")
    assert text.startswith("Lantern Night: please answer for yourself and pick a seat. http")
    assert "Okafor" not in text
    assert 'href="https://calendar.google.com/calendar/render?action=TEMPLATE' in page
