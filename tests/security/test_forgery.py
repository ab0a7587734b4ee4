"""Nothing changes by a request from another site, and nothing by looking."""

from __future__ import annotations

from flask import Flask

from tests.client import Browser
from tests.deeds import everything
from tests.guest_routes import GUEST_ROUTES, PAGES
from tests.markup import elements
from tests.security.conftest import World
from tests.security.routes import DESK, HOST_ROUTES, PUBLIC

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT_TOKEN: dict[str, str] = {}
"""Routes that take no token of a form, each with the test of its own signature."""

PREVIEWS = [
    "WhatsApp/2.23.20.0 A",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Discordbot/2.0 (+https://discordapp.com)",
    "SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Viber/13.3.0.4 CFNetwork/1220.1 Darwin/20.3.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/44.0 Safari/537.36 SafeLinks BingPreview/1.0b",
]


def test_every_unsafe_route_asks_for_the_token_of_its_form(world: World) -> None:
    family, cast = world.cast.okafor, world.cast
    before = everything(cast.app)
    for rule in cast.app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            route = {**PUBLIC, **DESK, **HOST_ROUTES}.get(rule.endpoint)
            if route is not None:
                path, form = route.path.format(**cast.names), dict(route.form)
            else:
                guest_route = GUEST_ROUTES[rule.endpoint]
                path, form = guest_route.address(family.path(), family.members[0]), guest_route.body(cast.seat(1, 5))
            for browser in world.visitors.values():
                for sent in (form, {**form, "csrf_token": "forged"}, {**form, "csrf_token": ""}):
                    answer = browser.client.open(path, method=method, data=sent)
                    assert answer.status_code == 400 or rule.endpoint in WITHOUT_TOKEN, rule
    assert everything(cast.app) == before


def test_the_token_of_another_browser_is_none(world: World) -> None:
    stolen = Browser(world.cast.app, htmx=False).csrf_token()
    before = everything(world.cast.app)
    answer = world.anonymous.client.post(
        world.cast.okafor.path("/rsvp"), data={"csrf_token": stolen, "status": "declined"}
    )
    assert answer.status_code == 400
    assert everything(world.cast.app) == before


def test_looking_changes_nothing_whoever_looks(world: World) -> None:
    family, cast = world.cast.okafor, world.cast
    before = everything(cast.app)
    for browser in world.visitors.values():
        for route in (*PUBLIC.values(), *DESK.values(), *HOST_ROUTES.values()):
            if route.method == "GET":
                for method in ("GET", "HEAD", "OPTIONS"):
                    browser.client.open(route.path.format(**cast.names), method=method).close()
        for guest_route in PAGES.values():
            for method in ("GET", "HEAD", "OPTIONS"):
                path = guest_route.address(family.path(), family.members[0])
                assert browser.client.open(path, method=method).status_code == 200
    assert everything(cast.app) == before


def test_a_change_cannot_be_asked_for_by_looking(world: World) -> None:
    """A form's address, typed in or followed as a link with the form's fields in it."""
    family, cast = world.cast.okafor, world.cast
    before = everything(cast.app)
    pages = {route.path for route in PAGES.values()}
    for name, route in GUEST_ROUTES.items():
        if route.method == "POST":
            path = route.address(family.path(), family.members[0])
            answer = world.anonymous.get(path, query_string=route.body(cast.seat(1, 5)))
            assert answer.status_code == (200 if route.path in pages else 405), name
    assert everything(cast.app) == before


def test_a_preview_shows_the_event_and_nobody_s_name(world: World) -> None:
    family, cast = world.cast.okafor, world.cast
    elsewhere = [route.address(family.path(), family.members[0]) for route in PAGES.values()]
    looks = [(agent, family.path()) for agent in PREVIEWS] + [(PREVIEWS[0], path) for path in elsewhere]
    names = ["Okafor", *(name.split()[0] for name in family.names)]
    before = everything(cast.app)
    for agent, path in looks:
        for method in ("GET", "HEAD"):
            answer = Browser(cast.app, htmx=False).client.open(path, method=method, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            told = preview_of(answer.text)
            assert not [name for name in names if name in told], path
    assert everything(cast.app) == before


def preview_of(page: str) -> str:
    """What a chat shows of a link: the title and whatever the head says."""
    return " ".join(
        element.text if element.tag == "title" else element.attributes.get("content", "")
        for element in elements(page)
        if element.tag in {"title", "meta"}
    )


def test_a_preview_says_which_event_and_when(world: World) -> None:
    told = preview_of(world.anonymous.get(world.cast.okafor.path()).text)
    assert "Lantern Night" in told
    assert "The Old Tram Depot, Wharf Road" in told


def test_no_route_may_be_read_by_a_page_of_another_site(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"Origin": "https://evil.example"})
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
