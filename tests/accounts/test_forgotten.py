"""A forgotten password, and a changed one: whoever has an old cookie or link has nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.accounts.rules import RESET_LASTS
from portal.kit import clock
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast
from tests.mailbox import mailbox
from tests.statements import statements

NEW = "a new one by the water"


def link_for(cast: Cast) -> str:
    with mailbox(cast.app) as box:
        answer = HostBrowser(cast.app).post("/forgotten", email=cast.host_email)
        assert (answer.status_code, answer.location) == (303, "/forgotten/sent")
        return box.link(cast.host_email)


def test_a_new_password_ends_every_session_and_begins_one(cast: Cast) -> None:
    elsewhere, link = host_of(cast), link_for(cast)
    browser = HostBrowser(cast.app)
    assert browser.get(link).status_code == 200
    with mailbox(cast.app) as box:
        answer = browser.post(link, password=NEW)
        assert (answer.status_code, answer.location) == (303, "/host")
        assert box.last(cast.host_email)["Subject"] == "Your password was changed"
    assert browser.get("/host").status_code == 200
    assert elsewhere.get("/host").status_code == 303, "a cookie from before is worth nothing"
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 422
    assert HostBrowser(cast.app).sign_in(cast.host_email, NEW).status_code == 303
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'password.changed'") == 1


def test_a_link_is_good_for_one_change_and_one_hour(cast: Cast) -> None:
    link, second = link_for(cast), link_for(cast)
    with time_machine.travel(clock.now() + RESET_LASTS + timedelta(seconds=1)):
        assert HostBrowser(cast.app).get(link).status_code == 410
    assert HostBrowser(cast.app).post(link, password=NEW).status_code == 303
    for used in (link, second):
        answer = HostBrowser(cast.app).post(used, password="yet another password")
        assert answer.status_code == 410
        assert "Nothing was changed." in words_of(answer.text)
    assert HostBrowser(cast.app).sign_in(cast.host_email, NEW).status_code == 303


def test_known_and_unknown_hear_the_same_and_cost_the_same(cast: Cast) -> None:
    with mailbox(cast.app) as box:
        browser = HostBrowser(cast.app)
        known, unknown = (browser.post("/forgotten", email=each) for each in (cast.host_email, "nobody@example.org"))
        assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
        assert box.last(cast.host_email)["Subject"] == "Choose a new password"
        assert box.last("nobody@example.org")["Subject"] == "You have no Placecard account here"
        assert len(box.mails) == 2, "as much work for one as for the other"


@pytest.mark.parametrize("path", ["/forgotten", "/sign-up"])
def test_known_and_unknown_ask_the_same_of_the_database(cast: Cast, path: str) -> None:
    """S18: what is done alike takes the same time."""
    asked = []
    for email in (cast.host_email, "nobody@example.org"):
        browser = HostBrowser(cast.app)
        browser.csrf_token()
        with statements(cast.app) as seen:
            assert browser.post(path, email=email).status_code == 303
        asked.append(seen)
    assert asked[0] == asked[1]
    assert len(asked[0]) > 3


def test_a_password_that_is_too_short_leaves_the_old_one(cast: Cast) -> None:
    link = link_for(cast)
    answer = HostBrowser(cast.app).post(link, password="short")
    assert answer.status_code == 422
    assert "Please choose a password of 12 letters or more." in words_of(answer.text)
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 303
    assert HostBrowser(cast.app).get(link).status_code == 200, "and the link can be used again"
