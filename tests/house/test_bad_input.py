"""Whatever a request holds, nobody sees an error of ours: every field of every form, every number in an address."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for

from tests.accounts.hosts import host_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import bring_list
from tests.guest_routes import MUTATIONS
from tests.invitations.test_details import add_part
from tests.security.routes import DESK, HOST_ROUTES, PLAN

REFUSED_BY_ENGINES = {
    "NUL": "a\x00b",
    "controls": "\x01\x1b[31m\x7f",
    "long": "a" * 20_000,
    "wide": "🌸" * 5_000,
    "zalgo": "Z" + "\u0301" * 500,
    "negative": "-1",
    "large": "99999999999999999999",
    "larger than a key": "2147483648",
}
"""What one engine may take and the other not."""

READ_BY_FORMS = {
    "nothing": "",
    "a blank": " ",
    "words of many a tongue": (
        '=1+1 \u202eada\u202c\r\nBcc: everybody@example.org "><script>alert(1)</script> {{ 7*7 }}{% raw %}'
        " %s%n{0}{name} '; DROP TABLE guests; -- ../../etc/passwd"
    ),
    "fraction": "1.5",
    "exponent": "1e3",
    "other digits": "٤",
    "superscript": "²",
    "truth": "true",
    "a list": "[1,2]",
}
"""What a form understands or not, whatever database is behind it: one engine is enough."""

PLANNED = (
    "title", "description", "place", "starts_at", "ends_at", "time_zone", "rsvp_deadline", "seats_open_at",
    "seats_close_at", "hold_seconds", "show_names", "capacity", "contact", "meals", "hue", "motif", "is_public",
)  # fmt: skip
PART_FIELDS = ("title", "speaker", "starts_at", "ends_at", "capacity")
FIELDS = {
    "invitations.answer_for_all": ("status", "operation_id"),
    "invitations.answer_for_one": ("status",),
    "invitations.take_back": (),
    "invitations.join_waiting_list": ("wants", "member"),
    "invitations.accept_offer": ("member",),
    "invitations.pass_offer_on": (),
    "invitations.leave_waiting_list": (),
    "invitations.opened": (),
    "invitations.save_details": ("meal", "words", "note", "name", "needs", "sessions", "same_for_all"),
    "invitations.choose_household_language": ("language",),
    "invitations.choose_page_language": ("language",),
    "invitations.enter_code": ("code",),
    "seating.take": ("seat_id",),
    "seating.hold": ("seat_id",),
    "seating.release": ("seat_id",),
    "seating.swap": ("seat_id",),
    "seating.confirm": ("held",),
    "seating.keep": ("held",),
    "seating.take_back": (),
    "seating.seen": ("back",),
    "seating.sit_together": ("seat_ids", "table"),
    "requests.ask": ("name", "kind"),
    "requests.agree": ("shown",),
    "requests.decline": (),
    "requests.withdraw": (),
    "households.order": ("up", "down"),
    "households.mark_several": ("mark", "all", "page", "invitation"),
    "households.answer_for_all": ("status", "shown"),
    "households.answer_for_one": ("status", "shown"),
    "households.wait": (),
    "households.mark": ("mark",),
    "households.revoke": (),
    "households.restore": (),
    "households.renew": ("version",),
    "answers.save_details": ("meal", "needs", "words", "sessions", "shown"),
    "guests.save": ("name", "email", "phone", "company", "language", "shown"),
    "guests.merge": ("field-name", "stands-1", "shown"),
    "groups.create": ("name", "people", "language", "known-0-ada"),
    "groups.add": ("people", "language"),
    "groups.rename": ("name", "shown"),
    "groups.save_member": ("name", "email", "phone", "language", "host_note", "is_child", "is_vip", "shown"),
    "groups.remove": (),
    "groups.move": ("to",),
    "seating_host.choose": ("place", "household"),
    "seating_host.seat": ("place", "household", "seat", "table"),
    "seating_host.seats": ("moves",),
    "seating_host.free": ("place", "household"),
    "seating_host.undo": ("step", "partly"),
    "imports.upload": ("pasted", "file"),
    "imports.map_columns": ("column_0", "column_1", "header_row", "alone", "version"),
    "imports.mend": ("cell_0", "cell_1", "do", "version", "show"),
    "imports.write": ("version",),
    "imports.go_on": ("show",),
    "imports.undo": (),
    "imports.discard": (),
    "feeds.add": ("kind", "name"),
    "feeds.revoke": (),
    "seating_rest.seat": ("moves",),
    "seating_places.save": ("table", "seat", "display_name", "dietary", "shown"),
    "seating_places.save_table": ("table", "shown"),
    "accounts.enter": ("email", "password", "next"),
    "accounts.sign_out": (),
    "sign_up.send": ("email",),
    "sign_up.create": ("name", "organization", "password"),
    "forgotten.send": ("email",),
    "forgotten.change": ("password",),
    "account.use_address": (),
    "providers.go_on": ("name", "organization"),
    "account.rename": ("name",),
    "account.set_password": ("current", "password"),
    "account.ask_for_address": ("current", "email"),
    "account.end_one": (),
    "account.end_others": (),
    "account.remove": (),
    "editing.create": PLANNED,
    "editing.save": (*PLANNED, "version"),
    "room_laying.lay": ("words", "ready", "count", "size", "version"),
    "room_publishing.publish": ("people", "leave", "version"),
    "room_files.bring": ("words", "file", "version"),
    "room_files.bring_from_event": ("from", "version"),
    "room.add_landmark": ("label", "version"),
    "room.save_landmark": ("label", "x", "y", "width", "height", "version"),
    "room.remove_landmark": ("version",),
    "room.move": ("table", "landmark", "x", "y", "go", "version"),
    "room.save_table": ("name", "shape", "seats", "x", "y", "rotation", "note", "is_quiet", "captain", "version"),
    "room.save_seats": ("label-0", "category-0", "step-0", "version"),
    "room.duplicate": ("version",),
    "room.undo": ("version",),
    "room.redo": ("version",),
    "room.discard": ("version",),
    "room.remove_table": ("anyway", "version"),
    "parts.add": PART_FIELDS,
    "parts.save": (*PART_FIELDS, "version"),
    "parts.remove": (),
    "organizers.add": (),
    "organizers.remove": (),
    "life.turn": (),
    "life.restore": ("anew",),
}
"""What the form of each address holds; the operation id, which one function reads for all, only once."""

NUMBERS = ["0", "-1", "2147483647", "2147483648", "9223372036854775808", "9" * 40, "1.0", "abc", "%00", "٤"]


@pytest.fixture
def coming(cast: Cast) -> Cast:
    """A family that comes, so that every form is open to it."""
    assert Browser(cast.app, htmx=True).post(cast.okafor.path("/rsvp"), status="accepted").status_code == 200
    bring_list(cast)
    add_part(cast, "Dinner")
    return cast


def address(cast: Cast, endpoint: str) -> str:
    """Where a form of this family or of its hosts goes."""
    if endpoint in MUTATIONS:
        return MUTATIONS[endpoint].address(cast.okafor.path(), cast.okafor.members[0])
    known: dict[str, Any] = {f"{name}_id": number for name, number in cast.names.items()} | {"number": 2}
    known |= {"archived_id": cast.event_id, "step": "publish", "token": "forged", "session_id": 77, "key": "nobody"}
    arguments = next(cast.app.url_map.iter_rules(endpoint)).arguments
    with cast.app.test_request_context():
        return url_for(endpoint, **{name: known[name] for name in arguments})


def test_every_address_that_takes_a_form_is_tried(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())} == set(FIELDS)


@pytest.mark.parametrize("value", REFUSED_BY_ENGINES.values(), ids=REFUSED_BY_ENGINES.keys())
def test_no_value_of_any_field_is_an_error_of_ours(coming: Cast, value: str) -> None:
    check_every_field(coming, value)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("value", READ_BY_FORMS.values(), ids=READ_BY_FORMS.keys())
def test_nothing_that_a_form_reads_is_an_error_of_ours(coming: Cast, value: str) -> None:
    check_every_field(coming, value)


def check_every_field(coming: Cast, value: str) -> None:
    """Every field of every form is sent with this value, all others as they should be."""
    guest, host = Browser(coming.app, htmx=False), host_of(coming)
    good = {"status": "accepted", "meal": "Fish", "seat_id": coming.seat(1, 5), "kind": "near", **PLAN, "version": "1"}
    statuses, names, addresses = {}, coming.names, {endpoint: address(coming, endpoint) for endpoint in FIELDS}
    for endpoint, fields in FIELDS.items():
        browser = host if endpoint in HOST_ROUTES or endpoint in DESK else guest
        good["csrf_token"] = browser.csrf_token()
        for field in fields:
            own = HOST_ROUTES[endpoint].filled(**names) if endpoint in HOST_ROUTES else {}
            answer = browser.client.post(addresses[endpoint], data={**good, **own, field: value})
            statuses[endpoint, field] = answer.status_code
    assert set(statuses.values()) <= {200, 303, 400, 404, 409, 410, 422}, statuses
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
