"""The invitation page is rendered once for as long as it says the same, and always says how things are now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from portal import create_app
from portal.kit import clock
from portal.kit.renderings import MOST_KEPT, rendered
from tests.cast import Cast, Family
from tests.client import Browser
from tests.conftest import settings_for
from tests.deeds import accept, alter_event, seated, take
from tests.house.plan import TEMPLATES

OWN = re.compile(r'name="(csrf_token|operation_id)" value="([^"]+)"')
"""What no two browsers share, and what no two answers do."""

OF_THE_REQUEST = {"request", "session", "g", "config", "current_user", "get_flashed_messages"}


def shown(browser: Browser, family: Family) -> str:
    """The page without what is only this browser's and this answer's."""
    return OWN.sub("", browser.get(family.path()).text)


def shown_anew(browser: Browser, family: Family) -> str:
    """The page as it is when nothing was kept."""
    browser.app.extensions["renderings"].clear()
    return shown(browser, family)


def test_a_page_that_says_the_same_is_not_rendered_again(cast: Cast, plain: Browser) -> None:
    first = shown(plain, cast.okafor)
    kept = dict(cast.app.extensions["renderings"])
    assert shown(plain, cast.okafor) == shown(Browser(cast.app, htmx=False), cast.okafor) == first
    assert kept
    assert all(cast.app.extensions["renderings"][place] is rendering for place, rendering in kept.items())


def test_every_form_has_its_browser_s_token_and_an_id_of_its_own(cast: Cast, plain: Browser) -> None:
    tokens, ids, browsers = [], [], [plain, plain, Browser(cast.app, htmx=False)]
    plain.get(cast.okafor.path())
    for browser in browsers:
        page = browser.get(cast.okafor.path()).text
        found = OWN.findall(page)
        assert "<token>" not in page and "<operation>" not in page
        tokens.append({value for name, value in found if name == "csrf_token"})
        ids += [value for name, value in found if name == "operation_id"]
    assert [len(each) for each in tokens] == [1, 1, 1]
    assert tokens[0] == tokens[1] != tokens[2]
    assert len(ids) == len(set(ids)) > 3 * len(cast.okafor.members)


def test_whatever_changes_is_shown_at_once(cast: Cast, plain: Browser) -> None:
    family, path = cast.okafor, cast.okafor.path()
    other = Browser(cast.app, htmx=False)
    shown(plain, cast.brandt)
    deeds: list[Callable[[], object]] = [
        lambda: plain.post(path + "/opened"),
        lambda: accept(plain, family, 0),
        lambda: accept(plain, family),
        lambda: other.post(path + "/rsvp", status="declined"),
        lambda: plain.post(path + "/undo"),
        lambda: accept(other, family),
        lambda: seated(plain, family, 0, cast.seat(1, 3)),
        lambda: plain.post(f"{path}/members/{family.members[1]}", meal="", words="No nuts, please"),
        lambda: cast.run("UPDATE guests SET name = 'Somebody <b>Else</b>' WHERE name = :name", name=family.names[2]),
        lambda: other.post(path + "/requests", name="The Brandt family", kind="near"),
        lambda: plain.post(path + "/language", language="es"),
        lambda: cast.run("UPDATE events SET title = 'Another evening'"),
        lambda: cast.run("UPDATE events SET status = 'canceled'"),
    ]
    before = ""
    for number, deed in enumerate(deeds):
        deed()
        after = shown(plain, family)
        assert after != before, f"deed {number} is seen"
        assert after == shown_anew(plain, family), f"deed {number} is shown as it is"
        assert shown(other, family) == shown_anew(other, family)
        before = shown(plain, family)
    assert family.token not in shown(plain, cast.brandt), "another household has its own"


def test_the_deadline_closes_a_page_that_nobody_has_changed(cast: Cast, plain: Browser) -> None:
    alter_event(cast, rsvp_deadline=clock.now() + timedelta(hours=1))
    open_page = shown(plain, cast.okafor)
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert "Replies closed on" in shown(plain, cast.okafor)
    assert shown(plain, cast.okafor) == open_page


def test_each_language_has_a_page_of_its_own(cast: Cast, plain: Browser) -> None:
    for language in ("en", "es", "en"):
        page = plain.get(cast.okafor.path(), headers={"Accept-Language": language}).text
        assert f'<html lang="{language}">' in page
        assert ("¿Quiénes vienen?" in page) == (language == "es")


def test_a_refusal_is_told_once(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    shown(plain, cast.okafor)
    cast.run("UPDATE events SET rsvp_deadline = created_at")
    refused = plain.post(cast.okafor.path("/rsvp"), status="declined")
    assert refused.status_code == 409
    assert 'id="conflict"' in refused.text
    cast.run("UPDATE events SET rsvp_deadline = NULL")
    assert 'id="conflict"' not in shown(plain, cast.okafor)


def test_what_waiting_means_is_shown_to_each_as_it_is(cast: Cast, plain: Browser) -> None:
    alter_event(cast, capacity=4)
    assert 'id="waiting"' not in shown(plain, cast.brandt)
    accept(Browser(cast.app, htmx=True), cast.okafor)
    assert "The event is full for now" in shown(plain, cast.brandt)
    plain.post(cast.brandt.path("/waiting"), wants="all")
    assert "You are on the waiting list" in shown(plain, cast.brandt)
    Browser(cast.app, htmx=True).post(cast.okafor.path("/rsvp"), status="declined")
    assert "for you" in shown(plain, cast.brandt)
    assert shown(plain, cast.brandt) == shown_anew(plain, cast.brandt)


def test_a_seat_that_an_undo_could_not_bring_back_is_told_once(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    seated(plain, cast.okafor, 0, cast.seat(1, 5))
    plain.post(cast.okafor.path("/rsvp"), status="declined")
    phone = Browser(cast.app, htmx=True)
    accept(phone, cast.brandt)
    assert take(phone, cast.brandt, 0, cast.seat(1, 5)).status_code == 200
    plain.post(cast.okafor.path("/undo"))
    assert 'id="lost"' in shown(plain, cast.okafor)
    assert 'id="lost"' not in shown(plain, cast.okafor)


def test_the_oldest_renderings_are_let_go(cast: Cast, plain: Browser) -> None:
    with cast.app.test_request_context():
        for number in range(MOST_KEPT + 3):
            rendered("error.html", {"title": "A", "sentence": "B", "code_form": False}, of=number)
    kept = [place[1] for place in cast.app.extensions["renderings"]]
    assert kept == list(range(3, MOST_KEPT + 3))


def test_a_page_that_is_kept_takes_nothing_from_the_request() -> None:
    """Its words are all it depends on, besides its language."""
    environment = create_app(settings_for("sqlite:////nowhere")).jinja_env
    names, seen = ["invitations/show.html"], set()
    while names:
        name = names.pop()
        seen.add(name)
        tree = environment.parse((TEMPLATES / name).read_text())
        assert not find_undeclared_variables(tree) & OF_THE_REQUEST, name
        names += [each for each in find_referenced_templates(tree) if each and each not in seen]
    assert "invitations/_members.html" in seen
