"""The quick way to an address leads where the library's does."""

from __future__ import annotations

from typing import Any

import flask
import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BuildError, Rule

from portal.kit.addresses import url_for

PARTS: dict[str, Any] = {"token": "7K2MQX4P9RTA.a_b-c", "member_id": 7, "event_id": 3, "filename": "css/guest.css"}
QUERIES: list[dict[str, Any]] = [
    {},
    {"table": "7", "view": None},
    {"table": "a & b/ñ?#", "for": 3, "fits": 1},
    {"table": ["1", "2"]},
    {"_external": True},
    {"_anchor": "seats"},
]


def part_of(rule: Rule, name: str) -> Any:
    """Something that may stand there; where the route lists what may, one of that."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else PARTS.get(name, 1)


@pytest.mark.parametrize("query", QUERIES, ids=str)
@pytest.mark.parametrize("root", ["/", "/under/a/prefix"])
def test_every_route_has_the_address_that_the_library_gives_it(app: Flask, query: dict[str, Any], root: str) -> None:
    with app.test_request_context("/", base_url=f"http://localhost{root}"):
        for rule in app.url_map.iter_rules():
            values = {name: part_of(rule, name) for name in rule.arguments} | query
            assert url_for(rule.endpoint, **values) == flask.url_for(rule.endpoint, **values)


@pytest.mark.parametrize("token", ["a b", "ñ", "a/b", "", "..", "%41", "a\nb"])
def test_a_value_that_must_be_quoted_is_quoted(app: Flask, token: str) -> None:
    with app.test_request_context():
        assert url_for("invitations.show", token=token) == flask.url_for("invitations.show", token=token)


def test_what_is_missing_or_unknown_is_an_error(app: Flask) -> None:
    with app.test_request_context():
        for endpoint, values in (("invitations.show", {}), ("nowhere", {}), ("invitations.details", {"token": "x"})):
            with pytest.raises(BuildError):
                url_for(endpoint, **values)
