"""Every route, asked by everybody who has no business there; a route that is not in the table fails."""

from __future__ import annotations

import re

from flask import Flask

from tests.client import Browser
from tests.deeds import accept, everything
from tests.guest_routes import GUEST_ROUTES, MUTATIONS, PAGES, STREAMS
from tests.security.conftest import World
from tests.security.routes import DESK, HOST_ROUTES, PUBLIC


def test_every_route_is_in_the_table(app: Flask) -> None:
    known = {*GUEST_ROUTES, *STREAMS, *PUBLIC, *DESK, *HOST_ROUTES}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == known


def test_the_table_asks_for_what_it_says(app: Flask) -> None:
    """A typing error in an address would be a 404 for everybody, and prove nothing."""
    adapter = app.url_map.bind("localhost")
    for table in (PUBLIC, DESK, HOST_ROUTES):
        for name, route in table.items():
            path = re.sub(r"\{\w+\}", "7", route.path)
            assert adapter.match(path, method=route.method)[0] == name
    for name, guest_route in {**GUEST_ROUTES, **STREAMS}.items():
        assert adapter.match(guest_route.address("/i/token", 7), method=guest_route.method)[0] == name


def test_what_is_an_event_s_is_for_the_hosts_of_that_organization(world: World) -> None:
    """Nobody else sees or changes anything, and nobody learns that there is something to see."""
    guest = Browser(world.cast.app, htmx=False)
    assert guest.get(world.cast.okafor.path()).status_code == 200
    before = everything(world.cast.app)
    for name, route in HOST_ROUTES.items():
        for actor, browser in {"anonymous": world.anonymous, "guest": guest, "other host": world.other_host}.items():
            answer = route.ask(browser, **world.cast.names)
            to_nobody = 303 if route.method == "GET" else 401
            assert answer.status_code == (404 if actor == "other host" else to_nobody), (name, actor)
            if answer.status_code == 303:
                assert answer.location.startswith("/sign-in?next=/host/")
            assert not [word for word in ("Okafor", "Lantern") if word in answer.text]
    assert everything(world.cast.app) == before


def test_a_host_may_do_it_all(world: World) -> None:
    """The other side of the table: a request that is refused to others is a good one; a superuser sees all too."""
    for name, route in HOST_ROUTES.items():
        if route.method == "GET":
            assert route.ask(world.superuser, **world.cast.names).status_code == route.answers, name
    for name, route in sorted(HOST_ROUTES.items(), key=lambda entry: entry[1].method):
        assert route.ask(world.host, **world.cast.names).status_code == route.answers, name


def test_an_event_s_address_opens_nothing_of_another_event(world: World) -> None:
    """Own event, but the invitation, table or seat of somebody else's."""
    before = everything(world.cast.app)
    for name, route in HOST_ROUTES.items():
        if route.path.count("{") > 1:
            answer = route.ask(world.other_host, **{**world.cast.names, "event": world.elsewhere.event_id})
            assert answer.status_code == 404, name
            assert "Okafor" not in answer.text
    assert everything(world.cast.app) == before


def test_an_event_that_is_not_there_looks_like_one_of_somebody_else(world: World) -> None:
    for route in HOST_ROUTES.values():
        events = (world.cast.event_id, 999_999, 0)
        texts = {route.ask(world.other_host, **{**world.cast.names, "event": event}).text for event in events}
        texts = {text.replace(_token(text), "") for text in texts}
        assert len(texts) == 1


def _token(text: str) -> str:
    return text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_each_host_s_list_holds_their_own_events(world: World) -> None:
    listed = {actor: DESK["events.index"].ask(browser) for actor, browser in world.visitors.items()}
    assert {actor: answer.status_code for actor, answer in listed.items()} == {
        "anonymous": 303, "host": 200, "other host": 200, "superuser": 200,
    }  # fmt: skip
    mine, theirs = f"/host/events/{world.cast.event_id}", f"/host/events/{world.elsewhere.event_id}"
    seen = {actor: (f'"{mine}"' in answer.text, f'"{theirs}"' in answer.text) for actor, answer in listed.items()}
    assert seen == {
        "anonymous": (False, False),
        "host": (True, False),
        "other host": (False, True),
        "superuser": (True, True),
    }


def test_who_is_signed_in_opens_no_invitation_without_its_link(world: World) -> None:
    """Hosts have no short cut to a guest's page: what counts is the link, whoever shows it."""
    before = everything(world.cast.app)
    for name, route in GUEST_ROUTES.items():
        for actor, browser in world.visitors.items():
            for link in (f"/i/{world.cast.okafor.code}", "/i/1", f"/i/{world.cast.okafor.token}x"):
                answer = route.ask(browser, world.cast, world.cast.okafor, link=link)
                assert answer.status_code == 404, (name, actor, link)
                assert "Okafor" not in answer.text
    assert everything(world.cast.app) == before


def test_a_link_opens_its_own_invitation_and_nothing_of_another(world: World) -> None:
    """Guests of another group, another event and another organization, with ids of the Okafors in their requests."""
    cast = world.cast
    before = everything(cast.app)
    for name, route in GUEST_ROUTES.items():
        for family in (cast.brandt, world.neighbour, world.elsewhere.brandt):
            if route.names_somebody:
                answer = route.ask(world.anonymous, cast, family, member=cast.okafor.members[0])
                assert answer.status_code == 404, (name, family.names)
            elif route.method == "GET":
                answer = route.ask(world.anonymous, cast, family)
                assert answer.status_code == 200, (name, family.names)
            assert "Okafor" not in answer.text
    assert everything(cast.app) == before


def test_a_seat_is_of_the_event_or_not_there(world: World) -> None:
    """Own link and own member, but the seat of another event or organization."""
    before = everything(world.cast.app)
    for family, seat in (
        (world.cast.okafor, world.elsewhere.seat(1, 5)),
        (world.elsewhere.okafor, world.cast.seat(1, 5)),
        (world.neighbour, world.cast.seat(1, 5)),
    ):
        for name in ("seating.take", "seating.hold"):
            answer = MUTATIONS[name].ask(world.anonymous, world.cast, family, seat=seat)
            assert answer.status_code in {404, 409}, name
            assert answer.status_code == 404 or family is world.neighbour, "who has not said yes is told that first"
    assert everything(world.cast.app) == before


def test_the_same_group_may_do_it_all(world: World) -> None:
    """The other side of the table: what is refused to others works for those whose link it is."""
    for name, route in GUEST_ROUTES.items():
        accept(world.anonymous, world.cast.okafor)
        answer = route.ask(world.anonymous, world.cast, world.cast.okafor)
        assert answer.status_code == (200 if name in PAGES else 303), name
