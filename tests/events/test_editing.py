"""A host makes an event and changes what it says, alone or at the same time as another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.organizations.models import Role
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, everything
from tests.markup import elements
from tests.security.routes import PLAN

NEW = "/host/events/new"


def newest(cast: Cast) -> Any:
    return cast.rows("SELECT * FROM events ORDER BY id DESC LIMIT 1")[0]


def settings(cast: Cast) -> str:
    return f"/host/events/{cast.event_id}/settings"


def filled(host: HostBrowser, path: str) -> dict[str, str]:
    """What a browser sends when somebody presses the button of the form as it is filled."""
    fields: dict[str, str] = {}
    page = host.get(path).text
    area = select = ""
    for element in elements(page[page.index('id="plan"') :]):
        name, value = element.attributes.get("name", ""), element.attributes.get("value", "")
        if element.tag == "select":
            select = name
        if element.tag == "option" and "selected" in element.attributes:
            fields[select] = value
        if element.tag == "textarea":
            area = name
            fields[area] = element.text
        kind = element.attributes.get("type", "text")
        if element.tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in element.attributes):
            fields[name] = value
    fields.pop("csrf_token", None)
    return fields


def colleague(cast: Cast, name: str = "Noor Haddad") -> HostBrowser:
    """Another member of the same organization, signed in."""
    from portal.kit import clock
    from portal.organizations.actions import add_membership

    user = add_host(cast.app, "noor@example.org")
    organization = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
    with cast.app.app_context():
        add_membership(user_id=user, organization_id=organization, role=Role.ORGANIZER, actor="system", now=clock.now())
    cast.run("UPDATE users SET name = :name WHERE id = :id", name=name, id=user)
    browser = HostBrowser(cast.app)
    assert browser.sign_in("noor@example.org").status_code == 303
    return browser


def errors_of(answer: TestResponse) -> str:
    text = answer.text
    return words_of(text[text.index('id="error-summary"') :].partition("</div>")[0].partition(">")[2])


def test_a_name_and_a_time_are_enough(cast: Cast) -> None:
    host = host_of(cast)
    assert "New event" in words_of(host.get("/host").text)
    answer = host.post(NEW, **PLAN)
    event = newest(cast)
    assert (answer.status_code, answer.location) == (303, f"/host/events/{event.id}")
    assert (event.title, event.slug, event.status, event.time_zone) == ("Garden party", "garden-party", "draft", "UTC")
    assert "Garden party is a draft: guests cannot see it yet." in words_of(host.get(answer.location).text)
    assert [tuple(row) for row in cast.rows(
        "SELECT p.role, u.email FROM participants p JOIN users u ON u.id = p.user_id WHERE p.event_id = :id",
        id=event.id,
    )] == [("organizer", cast.host_email)], "whoever makes it organizes it"  # fmt: skip
    assert [row.verb for row in cast.rows("SELECT verb FROM activity WHERE event_id = :id", id=event.id)] == [
        "event.created"
    ]


def test_all_that_is_said_is_kept(cast: Cast) -> None:
    host = host_of(cast)
    said = {
        "title": "  Fiesta de otoño ", "description": "Come early.\r\nStay late.", "place": "Canal House",
        "time_zone": "America/Mexico_City", "starts_at": "2027-10-30T18:30", "ends_at": "2027-10-31T01:00",
        "rsvp_deadline": "2027-10-15T23:59", "seats_open_at": "2027-10-01T09:00", "seats_close_at": "2027-10-29T12:00",
        "hold_seconds": "300", "show_names": "y", "capacity": "120", "contact": "Ana, 55 1234", "is_public": "y",
        "meals": "Mole\r\n\r\nVegetariano\r\nMole\r\n", "hue": "225", "motif": "bunting",
    }  # fmt: skip
    assert host.post(NEW, **said).status_code == 303
    event = newest(cast)
    again = filled(host, f"/host/events/{event.id}/settings")
    expected = {**said, "title": "Fiesta de otoño", "meals": "Mole\nVegetariano"}
    assert {name: " ".join(again[name].split()) for name in said} == {
        name: " ".join(value.split()) for name, value in expected.items()
    }
    with cast.app.app_context():
        from portal.events.models import Event
        from portal.kit.schema import db

        kept = db.session.get(Event, event.id)
        assert kept is not None
        assert kept.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "half past six in Mexico"
        assert kept.settings == {
            "contact": "Ana, 55 1234", "meals": ["Mole", "Vegetariano"], "hue": 225, "motif": "bunting",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "  "}, "Please give the event a name."),
        ({"starts_at": ""}, "Please say when the event begins."),
        ({"title": "\x07"}, "Please give the event a name."),
        ({"starts_at": "soon"}, "Please give a day and a time."),
        ({"ends_at": ""}, "Please say when the event ends."),
        ({"ends_at": "2027-06-01T18:00"}, "The event must end after it begins."),
        ({"rsvp_deadline": "2027-06-01T18:01"}, "The last day for answers must be before the event begins."),
        ({"rsvp_deadline": "tomorrow"}, "Please give a day and a time."),
        ({"starts_at": "0001-01-01T00:00"}, "Please look at the year again."),
        ({"time_zone": "Mars/Olympus"}, "We do not know that time zone."),
        ({"seats_open_at": "2027-06-01T23:00"}, "Seats must open before the event ends."),
        (
            {"seats_open_at": "2027-05-02T10:00", "seats_close_at": "2027-05-01T10:00"},
            "Seats must close after they open.",
        ),
        ({"capacity": "many"}, "Please give a whole number, or nothing at all."),
        ({"capacity": "1000001"}, "Please give a number up to 1,000,000, or nothing at all."),
        ({"capacity": "9" * 5000}, "Please give a whole number, or nothing at all."),
        ({"place": "\u0958" * 200}, "That is a little long. Please keep it to 300 letters."),
        ({"meals": "m" * 81}, "Please keep every meal to 80 letters: one a line."),
        ({"hold_seconds": "7"}, "Please choose one of the choices on the page."),
        ({"hue": "400"}, "Please choose one of the choices on the page."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_and_nothing_is_lost(
    cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    host = host_of(cast)
    before = everything(cast.app)
    typed = {**PLAN, "contact": "Somebody nice", **changes}
    for path in (NEW, settings(cast)):
        answer = host.post(path, **typed)
        assert answer.status_code == 422
        assert sentence in errors_of(answer)
        assert 'value="Somebody nice"' in answer.text
    assert everything(cast.app) == before


def test_a_second_event_of_the_same_name_is_no_trouble(cast: Cast) -> None:
    host = host_of(cast)
    for _ in range(3):
        assert host.post(NEW, **PLAN).status_code == 303
    slugs = [row.slug for row in cast.rows("SELECT slug FROM events WHERE title = 'Garden party' ORDER BY id")]
    assert slugs == ["garden-party", "garden-party-2", "garden-party-3"]


def test_a_form_that_is_sent_twice_makes_one_event(cast: Cast) -> None:
    host = host_of(cast)
    assert [host.post(NEW, **PLAN, operation_id="abc").status_code for _ in range(2)] == [303, 303]
    assert cast.count("SELECT count(*) FROM events WHERE title = 'Garden party'") == 1


def test_superusers_say_for_which_organization_and_others_have_no_choice(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org", organization="Riverside Hall")
    root_id = add_host(cast.app, "root@example.org", superuser=True)
    root = HostBrowser(cast.app)
    root.sign_in("root@example.org")
    assert "Riverside Hall" in root.get(NEW).text
    assert "Please say for which organization." in errors_of(root.post(NEW, **PLAN))
    theirs = cast.count("SELECT id FROM organizations WHERE name = 'Riverside Hall'")
    assert root.post(NEW, **PLAN, organization=str(theirs)).status_code == 303
    event = newest(cast)
    assert event.organization_id == theirs
    assert cast.count("SELECT user_id FROM participants WHERE event_id = :id", id=event.id) == root_id
    host = host_of(cast)
    assert 'name="organization"' not in host.get(NEW).text
    assert host.post(NEW, **PLAN, organization=str(theirs)).status_code == 303
    assert newest(cast).organization_id != theirs, "what the form does not ask is not read"


def test_somebody_without_an_organization_makes_none(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org")
    browser = HostBrowser(cast.app)
    browser.sign_in("noor@example.org")
    assert browser.get(NEW).status_code == browser.post(NEW, **PLAN).status_code == 404
    anonymous = HostBrowser(cast.app)
    assert anonymous.get(NEW).location == "/sign-in?next=/host/events/new"
    assert anonymous.post(NEW, **PLAN).status_code == 401


def test_guests_see_a_change_at_once_and_the_log_says_what_it_was(cast: Cast) -> None:
    host, phone = host_of(cast), Browser(cast.app, htmx=False)
    assert "The Old Tram Depot" in phone.get(cast.okafor.path()).text
    fields = filled(host, settings(cast))
    answer = host.post(settings(cast), **{**fields, "place": "Canal House"})
    assert answer.status_code == 303
    assert "Saved." in words_of(host.get(answer.location).text)
    assert "Canal House" in phone.get(cast.okafor.path()).text
    (entry,) = cast.rows("SELECT * FROM activity WHERE verb = 'event.edited'")
    assert "Canal House" in str(entry.detail) and "Old Tram Depot" in str(entry.detail)
    assert "starts_at" not in str(entry.detail), "what stayed as it was is not told"
    before = everything(cast.app)
    assert host.post(settings(cast), **filled(host, settings(cast))).status_code == 303
    assert {name for name, rows in everything(cast.app).items() if rows != before[name]} <= {"operations"}


def test_what_the_form_does_not_hold_stays(cast: Cast) -> None:
    host = host_of(cast)
    host.post(settings(cast), **{**filled(host, settings(cast)), "contact": "Somebody"})
    (event,) = cast.rows("SELECT settings FROM events WHERE id = :id", id=cast.event_id)
    assert "made_from" in str(event.settings) and "landmarks" in str(event.settings)


def test_two_hosts_change_different_things_and_both_stand(cast: Cast) -> None:
    sam, noor = host_of(cast), colleague(cast)
    typed = filled(sam, settings(cast))
    assert noor.post(settings(cast), **{**filled(noor, settings(cast)), "place": "Canal House"}).status_code == 303
    before = everything(cast.app)
    answer = sam.post(settings(cast), **{**typed, "title": "Night of lanterns"})
    assert answer.status_code == 409
    said = words_of(answer.text)
    assert "Noor Haddad changed this event while you were writing" in said
    assert "Taken over into your form: Place : Canal House" in said.replace(" :", " :")
    assert 'value="Night of lanterns"' in answer.text and 'value="Canal House"' in answer.text
    assert everything(cast.app) == before
    again = {**typed, "title": "Night of lanterns", "place": "Canal House", "version": "2", "operation_id": "x"}
    assert sam.post(settings(cast), **again).status_code == 303
    (event,) = cast.rows("SELECT title, place, version FROM events WHERE id = :id", id=cast.event_id)
    assert tuple(event) == ("Night of lanterns", "Canal House", 3)


def test_two_hosts_change_the_same_thing_and_see_both(cast: Cast) -> None:
    sam, noor = host_of(cast), colleague(cast)
    typed = filled(sam, settings(cast))
    noor.post(settings(cast), **{**filled(noor, settings(cast)), "place": "Canal House"})
    answer = sam.post(settings(cast), **{**typed, "place": "Boat House"})
    assert answer.status_code == 409
    said = words_of(answer.text)
    assert "Place Canal House Boat House" in said, "theirs and yours"
    assert "Save mine over it" in said
    assert 'value="Boat House"' in answer.text
    assert newest(cast).place == "Canal House"


def test_fewer_places_than_come_are_refused_and_the_form_keeps_all(cast: Cast) -> None:
    accept(Browser(cast.app, htmx=False), cast.okafor)
    host = host_of(cast)
    before = everything(cast.app)
    answer = host.post(settings(cast), **{**filled(host, settings(cast)), "capacity": "3", "place": "Canal House"})
    assert answer.status_code == 409
    assert "There are not enough places for everybody." in words_of(answer.text)
    assert 'value="Canal House"' in answer.text
    assert everything(cast.app) == before
    again = {**filled(host, settings(cast)), "capacity": "4"}
    assert host.post(settings(cast), **again).status_code == 303
    assert tuple(cast.rows("SELECT capacity, coming FROM events WHERE id = :id", id=cast.event_id)[0]) == (4, 4)
