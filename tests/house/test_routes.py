"""Every route declares once who may ask; none changes anything for a look."""

from __future__ import annotations

import ast
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from portal.kit.access import declared_access
from portal.kit.schema import db
from tests import world
from tests.cast import Cast, Family
from tests.client import Browser
from tests.deeds import bring_list
from tests.guest_routes import STREAMS
from tests.house.plan import AUDIENCES, Module, decorators, modules
from tests.invitations.test_details import add_part

UNDECLARED = {"static": "files that everybody may have, served before any route is asked"}
DECLARATIONS = {"public", "guest_link", "requires"}
METHODS = {"get", "post", "put", "patch", "delete", "route"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in UNDECLARED]


def address(cast: Cast, rule: Rule, family: Family) -> str:
    """Where a rule leads for this family; an argument that is not known here fails."""
    known: dict[str, Any] = {f"{name}_id": value for name, value in cast.names.items()}
    known |= {"token": family.token, "member_id": family.members[0], "request_id": 1, "invitation_id": family.id}
    known |= {"kind": "guests", "form": "csv", "sheet": "cards", "number": 2, "picture": "svg"}
    known |= {"signed": cast.feed_path.removeprefix("/feeds/").removesuffix(".csv")}
    known |= {"archived_id": cast.event_id, "step": "cancel", "hue": 225, "key": "nobody"}
    with cast.app.test_request_context():
        adapter = cast.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def everything(cast: Cast) -> dict[str, str]:
    with cast.app.app_context(), db.engine.connect() as connection:
        return world.digests(connection)


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """One family comes, one of them has a seat, another a hold; the other family has not touched its link."""
    phone = Browser(cast.app, htmx=True)
    cast.run("UPDATE events SET hold_seconds = 300")
    add_part(cast, "Dinner")
    ada, tobi = cast.okafor.members[:2]
    phone.post(cast.okafor.path("/rsvp"), status="accepted")
    phone.post(cast.okafor.path(f"/members/{ada}/seat"), seat_id=cast.seat(1, 5))
    phone.post(cast.okafor.path(f"/members/{tobi}/hold"), seat_id=cast.seat(1, 6))
    bring_list(cast)
    assert cast.count("SELECT count(*) FROM seat_claims") == 2
    return cast


def test_every_route_declares_who_may_ask(app: Flask) -> None:
    silent = [rule.endpoint for rule in rules(app) if not declared_access(app.view_functions[rule.endpoint])]
    assert silent == []
    assert len(rules(app)) > 20


@pytest.mark.parametrize("module", [m for m in modules() if m.role in AUDIENCES - {"cli"}], ids=lambda m: str(m.name))
def test_every_route_declares_it_once_right_above_the_view(module: Module) -> None:
    for function in module.functions():
        above = decorators(function)
        routes = [
            name for name in above if name.rpartition(".")[2] in {"get", "post", "put", "patch", "delete", "route"}
        ]
        declared = [name for name in above if name in DECLARATIONS]
        assert len(declared) == (1 if routes else 0), f"{module.name}.{function.name}"
        if routes:
            assert above.index(declared[0]) > max(above.index(name) for name in routes), "beneath the route"


@pytest.mark.parametrize("module", [m for m in modules() if m.role in AUDIENCES - {"cli"}], ids=lambda m: str(m.name))
def test_a_view_is_a_few_lines_and_asks_the_database_nothing_itself(module: Module) -> None:
    imported = set(module.imports())
    assert not any(name.split(".")[0] == "sqlalchemy" or name.startswith("portal.kit.schema") for name in imported)
    for function in module.functions():
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function))
        assert statements <= 12, f"{module.name}.{function.name}"


def test_a_part_that_is_fetched_changes_nothing(evening: Cast) -> None:
    """As htmx asks; ``tests/security/test_forgery.py`` looks as a plain browser does."""
    guest, host = Browser(evening.app, htmx=True), Browser(evening.app, htmx=True)
    assert host.post("/sign-in", email=evening.host_email, password=evening.host_password).status_code in {200, 303}
    before = everything(evening)
    looked = 0
    for rule in rules(evening.app):
        if "GET" not in (rule.methods or set()):
            continue
        paths = {address(evening, rule, family) for family in evening.families}
        for path, browser, method in product(sorted(paths), (guest, host), ("GET", "HEAD")):
            answer = browser.client.open(path, method=method, headers=browser.headers)
            shown = 503 if rule.endpoint in {*STREAMS, "events.stream"} else 200
            fine = {shown, 303, 401, 404, 409, 410} if "/sign-in/with/" in path else {shown, 303, 401, 409, 410}
            assert answer.status_code in fine, f"{method} {path}: {answer.status_code}"
            looked += 1
    assert everything(evening) == before
    assert looked > 40


def test_the_one_thing_a_look_may_write_is_when_a_session_was_last_used(evening: Cast) -> None:
    host = Browser(evening.app, htmx=False)
    host.post("/sign-in", email=evening.host_email, password=evening.host_password)
    with evening.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE user_sessions SET last_seen_at = created_at"))
        long_ago = world.moment(0).replace(year=2020)
        sessions = world.table("user_sessions")
        connection.execute(sessions.update().values(last_seen_at=long_ago))
    before = everything(evening)
    assert host.get("/host").status_code == 200
    after = everything(evening)
    assert {table for table in before if before[table] != after[table]} == {"user_sessions"}
    assert host.get("/host").status_code == 200
    assert everything(evening) == after, "and at most every five minutes"
