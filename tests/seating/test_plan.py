"""The host's plan: who has no seat, who sits where, how the chosen would sit; few statements, nothing unpaged."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import alter_event, everybody_comes, seated
from tests.markup import elements
from tests.races.room import everybody_accepts
from tests.statements import statements


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Two families of four who come; two of the first sit at table 1, in seats 5 and 6."""
    everybody_comes(cast)
    for number in range(2):
        seated(Browser(cast.app, htmx=True), cast.okafor, number, cast.seat(1, 5 + number))
    return cast


def desk(cast: Cast, rest: str = "") -> str:
    return f"/host/events/{cast.event_id}/seating{rest}"


def places(cast: Cast, number: int) -> list[int]:
    """The places of a family, in order."""
    rows = cast.rows(
        "SELECT a.id FROM guest_assignments a JOIN invitation_guests m ON m.id = a.member_id"
        " WHERE m.invitation_id = :id ORDER BY m.position",
        id=cast.families[number].id,
    )
    return [row.id for row in rows]


def ticked(html: str) -> list[str]:
    return [each.attributes["value"] for each in elements(html) if each.tag == "input" and "checked" in each.attributes]


def test_it_shows_who_stands_and_who_sits_where_by_name(evening: Cast) -> None:
    page = host_of(evening).get(desk(evening)).text
    said = words_of(page)
    assert "6 guests still need a seat" in said
    assert "Seat 5, Ngozi Okafor · Table 1" in said
    assert "Seat 1, free, VIP · Table 1" in said
    assert "Seat 2, free, reserved for you to give · Table 1" in said
    assert "Brandt family 4 guests Ngozi Brandt" in said
    badge = next(each for each in elements(page) if each.attributes.get("id") == "unseated-count")
    assert badge.text == "6"


def test_it_says_before_anything_is_moved_how_the_chosen_would_sit(evening: Cast) -> None:
    host = host_of(evening)
    ada, tobi = places(evening, 0)[2:]
    answer = host.post(desk(evening, "/choose"), place=[f"{ada}.0", f"{tobi}.0"])
    assert answer.status_code == 303
    page = host.get(answer.location).text
    assert ticked(page) == [f"{ada}.0", f"{tobi}.0"]
    said = words_of(page)
    assert "8 free, Ada and Tobi fit together, Ngozi and Daniel sit there" in said
    assert "10 free, Ada and Tobi fit together" in said
    assert "Seat Ada and Tobi here" in said
    seated(Browser(evening.app, htmx=True), evening.brandt, 0, evening.seat(1, 8))
    evening.run("DELETE FROM seats WHERE event_id = :id AND position NOT BETWEEN 4 AND 8", id=evening.event_id)
    said = words_of(host.get(answer.location).text)
    assert "2 free, Ada and Tobi fit, but not side by side, Ngozi and Daniel sit there" in said
    whole = words_of(host.get(desk(evening, "?" + "&".join(f"place={p}" for p in places(evening, 1)))).text)
    assert "3 free, too few for all four" in whole


def test_whoever_is_chosen_stays_so_wherever_the_host_looks(evening: Cast) -> None:
    ada = places(evening, 0)[2]
    page = host_of(evening).get(desk(evening, f"?place={ada}&q=brandt")).text
    assert ticked(page) == [f"{ada}.0"]
    links = [each.attributes["href"] for each in elements(page) if "table=" in each.attributes.get("href", "")]
    assert links
    assert all(f"place={ada}" in link for link in links)


def test_a_search_finds_guests_and_households_also_those_who_sit(evening: Cast) -> None:
    host = host_of(evening)
    found = words_of(host.get(desk(evening, "?q=NGOZI")).text)
    assert "Found Find a guest" in found
    assert "Ngozi Okafor Table 1, seat 5" in found
    assert "Nobody fits that" in words_of(host.get(desk(evening, "?q=nobody")).text)
    family = words_of(host.get(desk(evening, "?q=brandt+fam")).text)
    assert "Tobi Brandt" in family
    assert "Ada Okafor" not in family.partition("Tables")[0]


def test_somebody_without_an_invitation_is_a_household_of_their_own(evening: Cast) -> None:
    first = places(evening, 0)[0]
    evening.run(
        "INSERT INTO guest_assignments (created_at, organization_id, event_id, guest_id, reference_code, display_name,"
        " dietary) SELECT created_at, organization_id, event_id, guest_id, 'G9999', 'Sam Walker', ''"
        " FROM guest_assignments WHERE id = :id",
        id=first,
    )
    assert "7 guests still need a seat" in words_of(host_of(evening).get(desk(evening)).text)
    assert "Sam Walker" in words_of(host_of(evening).get(desk(evening)).text)


