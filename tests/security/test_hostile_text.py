"""Whatever people type stays text: on every page, in every column, in the calendar file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import icalendar
import pytest
import time_machine
from sqlalchemy import text, update

from portal.events.models import Event, EventSession
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.kit import clock
from portal.kit.schema import db
from portal.kit.text import tidy
from portal.seating.models import GuestAssignment, HouseholdRequest, Seat, Table
from tests.accounts.hosts import HostBrowser, host_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import accept, alter_event, families_ask, hold, seated, take
from tests.invitations.test_details import add_part
from tests.markup import Element, elements, shape
from tests.security.strings import HARMLESS, HOSTILE

OWN_HOSTS = {"", "www.openstreetmap.org", "calendar.google.com", "wa.me"}


class Party:
    """An event whose every word can be changed: seats of all states, one who does not come, one who must choose."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.phone = Browser(cast.app, htmx=False)
        self.host: HostBrowser = host_of(cast)
        self.okafor, self.brandt, self.pending, self.revoked = cast.families
        alter_event(cast, hold_seconds=300, show_names=True)
        add_part(cast, HARMLESS)
        for family in (self.okafor, self.brandt):
            accept(self.phone, family)
        self.phone.post(self.okafor.path(f"/members/{self.okafor.members[3]}/rsvp"), status="declined")
        seated(self.phone, self.brandt, 0, cast.seat(1, 5))
        seated(self.phone, self.okafor, 0, cast.seat(1, 6))
        hold(self.phone, self.okafor, 1, cast.seat(1, 7))
        families_ask(cast)
        cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=self.revoked.id)

    def write(self, words: str) -> None:
        """Put ``words`` into every column that people fill and pages show, as much of it as fits."""
        room = {"label": words, "x": 4, "y": 6, "width": 90, "height": 40}
        settings = {"meals": [words[:80], "Fish"], "contact": words, "landmarks": [room]}
        with self.cast.app.app_context(), db.engine.begin() as connection:
            for statement in (
                update(Event).values(title=words[:200], description=words, place=words[:300], settings=settings),
                update(EventSession).values(title=words[:200], speaker=words[:200]),
                update(Guest).values(name=words[:200], company=words[:200]),
                update(Invitation).values(name=words[:200]),
                update(InvitationGuest).values(meal=words[:80], dietary=words[:500], note=words, host_note=words),
                update(GuestAssignment).values(display_name=words[:200], dietary=words[:500]),
                update(Table).values(name=text("id || :words"), note=words[:120]),
                update(HouseholdRequest).values(wanted=words[:200]),
                update(Seat).values(label=text("position || :letters")),
            ):
                connection.execute(statement, {"words": words[:76], "letters": words[:18]})

    def pages(self) -> dict[str, str]:
        """Every page of a guest, and those of the host that show what guests type."""
        member = self.okafor.members[0]
        paths = {
            "done": "",
            "details": f"/members/{member}",
            "pass": "/pass",
            "cards": "/seats",
            "floor": "/seats?view=plan",
            "table": "/seats?table=1",
            "requests": "/requests",
        }
        shown = {name: self.phone.get(self.okafor.path(path)) for name, path in paths.items()}
        shown["invitation"] = self.phone.get(self.pending.path())
        shown["revoked"] = self.phone.get(self.revoked.path())
        shown["conflict"] = take(self.phone, self.okafor, 0, self.cast.seat(1, 5))
        shown["not accepted"] = take(self.phone, self.pending, 0, self.cast.seat(1, 5))
        shown["host"] = self.host.get(f"/host/events/{self.cast.event_id}")
        shown["guests"] = self.host.get(f"/host/events/{self.cast.event_id}/invitations")
        shown["events"] = self.host.get("/host")
        table = self.cast.names["table"]
        shown["floor plan"] = self.host.get(f"/host/events/{self.cast.event_id}/room-plan?table={table}")
        shown["landmark"] = self.host.get(f"/host/events/{self.cast.event_id}/room-plan?landmark=1")
        desk = f"/host/events/{self.cast.event_id}/invitations/{self.okafor.id}"
        one, other = [row[0] for row in self.cast.rows("SELECT id FROM guests ORDER BY id LIMIT 2")]
        people = [f"/members/{member}{rest}" for rest in ("", "/details", "/remove", "/move")]
        shown |= {f"household{path}": self.host.get(f"{desk}{path}") for path in ("", "/name", "/people", *people)}
        shown |= {path: self.host.get(path) for path in ("/host/guests", "/host/guests/doubles")}
        shown |= {path: self.host.get(path) for path in (f"/host/guests/{one}", f"/host/guests/{one}/merge/{other}")}
        for page in ("settings", "status", "status/cancel", "sessions", "organizers", "activity"):
            shown[page] = self.host.get(f"/host/events/{self.cast.event_id}/{page}")
        place = self.cast.names["place"]
        for page in (f"seating?place={place}", "seating?q=a", "seating/rest", f"seating/places/{place}"):
            shown[page] = self.host.get(f"/host/events/{self.cast.event_id}/{page}")
        shown["preview"] = self.host.get(self.host.get(f"/host/events/{self.cast.event_id}/as-guest").location)
        return {name: answer.text for name, answer in shown.items()}


