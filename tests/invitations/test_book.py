"""The address book: people are found, changed, and two entries of one person become one without losing anything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.invitations.models import Guest, Rsvp
from portal.invitations.queries.book import PAGE
from portal.kit import clock
from portal.kit.text import search_key
from portal.seating.actions.room import add_tables
from portal.seating.rules.room import NewSeat, NewTable
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, everything, plan, rsvps
from tests.events.evening import all_say, alter, say, sit, tell
from tests.invitations.desk import fill_in, log, members, person, send, told
from tests.invitations.test_details import add_part
from tests.invitations.test_groups import make_next_event
from tests.statements import statements

BOOK = "/host/guests"


def guest(cast: Cast, member: int) -> int:
    """The entry of a member."""
    return cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=member)


def entry(cast: Cast, member: int) -> str:
    """Where a host sees the entry of a member."""
    return f"{BOOK}/{guest(cast, member)}"


def listed(browser: HostBrowser, **asked: Any) -> list[str]:
    """The names on the page, in order."""
    page = browser.get(BOOK, query_string=asked)
    assert page.status_code == 200
    return re.findall(r"<b>([^<]+)</b><small>", page.text)


def test_everybody_stands_in_the_order_of_their_names(cast: Cast) -> None:
    cast.run("UPDATE guests SET name = '' WHERE name = 'Tobi Okafor'")
    names = sorted(name for name in [*cast.okafor.names, *cast.brandt.names] if name != "Tobi Okafor")
    assert listed(host_of(cast)) == names, "a guest without a name is nobody to be looked up"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("núñez", ["Inés Núñez"]),
        ("INES nunez", ["Inés Núñez"]),
        ("Ines@Example.org", ["Inés Núñez"]),
        ("7946 0000", ["Inés Núñez"]),
        ("020 7946-0000", ["Inés Núñez"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_a_name_an_address_or_a_number_finds_them(cast: Cast, typed: str, found: list[str]) -> None:
    alter(
        cast, Guest, guest(cast, cast.okafor.members[0]), name="Inés Núñez", search_key=search_key("Inés Núñez"),
        email="Ines@example.org", email_key="ines@example.org", phone="+44 (20) 7946-0000",
    )  # fmt: skip
    browser = host_of(cast)
    assert listed(browser, q=typed) == found
    if not found:
        assert "Nobody fits that" in words_of(browser.get(BOOK, query_string={"q": typed}).text)


def test_pages_follow_each_other_by_key_in_few_statements(app: Flask) -> None:
    cast = make_cast(app, invitations=20, members=3, tables=0)
    browser, seen = host_of(cast), []
    with statements(app) as sent:
        path = BOOK
        while path:
            page = browser.get(path.replace("&amp;", "&")).text
            seen += re.findall(r'href="/host/guests/(\d+)"', page)
            path = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "")
    assert len(seen) == len(set(seen)) == 60
    assert sum(statement.startswith("SELECT") for statement in sent) == 6, "who asks, the people, whose book; twice"
    assert PAGE < 60
    names = [row[0] for row in cast.rows("SELECT id FROM guests ORDER BY search_key, id")]
    assert [int(number) for number in seen] == names


def test_an_empty_book_says_what_it_is(app: Flask) -> None:
    add_host(app, "new@example.org", organization="New")
    browser = HostBrowser(app)
    browser.sign_in("new@example.org")
    assert "Your address book is empty" in words_of(browser.get(BOOK).text)
    assert "Nobody seems to be here twice." in words_of(browser.get(f"{BOOK}/doubles").text)


def test_nobody_else_s_book_opens(cast: Cast) -> None:
    elsewhere = make_cast(cast.app, slug="elsewhere")
    browser, theirs = host_of(cast), entry(elsewhere, elsewhere.okafor.members[0])
    assert browser.get(theirs).status_code == 404
    assert browser.get(f"{entry(cast, cast.okafor.members[0])}/merge/{theirs.rpartition('/')[2]}").status_code == 404
    assert browser.get(BOOK).text.count("Ngozi Okafor") == 1


def test_a_person_with_where_they_were_and_what_they_said(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    tell(cast, cast.okafor, 0, meal="Fish")
    said = words_of(host_of(cast).get(entry(cast, cast.okafor.members[0])).text)
    assert "Ngozi Okafor" in said
    assert re.search(r"Lantern Night .+ · Okafor family Coming Table 1, seat 5 Fish", said)


def test_an_entry_is_changed_on_every_place_card(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    path = entry(cast, cast.okafor.members[0])
    typed = {"name": "Ngozi Bell", "email": "Ngozi@example.org", "phone": "0044 20 7946 0000", "company": "Bell & Co"}
    assert fill_in(host_of(cast), path, **typed).status_code == 303
    row = "SELECT name, search_key, email_key, phone, company FROM guests WHERE id = :id"
    assert cast.rows(row, id=guest(cast, cast.okafor.members[0])) == [
        ("Ngozi Bell", "ngozi bell", "ngozi@example.org", "+442079460000", "Bell & Co")
    ]
    assert cast.count("SELECT count(*) FROM guest_assignments WHERE display_name = 'Ngozi Bell'") == 1
    assert log(cast, "guest.changed")[0].actor.startswith("user:")


def test_two_hosts_change_one_entry(cast: Cast) -> None:
    browser, path = host_of(cast), entry(cast, cast.okafor.members[0])
    opened = browser.get(path).text
    assert fill_in(browser, path, company="Hers").status_code == 303
    refused = send(browser, opened, path, company="Mine", operation_id="another")
    assert refused.status_code == 409
    assert "This was changed while you were typing." in told(refused.text)
    assert "Company Hers Mine" in words_of(refused.text)
    assert send(browser, refused.text, path).status_code == 303
    assert cast.rows("SELECT company FROM guests WHERE id = :id", id=guest(cast, cast.okafor.members[0])) == [("Mine",)]
    refused = send(browser, opened, path, phone="+442079460001", operation_id="a third")
    assert refused.status_code == 409
    assert send(browser, refused.text, path).status_code == 303
    row = "SELECT company, phone FROM guests WHERE id = :id"
    assert cast.rows(row, id=guest(cast, cast.okafor.members[0])) == [("Mine", "+442079460001")], (
        "not touched, not lost"
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"name": " "}, "Please give a name."), ({"email": "x"}, "That does not look like an e-mail address.")],
)
def test_what_cannot_be_is_said_at_the_field(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    answer = fill_in(browser, entry(cast, cast.okafor.members[0]), **typed)
    assert answer.status_code == 422
    assert words_of(answer.text).count(sentence) == 2
    assert everything(cast.app) == before


def twins(cast: Cast) -> tuple[int, int]:
    """Ngozi Okafor is in the book twice, and invited to one event with two households."""
    one, other = guest(cast, cast.okafor.members[0]), guest(cast, cast.brandt.members[0])
    alter(cast, Guest, one, email="ngozi@example.org", email_key="ngozi@example.org", phone="+442079460000")
    alter(
        cast, Guest, other, name="Ngozi Okafor", search_key="ngozi okafor", email="n.okafor@example.org",
        email_key="n.okafor@example.org", company="Okafor & Co",
    )  # fmt: skip
    return one, other


def merge(browser: HostBrowser, one: int, other: int, **typed: str) -> Any:
    path = f"{BOOK}/{one}/merge/{other}"
    return fill_in(browser, path, **{"field-email": "one", **typed})


def test_possible_doubles_are_proposed(cast: Cast) -> None:
    one, other = twins(cast)
    browser = host_of(cast)
    page = browser.get(f"{BOOK}/{one}").text
    assert "Perhaps the same person" in words_of(page)
    assert f'href="{BOOK}/{one}/merge/{other}"' in page
    doubles = browser.get(f"{BOOK}/doubles").text
    assert f'href="{BOOK}/{other}"' in doubles
    assert f'href="{BOOK}/{one}"' not in doubles, "the first of them is none"


def test_everything_is_asked_before_two_become_one(cast: Cast) -> None:
    one, other = twins(cast)
    browser = host_of(cast)
    page = browser.get(f"{BOOK}/{one}/merge/{other}").text
    said = words_of(page)
    assert "E-mail ngozi@example.org n.okafor@example.org" in said
    assert "Phone +442079460000" in said
    assert "Both are invited to Lantern Night. Which of them stands?" in said
    before = everything(cast.app)
    for typed in ({}, {"field-email": "one"}, {f"stands-{cast.event_id}": str(cast.okafor.members[0])}):
        answer = send(browser, page, f"{BOOK}/{one}/merge/{other}", **typed)
        assert answer.status_code == 422
        assert "Please decide everything first" in words_of(answer.text)
    assert everything(cast.app) == before


@pytest.mark.parametrize("stands", ["okafor", "brandt"])
def test_two_entries_at_one_event_become_one_and_the_other_place_is_free(cast: Cast, stands: str) -> None:
    add_part(cast, "Dinner")
    one, other = twins(cast)
    part = cast.count("SELECT id FROM event_sessions")
    for family, seat in ((cast.okafor, cast.seat(1, 5)), (cast.brandt, cast.seat(2, 5))):
        all_say(cast, family, Rsvp.ACCEPTED)
        sit(cast, family, 0, seat)
        tell(cast, family, 0, meal="Fish" if family is cast.okafor else "Chicken")
        cast.run(
            "INSERT INTO session_answers (event_id, guest_id, member_id, session_id, created_at)"
            " SELECT event_id, guest_id, id, :part, created_at FROM invitation_guests WHERE id = :member",
            part=part, member=family.members[0],
        )  # fmt: skip
    cast.run("UPDATE tables SET captain_id = :other WHERE name = '2'", other=other)
    family = cast.okafor if stands == "okafor" else cast.brandt
    codes = cast.rows("SELECT reference_code FROM guest_assignments WHERE member_id = :id", id=family.members[0])
    answer = merge(host_of(cast), one, other, **{f"stands-{cast.event_id}": str(family.members[0])})
    assert answer.status_code == 303
    assert answer.location == f"{BOOK}/{one}"
    assert cast.rows("SELECT name, email, phone, company FROM guests WHERE search_key = 'ngozi okafor'") == [
        ("Ngozi Okafor", "ngozi@example.org", "+442079460000", "Okafor & Co")
    ]
    assert plan(cast) == {"Ngozi Okafor": "1-5" if stands == "okafor" else "2-5"}
    rows = cast.rows("SELECT id, rsvp, meal FROM invitation_guests WHERE guest_id = :one", one=one)
    assert rows == [(family.members[0], "accepted", "Fish" if stands == "okafor" else "Chicken")]
    kept = cast.rows("SELECT reference_code FROM guest_assignments WHERE guest_id = :one", one=one)
    assert kept == codes, "the place keeps its code"
    assert cast.rows("SELECT guest_id FROM session_answers") == [(one,)]
    assert cast.rows("SELECT captain_id FROM tables WHERE name = '2'") == [(one,)]
    assert len(members(cast, cast.okafor.id)) + len(members(cast, cast.brandt.id)) == 7
    assert len(log(cast, "guest.merged")) == 1
    phone = Browser(cast.app, htmx=True)
    assert phone.get(family.path("/seats")).status_code == 200


def test_entries_of_different_events_keep_both_answers_and_seats(cast: Cast) -> None:
    browser, night = host_of(cast), make_next_event(cast)
    typed = {"name": "Okafors", "people": "Ngozi Okafor", "known-0-ngozi-okafor": "new"}
    made = browser.post(f"/host/events/{night}/invitations", **typed)
    invitation = int(made.location.rpartition("/")[2])
    row = cast.rows("SELECT i.code, m.id, m.guest_id FROM invitations i JOIN invitation_guests m"
                    " ON m.invitation_id = i.id WHERE i.id = :id", id=invitation)[0]  # fmt: skip
    again = Family(invitation, "", row.code, [row.id], ["Ngozi Okafor"])
    organization = cast.count("SELECT organization_id FROM events WHERE id = :id", id=night)
    with cast.app.app_context():
        tables = [NewTable("9", (NewSeat("1"),))]
        add_tables(organization_id=organization, event_id=night, tables=tables, actor="system", now=clock.now())
    seat = cast.count("SELECT id FROM seats WHERE event_id = :night", night=night)
    for family, number in ((cast.okafor, cast.seat(1, 5)), (again, seat)):
        say(cast, family, yes=[0])
        sit(cast, family, 0, number)
    one, other = guest(cast, cast.okafor.members[0]), row.guest_id
    page = browser.get(f"{BOOK}/{one}/merge/{other}")
    assert "Which of them stands?" not in words_of(page.text)
    assert send(browser, page.text, f"{BOOK}/{one}/merge/{other}").status_code == 303
    seats = cast.rows(
        "SELECT c.seat_id FROM seat_claims c JOIN guest_assignments a ON a.id = c.assignment_id"
        " WHERE a.guest_id = :one ORDER BY c.event_id",
        one=one,
    )
    assert [each[0] for each in seats] == [cast.seat(1, 5), seat]
    answers = cast.rows("SELECT rsvp FROM invitation_guests WHERE guest_id = :one", one=one)
    assert [each[0] for each in answers] == ["accepted", "accepted"]
    assert cast.count("SELECT count(*) FROM guests WHERE id = :other", other=other) == 0
    assert fill_in(browser, person(cast, cast.okafor, 0), name="Ngozi Bell").status_code == 303
    cards = cast.rows("SELECT DISTINCT display_name FROM guest_assignments WHERE guest_id = :one", one=one)
    assert cards == [("Ngozi Bell",)], "a name that is changed at one event stands on every place card"


def test_an_invitation_of_nobody_else_is_withdrawn(app: Flask) -> None:
    cast = make_cast(app, members=1)
    one, other = twins(cast)
    answer = merge(host_of(cast), one, other, **{f"stands-{cast.event_id}": str(cast.okafor.members[0])})
    assert answer.status_code == 303
    assert Browser(app, htmx=False).get(cast.brandt.path()).status_code == 410


def test_what_is_freed_goes_to_whoever_waits(app: Flask) -> None:
    cast = make_cast(app, invitations=3, members=1)
    alter_event(cast, capacity=2)
    phone = Browser(app, htmx=True)
    accept(phone, cast.okafor)
    accept(phone, cast.brandt)
    assert phone.saved(phone.post(cast.families[2].path("/waiting"), wants="all"))
    one, other = twins(cast)
    merge(host_of(cast), one, other, **{f"stands-{cast.event_id}": str(cast.okafor.members[0])})
    assert cast.rows("SELECT invitation_id FROM waiting_list WHERE offered IS NOT NULL") == [(cast.families[2].id,)]
    assert cast.count("SELECT coming FROM events WHERE id = :id", id=cast.event_id) == 1


def test_two_bought_places_at_one_table_are_refused_by_name(cast: Cast) -> None:
    one, other = twins(cast)
    table = cast.count("SELECT min(id) FROM tables")
    for number, owner in enumerate((one, other)):
        cast.run(
            "INSERT INTO guest_assignments (organization_id, event_id, table_id, guest_id, reference_code,"
            " display_name, dietary, created_at) SELECT organization_id, id, :table, :owner, :code, '', '', created_at"
            " FROM events WHERE id = :event",
            table=table, owner=owner, code=f"X{number}", event=cast.event_id,
        )  # fmt: skip
    browser, before = host_of(cast), everything(cast.app)
    answer = merge(browser, one, other, **{f"stands-{cast.event_id}": str(cast.okafor.members[0])})
    assert answer.status_code == 409
    assert told(answer.text).startswith("Ngozi Okafor already has a seat at this table.")
    assert everything(cast.app) == before


def test_a_merge_of_what_has_changed_meanwhile_is_shown_anew(cast: Cast) -> None:
    one, other = twins(cast)
    browser, path = host_of(cast), f"{BOOK}/{one}/merge/{other}"
    opened = browser.get(path).text
    alter(cast, Guest, other, company="Another")
    typed = {"field-email": "one", f"stands-{cast.event_id}": str(cast.okafor.members[0])}
    assert send(browser, opened, path, **typed).status_code == 409
    assert cast.count("SELECT count(*) FROM guests WHERE id = :other", other=other) == 1
    assert browser.get(f"{BOOK}/{one}/merge/{one}").status_code == 404, "nobody is merged with themselves"


def test_whoever_opted_out_anywhere_has_opted_out(cast: Cast) -> None:
    one, other = twins(cast)
    cast.run("UPDATE guests SET email_opted_out_at = created_at WHERE id = :other", other=other)
    merge(host_of(cast), one, other, **{f"stands-{cast.event_id}": str(cast.okafor.members[0])})
    assert cast.count("SELECT count(*) FROM guests WHERE id = :one AND email_opted_out_at IS NOT NULL", one=one) == 1
    say(cast, cast.brandt, yes=[])
    assert rsvps(cast, cast.okafor)[0] == "pending"