def test_a_withdrawn_link_leaves_nobody_to_be_seated(evening: Cast) -> None:
    evening.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=evening.brandt.id)
    assert "2 guests still need a seat" in words_of(host_of(evening).get(desk(evening)).text)


def test_a_large_room_is_drawn_part_by_part_and_each_part_says_its_name_and_what_is_free(app: Flask) -> None:
    cast = make_cast(app, invitations=1, members=4, tables=30, seats=4)
    everybody_comes(cast)
    seated(Browser(app, htmx=True), cast.okafor, 0, cast.seat(14, 4))
    sides = {"x": 100, "width": 158, "height": 52}
    alter_event(
        cast, settings={"landmarks": [{"label": "Stage", "y": 6, **sides}, {"label": "Bar", "y": 9_000, **sides}]}
    )
    page = host_of(cast).get(desk(cast)).text
    parts = page.partition('<nav class="zones"')[2].partition("</nav>")[0].split("</a>")[:-1]
    assert [words_of(part.partition("<span>")[2]) for part in parts] == [
        "Tables 1 to 12 48 free", "Tables 13 to 24 47 free", "Tables 25 to 30 24 free",
    ]  # fmt: skip
    assert [part.count('class="tr"') for part in parts] == [12, 12, 6]
    assert [part.count('class="occ"') for part in parts] == [0, 1, 0]
    assert 'pathLength="4" stroke-dasharray="1 4"' in parts[1]
    assert all('aria-hidden="true"' in part for part in parts), "the words are the list"
    assert [part.count('class="fx"') for part in parts] == [1, 0, 1], "each landmark with the tables around it"


def test_a_large_room_is_looked_at_zone_by_zone_and_a_long_list_page_by_page(app: Flask) -> None:
    cast = make_cast(app, slug="large", invitations=40, members=2, tables=30)
    everybody_accepts(cast)
    host = host_of(cast)
    first = host.get(desk(cast)).text
    assert shown_tables(first) == [str(number) for number in range(1, 13)]
    assert "Tables 1 to 12 120 free" in words_of(first)
    third = host.get(desk(cast, "?zone=3")).text
    assert shown_tables(third) == [str(number) for number in range(25, 31)]
    names = cast.rows("SELECT id FROM tables WHERE name = '27' AND event_id = :id", id=cast.event_id)
    one = host.get(desk(cast, f"?table={names[0].id}")).text
    assert shown_tables(one) == ["27"]
    assert "Tables 25 to 30" in words_of(one)
    households, following = [], desk(cast)
    while following:
        page = host.get(following).text
        households += [e.attributes["id"] for e in elements(page) if e.attributes.get("class") == "one-household"]
        following = next((e.attributes["href"] for e in elements(page) if e.attributes.get("rel") == "next"), "")
    assert len(households) == len(set(households)) == 40


def shown_tables(html: str) -> list[str]:
    titles = [each.text for each in elements(html) if each.tag == "h3"]
    return [title.removeprefix("Table ") for title in titles]


def test_it_takes_as_many_statements_for_many_as_for_few(app: Flask) -> None:
    counts = []
    for size in ({"invitations": 2, "tables": 2}, {"invitations": 60, "members": 6, "tables": 40, "seats": 12}):
        cast = make_cast(app, slug=f"party-of-{size['invitations']}", **size)
        everybody_accepts(cast)
        host = host_of(cast)
        chosen = "&".join(f"place={place}" for place in places(cast, 1))
        host.post(desk(cast, "/seat"), place=places(cast, 0), table=cast.names["table"])
        with statements(app) as sent:
            assert host.get(desk(cast, f"?{chosen}")).status_code == 200
        counts.append(len([each for each in sent if each.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.parametrize(
    "query", ["?table=0", "?zone=99", "?after=99999999999999999", "?place=x&place=-1&place=9999999999", "?q=%00"]
)
def test_an_address_that_means_nothing_shows_the_plan(evening: Cast, query: str) -> None:
    assert "6 guests still need a seat" in words_of(host_of(evening).get(desk(evening, query)).text)


def test_an_empty_room_says_where_to_lay_it(app: Flask) -> None:
    cast = make_cast(app, slug="empty", tables=1)
    cast.run("DELETE FROM seats WHERE event_id = :id", id=cast.event_id)
    cast.run("DELETE FROM tables WHERE event_id = :id", id=cast.event_id)
    assert "There are no tables yet." in words_of(host_of(cast).get(desk(cast)).text)