@pytest.fixture
def party(cast: Cast) -> Iterator[Party]:
    """Four families at an event that holds seats and shows names; no hold runs out, and no day ends, meanwhile."""
    with time_machine.travel(clock.now(), tick=False):
        yield Party(make_cast(cast.app, invitations=4, slug="open-house", tables=2))


def test_hostile_words_are_words_on_every_page(party: Party, database: Database) -> None:
    party.write(HARMLESS)
    plain = {name: shape(elements(page)) for name, page in party.pages().items()}
    for words in HOSTILE if database.engine == "sqlite" else HOSTILE[::10]:  # pages are made alike over both
        party.write(words)
        for name, page in party.pages().items():
            parts = elements(page)
            assert shape(parts) == plain[name], f"{words!r} makes other elements on {name}"
            check_links(parts)


def check_links(parts: list[Element]) -> None:
    for element in parts:
        for name in ("href", "src", "action", "hx-get", "hx-post", "data-share"):
            address = urlsplit(element.attributes.get(name, ""))
            assert address.scheme in {"", "http", "https", "mailto"}, element
            assert (address.hostname or "") in OWN_HOSTS | {"localhost", "127.0.0.1"}, element


def test_hostile_words_stay_inside_their_line_of_the_calendar(party: Party) -> None:
    for words in HOSTILE:
        party.write(words)
        found = icalendar.Calendar.from_ical(party.phone.get(party.okafor.path("/calendar.ics")).data)
        (entry,) = found.walk("VEVENT")
        assert set(entry) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS"}
        assert lines(str(entry["summary"])) == lines(words[:200])
        assert lines(str(entry["description"])) == lines(words)


def lines(words: str) -> list[str]:
    return words.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_what_a_guest_types_comes_back_as_it_was_typed(party: Party) -> None:
    """Through the forms themselves: refused input is shown again, kept input is shown on the next page."""
    path = party.okafor.path(f"/members/{party.okafor.members[0]}")
    plain = shape(elements(party.phone.post(path, note=HARMLESS, words="w" * 301).text))
    front = shape(elements(party.phone.post("/", code=HARMLESS).text))
    for words in HOSTILE:
        again = party.phone.post(path, note=words[:900], words=words.ljust(301, "w"))
        assert again.status_code == 422
        assert shape(elements(again.text)) == plain, words
        assert shape(elements(party.phone.post("/", code=words).text)) == front
        assert party.phone.post(path, note=words[:900], words=words[:100]).status_code == 303
        kept = next(each for each in elements(party.phone.get(path).text) if each.tag == "textarea")
        assert visible(kept.text) == visible(words[:900])


def test_a_name_that_is_asked_for_comes_back_as_it_was_typed(party: Party) -> None:
    """To whoever asked, and to the host, whose feed keeps the last lines."""
    feed = f"/host/events/{party.cast.event_id}/feed"
    seen = []
    for words in (*[HARMLESS] * 6, *HOSTILE):
        party.cast.run("DELETE FROM household_requests")
        asked = party.phone.post(party.okafor.path("/requests"), name=words[:200], kind="near")
        assert asked.status_code == 303, words
        page = party.phone.get(asked.location).text
        title = next(each for each in elements(page) if each.attributes.get("id", "").startswith("request-title-"))
        seen.append((shape(elements(page)), shape(elements(party.host.get(feed).text))))
        assert visible(title.text) == visible(f"You asked to sit near “{tidy(words[:200])}”"), words
    assert all(each == seen[5] for each in seen[6:])


def visible(words: str) -> list[str]:
    """What can be seen of a text, or steers it; not its blanks, line ends and control characters."""
    return [letter for letter in words if unicodedata.category(letter) not in {"Cc", "Zs", "Zl", "Zp"}]


def test_hostile_words_in_an_address_are_words(party: Party) -> None:
    plain = shape(elements(party.phone.get(party.okafor.path("/seats?table=x&for=x&view=x")).text))
    missing = shape(elements(party.phone.get("/nothing-here").text))
    for words in HOSTILE:
        asked = {"table": words, "for": words, "view": words, "fits": "", "code": words}
        assert shape(elements(party.phone.get(party.okafor.path("/seats"), query_string=asked).text)) == plain
        for path in (f"/{words}", f"/i/{words}", f"/i/{words}/seats"):
            answer = party.phone.get(path.replace("?", "%3F").replace("#", "%23"))
            if answer.status_code == 404:
                assert shape(elements(answer.text)) == missing, words


def test_the_shared_text_holds_nothing_but_text(party: Party) -> None:
    for words in HOSTILE:
        party.write(words)
        page = party.phone.get(party.okafor.path()).text
        (share,) = [element for element in elements(page) if "data-share" in element.attributes]
        sent = unquote(share.attributes["href"].removeprefix("https://wa.me/?text="))
        assert sent.startswith(words[:200]), "the whole title, in one parameter"
        assert "&" not in share.attributes["href"]
        assert share.attributes["data-title"].split() == words[:200].split()
