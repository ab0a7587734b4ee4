"""A host looks over a guest's shoulder: every page as a guest has it, and nothing can be changed there."""

from __future__ import annotations

import pytest

from portal.invitations.rules import MOST_STREAMS
from portal.kit import tokens
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import accept, alter_event, everything, seated
from tests.events.test_editing import newest
from tests.guest_routes import MUTATIONS
from tests.security.routes import PLAN
from tests.streams import Watch, listening, watch


def preview(cast: Cast, host: HostBrowser, event_id: int | None = None) -> str:
    answer = host.get(f"/host/events/{event_id or cast.event_id}/as-guest")
    assert answer.status_code == 303
    return str(answer.location)


def test_a_draft_is_seen_as_its_guests_will_see_it(cast: Cast) -> None:
    alter_event(cast, status="draft")
    host = host_of(cast)
    path = preview(cast, host)
    before = everything(cast.app)
    said = words_of(host.get(path).text)
    assert "This is a preview. It shows what the Okafor family see. Nothing you press here is saved." in said
    assert "For the Okafor family" in said and "All four of us are coming" in said
    assert "/opened" not in host.get(path).text, "and it is not recorded as opened"
    assert everything(cast.app) == before
    assert Browser(cast.app, htmx=False).get(cast.okafor.path()).status_code == 404


def test_a_household_is_made_up_where_nobody_is_invited(cast: Cast) -> None:
    host = host_of(cast)
    host.post("/host/events/new", **{**PLAN, "meals": "Soup\nFish"})
    path = preview(cast, host, newest(cast).id)
    before = everything(cast.app)
    page = host.get(path)
    said = words_of(page.text)
    assert page.status_code == 200
    assert "The household is made up, as nobody is invited yet." in said
    assert "For the Sample family" in said and "Alex Sample" in said
    for rest in ("/seats", "/requests", "/pass", "/members/1", "/calendar.ics"):
        assert host.get(path + rest).status_code == 200, rest
    answer = host.post(path + "/rsvp", status="accepted")
    assert answer.status_code == 409
    assert "This is a preview: what you press here is not saved." in words_of(answer.text)
    assert everything(cast.app) == before


def test_nobody_is_sent_a_link_that_only_hosts_can_open(cast: Cast) -> None:
    for family in cast.families:
        accept(Browser(cast.app, htmx=False), family)
    host = host_of(cast)
    page = host.get(preview(cast, host)).text
    assert "Add to calendar" in words_of(page)
    assert "wa.me" not in page and "data-share" not in page


def test_hosts_who_look_leave_the_household_its_streams(database: Database) -> None:
    with listening(database.url) as app:
        cast = make_cast(app)
        host = host_of(cast)
        path = preview(cast, host)
        for _ in range(MOST_STREAMS):
            assert Watch(host.client.get(path + "/live")).answer.status_code == 200
        assert host.client.get(path + "/live").status_code == 429
        for family in cast.families:
            assert watch(app, family.path("/live")).answer.status_code == 200


def test_who_has_not_answered_is_looked_at_first(cast: Cast) -> None:
    accept(Browser(cast.app, htmx=False), cast.okafor)
    host = host_of(cast)
    assert "For the Brandt family" in words_of(host.get(preview(cast, host)).text)
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.brandt.id)
    assert "Lovely. All four of you are coming." in words_of(host.get(preview(cast, host)).text)


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_whatever_is_pressed_nothing_is_changed(cast: Cast, htmx: bool) -> None:
    phone, host = Browser(cast.app, htmx=False), host_of(cast)
    for family in (cast.okafor, cast.brandt):
        accept(phone, family)
    seated(phone, cast.okafor, 0, cast.seat(1, 5))
    path = preview(cast, host)
    host.htmx = htmx
    before = everything(cast.app)
    for name, route in MUTATIONS.items():
        answer = route.ask(host, cast, cast.okafor, link=path)
        assert answer.status_code == 409, name
        assert "This is a preview: what you press here is not saved." in words_of(answer.text), name
    assert everything(cast.app) == before
    for rest in ("", "/seats", "/seats?table=1", f"/members/{cast.okafor.members[0]}", "/pass", "/requests"):
        page = host.client.get(path + rest)
        assert page.status_code == 200 and "This is a preview." in words_of(page.text), rest


def test_only_a_host_of_the_event_can_look(cast: Cast) -> None:
    path = preview(cast, host_of(cast))
    add_host(cast.app, "noor@example.org", organization="Riverside Hall")
    other = HostBrowser(cast.app)
    other.sign_in("noor@example.org")
    for browser in (other, Browser(cast.app, htmx=False)):
        for rest in ("", "/seats", "/live"):
            assert browser.get(path + rest).status_code == 404
        assert browser.post(path + "/rsvp", status="accepted").status_code == 404
    host = host_of(cast)
    with cast.app.app_context():
        elsewhere = tokens.sign("999-0", "preview")
    for link in ("/i/" + elsewhere, path + "x", f"/i/{cast.event_id}-0"):
        assert host.get(link).status_code == 404
    cast.run("UPDATE events SET deleted_at = created_at")
    assert host.get(path).status_code == 404
