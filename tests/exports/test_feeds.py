"""Addresses that a spreadsheet follows: whoever has one reads one list, until its hosts withdraw it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask

from portal.exports.queries.feeds import path_of
from portal.invitations.models import Rsvp
from portal.invitations.queries import token_of
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import everything
from tests.events.evening import address, all_say
from tests.exports.test_files import COLUMNS
from tests.statements import statements


def read(cast: Cast, path: str, **headers: str) -> tuple[int, list[list[str]]]:
    """What a spreadsheet gets, which is signed in nowhere."""
    answer = Browser(cast.app, htmx=False).client.get(path, headers=headers)
    return answer.status_code, list(csv.reader(io.StringIO(answer.text, newline="")))


def made(cast: Cast, host: HostBrowser, kind: str = "guests", name: str = "The caterer’s sheet") -> str:
    """A host makes an address; where it leads."""
    before = set(addresses(host.get(address(cast, "/print")).text))
    reply = host.post(address(cast, "/feeds"), kind=kind, name=name)
    assert (reply.status_code, reply.location) == (303, f"{address(cast)}/print#feeds")
    page = host.get(address(cast, "/print")).text
    (path,) = set(addresses(page)) - before
    assert name in words_of(page)
    return path


def addresses(page: str) -> list[str]:
    return re.findall(r'=IMPORTDATA\("https?://[^/]+(/feeds/[^"]+\.csv)"\)', page)


def entries(cast: Cast) -> list[tuple[str, str]]:
    rows = cast.rows("SELECT verb, actor FROM activity WHERE verb LIKE 'feed.%' ORDER BY id")
    return [(row.verb, row.actor) for row in rows]


@pytest.mark.parametrize("kind", COLUMNS)
def test_an_address_gives_the_columns_of_its_kind(cast: Cast, kind: str) -> None:
    path = made(cast, host_of(cast), kind)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    status, rows = read(cast, path)
    assert (status, rows[0]) == (200, COLUMNS[kind])
    assert "Ngozi Okafor" in str(rows)
    assert not [family for family in cast.families if family.code in str(rows) or family.token in str(rows)]


def test_an_address_is_made_and_withdrawn_once_and_the_log_says_by_whom(cast: Cast) -> None:
    host = host_of(cast)
    path = made(cast, host)
    user = cast.count("SELECT id FROM users WHERE email = :email", email=cast.host_email)
    assert entries(cast) == [("feed.added", f"user:{user}")]
    feed = cast.count("SELECT max(id) FROM export_feeds")
    for _ in range(2):
        assert host.post(address(cast, f"/feeds/{feed}/revoke")).status_code == 303
    assert entries(cast) == [("feed.added", f"user:{user}"), ("feed.revoked", f"user:{user}")]
    answer = Browser(cast.app, htmx=False).get(path)
    assert answer.status_code == 410
    assert "Its hosts have withdrawn it. Ask them for another one." in words_of(answer.text)
    assert "Okafor" not in answer.text
    assert path not in addresses(host.get(address(cast, "/print")).text)


def test_the_form_answers_htmx_with_the_addresses_alone(cast: Cast) -> None:
    host = host_of(cast)
    fields = {"csrf_token": host.csrf_token(), "kind": "seating", "name": "Floor"}
    answer = host.client.post(address(cast, "/feeds"), data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<section class="panel feeds" id="feeds"')
    assert "Floor" in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " ", "kind": "guests"}, "Please say what it is for, so that you know it again."),
        ({"name": "x" * 81, "kind": "answers"}, "That is a little long. Please keep it to 80 letters."),
    ],
)
def test_what_was_not_understood_is_said_and_kept(cast: Cast, fields: dict[str, str], words: str) -> None:
    before = everything(cast.app)["export_feeds"]
    answer = host_of(cast).post(address(cast, "/feeds"), **fields)
    assert answer.status_code == 422
    assert answer.text.count(words) == 2, "in the summary, and at the field"
    assert f'value="{fields["kind"]}" selected' in answer.text
    assert everything(cast.app)["export_feeds"] == before


def test_an_event_has_twenty_addresses_and_no_more(cast: Cast) -> None:
    host = host_of(cast)
    for number in range(19):
        assert host.post(address(cast, "/feeds"), kind="guests", name=f"Sheet {number}").status_code == 303
    answer = host.post(address(cast, "/feeds"), kind="guests", name="One more")
    assert answer.status_code == 409
    assert "An event can have 20 such addresses." in words_of(answer.text)
    assert 'value="One more"' in answer.text
    assert cast.count("SELECT count(*) FROM export_feeds WHERE event_id = :id", id=cast.event_id) == 20


def test_a_form_sent_twice_makes_one_address(cast: Cast) -> None:
    host = host_of(cast)
    for _ in range(2):
        fields = {"kind": "guests", "name": "Once", "operation_id": "one-and-the-same"}
        assert host.post(address(cast, "/feeds"), **fields).status_code == 303
    assert cast.count("SELECT count(*) FROM export_feeds WHERE name = 'Once'") == 1


def test_a_form_says_what_a_list_is_and_what_for_and_nothing_else(cast: Cast) -> None:
    host = host_of(cast)
    more = {"code": "000000000000", "event_id": "999", "organization_id": "999", "created_by": "999", "id": "999"}
    sent = {"kind": "guests", "name": "More", "revoked_at": "2026-01-01", **more}
    assert host.post(address(cast, "/feeds"), **sent).status_code == 303
    (row,) = cast.rows("SELECT * FROM export_feeds WHERE name = 'More'")
    assert (row.event_id, row.revoked_at) == (cast.event_id, None)
    assert not {"000000000000", 999} & {row.code, row.id, row.organization_id, row.created_by}


def test_a_forged_address_is_refused_without_asking_the_database(cast: Cast) -> None:
    good = cast.feed_path
    code = good.removeprefix("/feeds/").partition(".")[0]
    with cast.app.app_context():
        of_an_invitation = token_of(code)
    forged = [f"/feeds/{code}.csv", good.replace(".csv", "A.csv"), f"/feeds/{of_an_invitation}.csv", "/feeds/x.y.csv"]
    phone = Browser(cast.app, htmx=False)
    with statements(cast.app) as sent:
        assert [phone.get(path).status_code for path in forged] == [404] * 4
    assert sent == []


def test_an_address_that_was_never_given_out_is_not_there(cast: Cast) -> None:
    with cast.app.app_context():
        path = path_of("000000000000")
    assert read(cast, path)[0] == 404
    cast.run("UPDATE events SET deleted_at = created_at")
    assert read(cast, cast.feed_path)[0] == 404, "nor that of an event that was archived"


def test_what_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    phone = Browser(cast.app, htmx=False).client
    first = phone.get(cast.feed_path)
    assert first.mimetype == "text/csv"
    assert not first.data.startswith(b"\xef\xbb\xbf"), "a spreadsheet on the web would take it for a letter"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in first.headers
    mark = {"If-None-Match": first.headers["ETag"]}
    again = phone.get(cast.feed_path, headers=mark)
    assert (again.status_code, again.data) == (304, b"")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    changed = phone.get(cast.feed_path, headers=mark)
    assert (changed.status_code, changed.headers["ETag"] == mark["If-None-Match"]) == (200, False)


def test_reading_leaves_no_trace(cast: Cast) -> None:
    before = everything(cast.app)
    assert read(cast, cast.feed_path)[0] == 200
    assert everything(cast.app) == before


def test_an_address_is_read_so_often_and_no_more(cast: Cast, strict: Flask) -> None:
    phone = strict.test_client()
    path = cast.feed_path
    assert {phone.get(path).status_code for _ in range(30)} == {200}
    assert phone.get(path).status_code == 429
    assert phone.get("/feeds/forged.csv").status_code == 404, "who has none is not counted"


def test_a_host_withdraws_no_address_of_another_event(cast: Cast) -> None:
    other = make_cast(cast.app, slug="another-evening")
    answer = host_of(other).post(address(other, f"/feeds/{cast.names['feed']}/revoke"))
    assert answer.status_code == 404
    assert read(cast, cast.feed_path)[0] == 200


def test_hostile_names_are_only_names(cast: Cast) -> None:
    host = host_of(cast)
    host.post(address(cast, "/feeds"), kind="guests", name='"><script>alert(1)</script>')
    page = host.get(address(cast, "/print")).text
    assert '"><script>alert(1)</script>' in words_of(page)
    assert "<script>alert" not in page
