"""One guest's place, edited in full or only its table."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import everybody_comes, everything, plan, seated
from tests.invitations.desk import send
from tests.markup import elements
from tests.seating.test_hosting import place, second_place


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Two families of four who come; the first of the first sits at table 1, seat 5."""
    everybody_comes(cast)
    seated(Browser(cast.app, htmx=True), cast.okafor, 0, cast.seat(1, 5))
    return cast


def address(cast: Cast, place_id: int, rest: str = "") -> str:
    return f"/host/events/{cast.event_id}/seating/places/{place_id}{rest}"


def tables(cast: Cast) -> list[int]:
    return [row.id for row in cast.rows("SELECT id FROM tables WHERE event_id = :id ORDER BY id", id=cast.event_id)]


def shown(cast: Cast, host: HostBrowser, place_id: int) -> str:
    page = host.get(address(cast, place_id)).text
    return next(each.attributes["value"] for each in elements(page) if each.attributes.get("name") == "shown")


def row(cast: Cast, place_id: int) -> tuple[object, ...]:
    found = cast.rows("SELECT table_id, display_name, dietary FROM guest_assignments WHERE id = :id", id=place_id)
    return tuple(found[0])


def test_only_the_table_lets_the_old_seat_go_in_the_same_moment(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    first, second = tables(evening)
    answer = host.post(address(evening, ngozi, "/table"), table=second, shown=shown(evening, host, ngozi))
    assert answer.status_code == 303
    assert plan(evening) == {}
    assert row(evening, ngozi)[0] == second
    said = words_of(host.get(f"/host/events/{evening.event_id}/seating").text)
    assert "8 guests still need a seat" in said
    assert "Table 2, no seat yet" in said
    assert host.post(address(evening, ngozi, "/table"), table="").status_code == 303
    assert row(evening, ngozi)[0] is None
    assert host.post(f"/host/events/{evening.event_id}/seating/undo").status_code == 303
    assert host.post(f"/host/events/{evening.event_id}/seating/undo").status_code == 303
    assert plan(evening) == {"Ngozi Okafor": "1-5"}
    assert host.post(address(evening, ngozi, "/table"), table=first).status_code == 303
    assert plan(evening) == {"Ngozi Okafor": "1-5"}, "who belongs to the table keeps the seat"


def test_a_guest_with_a_seat_at_that_table_is_not_put_there_again(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    bought = second_place(evening, ngozi)
    before = everything(evening.app)
    for rest, fields in (("/table", {}), ("", {"seat": "6", "display_name": "Ngozi"})):
        answer = host.post(address(evening, bought, rest), table=tables(evening)[0], **fields)
        assert answer.status_code == 409
        assert "Ngozi Okafor already has a seat at this table." in words_of(answer.text)
    assert everything(evening.app) == before


def test_all_of_a_place_is_kept_at_once(evening: Cast) -> None:
    host = host_of(evening)
    bought = second_place(evening, place(evening, evening.okafor, 0))
    fields = {"table": tables(evening)[1], "seat": "7", "display_name": "Ms N. Okafor", "dietary": "no nuts"}
    assert host.post(address(evening, bought), **fields, shown=shown(evening, host, bought)).status_code == 303
    assert row(evening, bought) == (tables(evening)[1], "Ms N. Okafor", "no nuts")
    assert plan(evening)["Ms N. Okafor"] == "2-7"
    verbs = evening.rows(
        "SELECT verb, subject FROM activity WHERE actor LIKE 'user:%' AND subject LIKE 'place:%' ORDER BY id"
    )
    assert [entry.verb for entry in verbs] == ["seat.assigned", "place.changed"]
    assert "Place card changed by the hosts" in words_of(host.get(f"/host/events/{evening.event_id}").text)


def test_the_needs_of_somebody_with_an_invitation_are_theirs_to_say(evening: Cast) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    assert 'name="dietary"' not in host.get(address(evening, ngozi)).text
    fields = {"table": tables(evening)[0], "seat": "5", "display_name": "Ngozi O.", "dietary": "vegan"}
    assert host.post(address(evening, ngozi), **fields).status_code == 303
    assert row(evening, ngozi) == (tables(evening)[0], "Ngozi O.", "")
    assert plan(evening) == {"Ngozi O.": "1-5"}


@pytest.mark.parametrize(("seat", "table", "said"), [
    ("99", 0, "Table 1 has no such seat. Its free seats: 1, 2, 3, 4, 6, 7, 8, 9 and 10."),
    ("4", None, "Please choose the table of that seat, too."),
])  # fmt: skip
def test_a_seat_that_is_not_there_is_told_and_nothing_typed_is_lost(
    evening: Cast, seat: str, table: int | None, said: str
) -> None:
    host, ngozi, before = host_of(evening), place(evening, evening.okafor, 0), everything(evening.app)
    chosen = "" if table is None else tables(evening)[table]
    answer = host.post(address(evening, ngozi), table=chosen, seat=seat, display_name="Kept words")
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert 'value="Kept words"' in answer.text
    assert {name for name, rows in everything(evening.app).items() if rows != before[name]} == set()


def test_two_hosts_edit_one_place_and_the_second_sees_both(evening: Cast) -> None:
    one, other, ngozi = host_of(evening), host_of(evening), place(evening, evening.okafor, 0)
    seen = shown(evening, other, ngozi)
    one.post(address(evening, ngozi), table=tables(evening)[1], seat="3", display_name="Ngozi the First")
    before = everything(evening.app)
    typed = {"table": tables(evening)[0], "seat": "8", "display_name": "Ngozi the Second"}
    answer = other.post(address(evening, ngozi), **typed, shown=seen)
    assert answer.status_code == 409
    said = words_of(answer.text)
    assert "Ngozi the First’s place was changed meanwhile." in said
    assert "Sam Host changed it at" in said
    assert "Now: Table 2, seat 3, “Ngozi the First”." in said
    assert 'value="Ngozi the Second"' in answer.text
    assert everything(evening.app) == before
    again = next(each.attributes["value"] for each in elements(answer.text) if each.attributes.get("name") == "shown")
    assert other.post(address(evening, ngozi), **typed, shown=again).status_code == 303
    assert plan(evening) == {"Ngozi the Second": "1-8"}


def saved(cast: Cast, host: HostBrowser, html: str, place_id: int, **typed: str) -> TestResponse:
    """Send the form of the whole place as it stands on a page, but for what is typed."""
    table = next(each.attributes["value"] for each in elements(html) if "selected" in each.attributes)
    return send(host, html, address(cast, place_id), **{"table": table, **typed})


def test_what_a_host_did_not_touch_stays_as_another_has_put_it(evening: Cast) -> None:
    one, other, ngozi = host_of(evening), host_of(evening), place(evening, evening.okafor, 0)
    moved = {"table": tables(evening)[1], "seat": "3", "display_name": "Ngozi Okafor"}
    for typed, there in (
        ({"display_name": "Dr Okafor"}, {"Dr Okafor": "2-3"}),
        ({"table": str(tables(evening)[0]), "seat": "6"}, {"Ngozi Okafor": "1-6"}),
    ):
        opened = other.get(address(evening, ngozi)).text
        assert one.post(address(evening, ngozi), **moved).status_code == 303
        refused = saved(evening, other, opened, ngozi, **typed)
        assert refused.status_code == 409
        assert saved(evening, other, refused.text, ngozi).status_code == 303
        assert plan(evening) == there


@pytest.mark.parametrize("shown", ["x", "[1]", "7", "null", "[" * 50_000, "{}", '"abcde"'])
def test_a_form_that_does_not_say_what_it_showed_puts_nothing_over_anything(evening: Cast, shown: str) -> None:
    host, ngozi = host_of(evening), place(evening, evening.okafor, 0)
    before = everything(evening.app)
    answer = host.post(address(evening, ngozi), table="", seat="", display_name="Another", shown=shown)
    assert answer.status_code == 409
    assert 'value="Another"' in answer.text
    assert everything(evening.app) == before


def test_a_place_of_another_event_is_not_there(evening: Cast) -> None:
    host = host_of(evening)
    for answer in (host.get(address(evening, 999_999)), host.post(address(evening, 999_999), table="")):
        assert answer.status_code == 404
