"""Hosts and their links: sent, withdrawn and given back, replaced, shown as a picture and as words."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask

from portal.invitations.actions.answers import answer
from portal.invitations.actions.links import restore_link, revoke_link
from portal.invitations.models import Rsvp
from portal.kit import clock
from portal.kit.conflicts import Conflict
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import accept, alter_event, everybody_comes, everything, plan, rsvps, seated
from tests.events.evening import address, all_say, hold, say, sit, viewer
from tests.invitations.desk import household, log, send
from tests.meanwhile import meanwhile
from tests.streams import listening, watch


def sent(cast: Cast) -> list[bool]:
    return [row[0] is not None for row in cast.rows("SELECT sent_at FROM invitations ORDER BY id")]


def test_one_link_is_marked_as_sent_and_not_after_all(cast: Cast) -> None:
    browser, path = host_of(cast), household(cast, cast.okafor)
    assert "Not sent yet" in words_of(browser.get(path).text)
    assert browser.post(f"{path}/sent", mark="sent").status_code == 303
    assert sent(cast) == [True, False]
    assert "Sent on" in words_of(browser.get(path).text)
    assert browser.post(f"{path}/sent", mark="sent").status_code == 303, "again is no change"
    assert len(log(cast, "invitation.sent")) == 1
    assert browser.post(f"{path}/sent", mark="unsent").status_code == 303
    assert sent(cast) == [False, False]
    assert len(log(cast, "invitation.unsent")) == 1


def test_several_are_marked_and_it_can_be_taken_back(app: Flask) -> None:
    cast = make_cast(app, invitations=3)
    browser, listed = host_of(cast), address(cast, "/invitations")
    marked = browser.post(f"{listed}/sent", mark="sent", invitation=[cast.okafor.id, cast.families[2].id])
    assert marked.status_code == 303
    assert sent(cast) == [True, False, True]
    page = browser.get(listed).text
    assert "2 links are marked as sent." in words_of(page)
    undone = re.search(r'<form class="note undo".*?</form>', page, re.DOTALL)
    assert undone
    ids = re.findall(r'name="invitation" value="(\d+)"', undone[0])
    assert browser.post(f"{listed}/sent", mark="unsent", invitation=ids).status_code == 303
    assert sent(cast) == [False, False, False]
    assert "marked as sent" not in words_of(browser.get(listed).text)


def test_all_of_a_page_are_marked_and_only_what_is_new_is_taken_back(app: Flask) -> None:
    cast = make_cast(app, invitations=3)
    browser, listed = host_of(cast), address(cast, "/invitations")
    browser.post(f"{household(cast, cast.okafor)}/sent", mark="sent")
    answer = send(browser, browser.get(listed).text, f"{listed}/sent", all="sent")
    assert answer.status_code == 303
    assert sent(cast) == [True, True, True]
    assert "2 links are marked as sent." in words_of(browser.get(listed).text)
    assert shown(browser.get(listed, query_string={"show": "unsent"}).text) == []


def shown(html: str) -> list[str]:
    return re.findall(r'id="invitation-(\d+)"', html)


def test_links_of_another_event_are_not_marked(cast: Cast) -> None:
    elsewhere = make_cast(cast.app, slug="elsewhere")
    answer = host_of(cast).post(f"{address(cast, '/invitations')}/sent", mark="sent", invitation=elsewhere.okafor.id)
    assert answer.status_code == 303
    assert not any(sent(cast))


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_a_link_is_withdrawn_and_everything_is_free_at_once(cast: Cast, htmx: bool) -> None:
    alter_event(cast, hold_seconds=300)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    hold(cast, cast.okafor, 1, cast.seat(1, 6))
    browser = host_of(cast)
    browser.htmx = htmx
    answer = browser.post(f"{household(cast, cast.okafor)}/link/revoke")
    assert browser.saved(answer)
    assert plan(cast) == {}
    assert cast.count("SELECT count(*) FROM seat_claims") == 0
    assert cast.count("SELECT count(*) FROM guest_assignments") == 0
    gone = Browser(cast.app, htmx=False).get(cast.okafor.path())
    assert gone.status_code == 410
    assert "Please ask" in words_of(gone.text)
    assert len(log(cast, "link.revoked")) == 1
    page = words_of(browser.get(household(cast, cast.okafor)).text)
    assert "Their link is withdrawn" in page
    assert browser.saved(browser.post(f"{household(cast, cast.okafor)}/link/revoke")), "again is no change"
    assert len(log(cast, "link.revoked")) == 1
    phone = Browser(cast.app, htmx=True)
    accept(phone, cast.brandt)
    seated(phone, cast.brandt, 0, cast.seat(1, 5))


def test_a_link_is_given_back_with_what_is_still_free(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1], no=[2])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    sit(cast, cast.okafor, 1, cast.seat(1, 6))
    browser, path = host_of(cast), household(cast, cast.okafor)
    browser.post(f"{path}/link/revoke")
    phone = Browser(cast.app, htmx=True)
    accept(phone, cast.brandt)
    seated(phone, cast.brandt, 0, cast.seat(1, 6))
    assert browser.post(f"{path}/link/restore").status_code == 303
    assert rsvps(cast, cast.okafor) == ["accepted", "accepted", "declined", "pending"]
    assert plan(cast) == {"Ngozi Okafor": "1-5", "Ngozi Brandt": "1-6"}
    assert "Daniel Okafor could not get back what they had" in words_of(browser.get(path).text)
    assert phone.get(cast.okafor.path()).status_code == 200
    codes = cast.rows("SELECT reference_code FROM guest_assignments ORDER BY reference_code")
    assert [row[0] for row in codes][:2] == ["G0001", "G0002"], "and keep their codes"


def test_a_seat_that_is_changed_at_the_very_moment_is_the_one_that_is_given_back(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    with cast.app.app_context():
        here = viewer(cast.okafor)
    theirs = "(SELECT id FROM guest_assignments WHERE member_id = :member)"
    meanwhile(
        cast,
        lambda: revoke_link(here, now=clock.now()),
        f"UPDATE guest_assignments SET dietary = '' WHERE id IN {theirs}",
        f"UPDATE seat_claims SET seat_id = :seat WHERE assignment_id IN {theirs}",
        member=cast.okafor.members[0], seat=cast.seat(1, 7),
    )  # fmt: skip
    with cast.app.app_context():
        assert restore_link(here, now=clock.now()) == []
    assert plan(cast) == {"Ngozi Okafor": "1-7"}


def test_a_link_that_is_given_back_takes_no_place_that_is_not_there(app: Flask) -> None:
    cast = make_cast(app, members=2)
    alter_event(cast, capacity=2)
    phone, browser, path = Browser(app, htmx=True), host_of(cast), household(cast, cast.okafor)
    accept(phone, cast.okafor)
    browser.post(f"{path}/link/revoke")
    accept(phone, cast.brandt)
    assert browser.post(f"{path}/link/restore").status_code == 303
    assert rsvps(cast, cast.okafor) == ["pending", "pending"]
    assert cast.count("SELECT coming FROM events WHERE id = :id", id=cast.event_id) == 2
    assert "could not get back what they had" in words_of(browser.get(path).text)


def test_who_waits_is_asked_when_a_link_is_withdrawn(app: Flask) -> None:
    cast = make_cast(app, invitations=3, members=2)
    alter_event(cast, capacity=2)
    phone = Browser(app, htmx=True)
    accept(phone, cast.okafor)
    for family in cast.families[1:]:
        assert phone.saved(phone.post(family.path("/waiting"), wants="all"))
    browser = host_of(cast)
    browser.post(f"{household(cast, cast.brandt)}/link/revoke")
    browser.post(f"{household(cast, cast.okafor)}/link/revoke")
    offered = cast.rows("SELECT invitation_id FROM waiting_list WHERE offered IS NOT NULL")
    assert offered == [(cast.families[2].id,)], "whoever waits behind a withdrawn link is passed over"


def test_a_new_link_keeps_answers_and_seats(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    browser, path = host_of(cast), household(cast, cast.okafor)
    browser.post(f"{path}/sent", mark="sent")
    opened = browser.get(path).text
    assert send(browser, opened, f"{path}/link/renew").status_code == 303
    assert Browser(cast.app, htmx=False).get(cast.okafor.path()).status_code == 404
    fresh = re.search(r'value="http://127.0.0.1:8000(/i/[^"]+)"', browser.get(path).text)
    assert fresh
    assert Browser(cast.app, htmx=False).get(fresh[1]).status_code == 200
    assert plan(cast) == {"Ngozi Okafor": "1-5"}
    assert sent(cast) == [False, False], "nobody has the new one yet"
    refused = send(browser, opened, f"{path}/link/renew", operation_id="another")
    assert refused.status_code == 409, "another host has just made one"
    assert cast.rows("SELECT code_version FROM invitations WHERE id = :id", id=cast.okafor.id) == [(2,)]
    assert len(log(cast, "link.renewed")) == 1


@pytest.mark.parametrize(("kind", "beginning"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_link_is_a_picture(cast: Cast, kind: str, beginning: bytes) -> None:
    browser, path = host_of(cast), household(cast, cast.okafor)
    picture = browser.get(f"{path}/qr.{kind}")
    assert picture.status_code == 200
    assert picture.data.startswith(beginning)
    assert f"invitation-{cast.okafor.code}.{kind}" in picture.headers["Content-Disposition"]
    assert '<svg class="qr"' in browser.get(path).text or 'class="qr"' in browser.get(path).text
    assert browser.get(f"{path}/qr.gif").status_code == 404


def test_the_words_that_go_with_a_link_are_in_the_household_s_language(cast: Cast) -> None:
    cast.run(
        "UPDATE guests SET phone = '+442079460000', email = 'ngozi@example.org', language = 'es' WHERE id ="
        " (SELECT guest_id FROM invitation_guests WHERE id = :id)",
        id=cast.okafor.members[0],
    )
    page = host_of(cast).get(household(cast, cast.okafor)).text.replace("&amp;", "&").replace("&#39;", "'")
    whatsapp = re.search(r'href="(https://wa\.me/[^"]+)"', page)
    letter = re.search(r'href="(mailto:[^"]+)"', page)
    assert whatsapp
    assert letter
    assert whatsapp[1].startswith("https://wa.me/442079460000?text=")
    assert letter[1].startswith("mailto:ngozi%40example.org?subject=Lantern%20Night&body=")
    for written in (whatsapp[1], letter[1]):
        said = unquote(written)
        assert f"http://127.0.0.1:8000/i/{cast.okafor.token}" in said
        assert "Lantern Night" in said
        assert " de " in said, "the day is written in Spanish"


def test_a_page_of_seats_that_is_open_is_told(database: Database) -> None:
    with listening(database.url) as app:
        with time_machine.travel(clock.now() - timedelta(hours=1)):
            cast = make_cast(app)
            everybody_comes(cast)
        opened = watch(app, f"{cast.okafor.path('/live')}?table=1&since={time.time():.3f}")
        other = watch(app, f"{cast.brandt.path('/live')}?table=1&since={time.time():.3f}")
        opened.begins()
        other.begins()
        with app.app_context():
            revoke_link(viewer(cast.okafor), now=clock.now())
        opened.says("stale")
        phone = Browser(app, htmx=True)
        looked = phone.client.get(cast.okafor.path("/seats/map?table=1"), headers=phone.headers)
        assert looked.status_code == 410
        assert "This link is not in use any more" in looked.text
        assert "stale" not in [message.name for message in other.heard]


def test_what_a_household_does_at_the_very_moment_is_refused(cast: Cast) -> None:
    """The link was good when the request came in, and is withdrawn before its change is made."""
    with cast.app.app_context():
        here = viewer(cast.okafor)
        revoke_link(here, now=clock.now())
    before = everything(cast.app)
    with cast.app.app_context(), pytest.raises(Conflict, match="link_revoked"):
        answer(here, dict.fromkeys(cast.okafor.members, Rsvp.ACCEPTED), now=clock.now())
    assert everything(cast.app) == before
