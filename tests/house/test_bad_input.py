"""Whatever a request holds, nobody sees an error of ours: every field of every form, every number in an address."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for

from tests.cast import Cast
from tests.client import Browser
from tests.guest_routes import MUTATIONS

HOSTILE = {
    "nothing": "",
    "a blank": " ",
    "NUL": "a\x00b",
    "controls": "\x01\x1b[31m\x7f",
    "a bell and a line": "Ada\r\nBcc: everybody@example.org",
    "long": "a" * 20_000,
    "wide": "🌸" * 5_000,
    "zalgo": "Z" + "\u0301" * 500,
    "right to left": "\u202eada\u202c",
    "markup": '"><script>alert(1)</script>',
    "template": "{{ 7*7 }}{% raw %}",
    "statement": "'; DROP TABLE guests; --",
    "format": "%s%n{0}{name}",
    "formula": "=1+1",
    "negative": "-1",
    "large": "99999999999999999999",
    "larger than a key": "2147483648",
    "fraction": "1.5",
    "exponent": "1e3",
    "other digits": "٤",
    "superscript": "²",
    "truth": "true",
    "a list": "[1,2]",
    "path": "../../etc/passwd",
}
FIELDS = {
    "invitations.answer_for_all": ("status", "operation_id"),
    "invitations.answer_for_one": ("status",),
    "invitations.take_back": ("operation_id",),
    "invitations.join_waiting_list": ("wants", "member"),
    "invitations.accept_offer": ("member",),
    "invitations.pass_offer_on": ("operation_id",),
    "invitations.leave_waiting_list": ("operation_id",),
    "invitations.opened": ("operation_id",),
    "invitations.save_details": ("meal", "words", "note", "name", "needs", "sessions", "same_for_all"),
    "invitations.choose_household_language": ("language",),
    "invitations.choose_page_language": ("language",),
    "invitations.enter_code": ("code",),
    "seating.take": ("seat_id",),
    "seating.hold": ("seat_id",),
    "seating.release": ("seat_id",),
    "seating.swap": ("seat_id",),
    "seating.confirm": ("operation_id", "held"),
    "seating.keep": ("held",),
    "seating.take_back": ("operation_id",),
    "seating.sit_together": ("seat_ids", "table"),
    "requests.ask": ("name", "kind"),
    "requests.agree": ("shown",),
    "requests.decline": ("operation_id",),
    "requests.withdraw": ("operation_id",),
    "accounts.enter": ("email", "password", "next"),
    "accounts.sign_out": ("operation_id",),
}
"""What the form of each address holds."""

NUMBERS = ["0", "-1", "2147483647", "2147483648", "9223372036854775808", "9" * 40, "1.0", "abc", "%00", "٤"]


@pytest.fixture
def coming(cast: Cast) -> Cast:
    """A family that comes, so that every form is open to it."""
    assert Browser(cast.app, htmx=True).post(cast.okafor.path("/rsvp"), status="accepted").status_code == 200
    return cast


def address(cast: Cast, endpoint: str) -> str:
    """Where a form of this family goes."""
    if endpoint in MUTATIONS:
        return MUTATIONS[endpoint].address(cast.okafor.path(), cast.okafor.members[0])
    with cast.app.test_request_context():
        return url_for(endpoint)


def test_every_address_that_takes_a_form_is_tried(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())} == set(FIELDS)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_value_of_any_field_is_an_error_of_ours(coming: Cast, value: str) -> None:
    browser = Browser(coming.app, htmx=False)
    token = browser.csrf_token()
    good = {"csrf_token": token, "status": "accepted", "meal": "Fish", "seat_id": coming.seat(1, 5), "kind": "near"}
    statuses = {}
    for endpoint, fields in FIELDS.items():
        for field in fields:
            answer = browser.client.post(address(coming, endpoint), data={**good, field: value})
            statuses[endpoint, field] = answer.status_code
    assert set(statuses.values()) <= {200, 303, 400, 404, 409, 422}, statuses
    assert statuses["invitations.save_details", "note"] in {303, 422}, "and the form was really read"


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_in_an_address_is_an_error_of_ours(coming: Cast, number: str) -> None:
    browser = Browser(coming.app, htmx=True)
    assert browser.post("/sign-in", email=coming.host_email, password=coming.host_password).status_code in {200, 303}
    token = browser.csrf_token()
    link = coming.okafor.path()
    pages = ("/members/{}", "/members/{}/pass", "/seats?for={}", "/seats?table={}")
    forms = ("/members/{}/rsvp", "/members/{}/seat", "/members/{}/seat/release")
    looked = [link + path.format(number) for path in pages]
    looked += [path.format(number) for path in ("/host/events/{}", "/host/events/{}/feed", "/host?page={}")]
    sent = [link + path.format(number) for path in forms]
    data: dict[str, Any] = {"csrf_token": token, "status": "accepted", "seat_id": coming.seat(1, 5)}
    statuses = {path: browser.client.get(path).status_code for path in looked}
    statuses |= {path: browser.client.post(path, data=data).status_code for path in sent}
    assert {path: status for path, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("token", ["", "x", "🌸", "%00", "%ff%fe", "a" * 5000, "..", "%2e%2e%2f", "a.b", "."])
def test_no_token_is_an_error_of_ours(coming: Cast, token: str) -> None:
    for rest in ("", "/seats", "/calendar.ics", "/members/1/pass"):
        assert Browser(coming.app, htmx=False).client.get(f"/i/{token}{rest}").status_code in {404, 405, 308}
