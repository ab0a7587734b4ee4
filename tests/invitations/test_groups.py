"""Hosts make households: who is on an invitation, what is known of each, and nobody's words lost on the way."""

from __future__ import annotations

import pytest

from portal.invitations.models import Rsvp
from portal.invitations.rules.people import Named, read_people
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast, make_cast
from tests.deeds import everything, plan
from tests.events.evening import address, all_say, say, sit, tell
from tests.invitations.desk import fill_in, household, log, members, person, send, told
from tests.invitations.test_details import add_part

NEW, LIST = "/invitations/new", "/invitations"


def invite(browser: HostBrowser, cast: Cast, **typed: str) -> int:
    """Invite a household; the id of its invitation."""
    answer = fill_in(browser, address(cast, NEW), sent_to=address(cast, LIST), **typed)
    assert answer.status_code == 303, words_of(answer.text)
    return int(answer.location.rpartition("/")[2])


def test_a_household_is_invited_with_a_name_a_line(cast: Cast) -> None:
    browser = host_of(cast)
    lines = "Lena Park, lena@example.org\nTom  Park \n\nTom Weller <TOM@example.org>\n+\n+ Mia Roth"
    made = invite(browser, cast, name=" Park  family", people=lines, language="es")
    assert members(cast, made) == ["Lena Park", "Tom Park", "Tom Weller", "", "Mia Roth"]
    rows = cast.rows(
        "SELECT g.email, g.language, m.plus_one_of FROM invitation_guests m JOIN guests g ON g.id = m.guest_id"
        " WHERE m.invitation_id = :id ORDER BY m.position",
        id=made,
    )
    assert [row.email for row in rows] == ["lena@example.org", None, "TOM@example.org", None, None]
    assert {row.language for row in rows} == {"es"}
    assert [row.plus_one_of is not None for row in rows] == [False, False, False, True, True]
    page = words_of(browser.get(address(cast, f"/invitations/{made}")).text)
    assert "Park family Not answered" in page
    assert "A guest, not named yet" in page
    (actor, subject, _detail) = log(cast, "invitation.created")[-1]
    assert actor.startswith("user:")
    assert subject == f"invitation:{made}"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Ada", Named("Ada")),
        ("  Ada   Okafor ", Named("Ada Okafor")),
        ("ada@example.org", Named("ada", "ada@example.org")),
        ("Ada (ada@example.org)", Named("Ada", "ada@example.org")),
        ("ada@example.org; Ada Okafor", Named("Ada Okafor", "ada@example.org")),
        ("Ada @home", Named("Ada @home")),
        ("Smith, John", Named("Smith, John")),
        ("Ada Okafor ada@example.org +34 600 123 123", Named("Ada Okafor", "ada@example.org", phone="+34600123123")),
        ("Ada, (020) 7946-0001; ada@example.org", Named("Ada", "ada@example.org", phone="(020) 7946-0001")),
        ("Ben (child)", Named("Ben", is_child=True)),
        ("Lía (Niña), +34 600 123 123 (VIP)", Named("Lía", None, False, "+34600123123", is_child=True, is_vip=True)),
        ("Antonina (Nina) Kid", Named("Antonina (Nina) Kid")),
        ("Agent 0 0 7", Named("Agent 0 0 7")),
        ("600 123 123", Named("600 123 123")),
        ("+ Ada +34 600 123 123 (child)", Named("Ada", None, True, "+34600123123", is_child=True)),
        ("+ (child)", Named("", None, is_plus_one=True, is_child=True)),
        ("+1", Named("", None, is_plus_one=True)),
        ("+ Ada", Named("Ada", None, is_plus_one=True)),
    ],
)
def test_what_a_line_says(line: str, named: Named) -> None:
    assert read_people(f"\n{line}\n \n") == [named]


def test_what_a_line_says_of_somebody_is_kept(cast: Cast) -> None:
    people = "Ada Costa +34 600 123 123 (VIP)\nBen Costa (child)"
    sent = fill_in(host_of(cast), address(cast, NEW), sent_to=address(cast, LIST), name="Costa", people=people)
    assert sent.status_code == 303
    known = cast.rows(
        "SELECT g.name, g.phone, m.is_child, m.seat_category FROM guests g"
        " JOIN invitation_guests m ON m.guest_id = g.id ORDER BY m.id DESC LIMIT 2"
    )
    assert [tuple(row) for row in known] == [
        ("Ben Costa", None, True, "regular"), ("Ada Costa", "+34600123123", False, "vip"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "  ", "people": "Ada"}, "Please give the household a name."),
        ({"name": "Park", "people": " \n "}, "Please name at least one person."),
        ({"name": "Park", "people": "Ada\n" * 51}, "Please add at most 50 people at once."),
        ({"name": "Park", "people": "a" * 201}, "That name is too long. Please shorten it to 200 letters."),
        ({"name": "p" * 201, "people": "Ada"}, "That name is too long. Please shorten it to 200 letters."),
        (
            {"name": "Park", "people": "Ada", "language": "xx"},
            "Please choose one of the languages on the page.",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    answer = fill_in(browser, address(cast, NEW), sent_to=address(cast, LIST), **typed)
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert typed["people"].strip()[:20] in answer.text
    assert everything(cast.app) == before


def test_somebody_of_the_address_book_is_offered_and_is_not_made_twice(cast: Cast) -> None:
    other = make_next_event(cast)
    browser = host_of(cast)
    first = fill_in(
        browser, f"/host/events/{other}/invitations/new", sent_to=f"/host/events/{other}/invitations",
        name="Okafors", people="NGOZI okafor\nNobody Known",
    )  # fmt: skip
    assert first.status_code == 422, "it asks first"
    assert "You know some of them" in words_of(first.text)
    assert "Yes: Ngozi Okafor" in words_of(first.text)
    guests = cast.count("SELECT count(*) FROM guests")
    ngozi = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.okafor.members[0])
    chosen = {"known-0-ngozi-okafor": str(ngozi)}
    second = send(browser, first.text, f"/host/events/{other}/invitations", **chosen)
    assert second.status_code == 303
    assert cast.count("SELECT count(*) FROM guests") == guests + 1, "only whom nobody knows is new"
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE guest_id = :id", id=ngozi) == 2
    apart = {"known-0-ngozi-okafor": "new", "known-1-nobody-known": "new"}
    third = send(browser, first.text, f"/host/events/{other}/invitations", **apart)
    assert third.status_code == 303, "somebody else of the same name is somebody new"
    assert cast.count("SELECT count(*) FROM guests WHERE search_key = 'ngozi okafor'") == 2


def make_next_event(cast: Cast) -> int:
    """Another event of the same organization."""
    copied = "organization_id, title, 'next-night', description, place, starts_at, ends_at, time_zone, status"
    cast.run(
        "INSERT INTO events (organization_id, title, slug, description, place, starts_at, ends_at, time_zone, status,"
        " hold_seconds, show_names, is_public, settings, version, created_at)"
        f" SELECT {copied}, hold_seconds, show_names, is_public, settings, version, created_at FROM events"
        " WHERE id = :id",
        id=cast.event_id,
    )
    return cast.count("SELECT id FROM events WHERE slug = 'next-night'")


def test_nobody_is_invited_twice_and_the_page_leads_to_their_household(cast: Cast) -> None:
    browser, before = host_of(cast), everything(cast.app)
    ngozi = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.okafor.members[0])
    typed = {"name": "Another", "people": "Ngozi Okafor\nSomebody", "known-0-ngozi-okafor": str(ngozi)}
    answer = browser.post(address(cast, LIST), **typed)
    assert answer.status_code == 409, words_of(answer.text)
    assert told(answer.text).startswith("Ngozi Okafor is already invited, with “Okafor family”.")
    assert f'href="{household(cast, cast.okafor)}"' in answer.text
    assert "Somebody" in answer.text
    assert everything(cast.app) == before


def test_somebody_of_another_organization_is_nobody_known(cast: Cast) -> None:
    add_host(cast.app, "other@example.org", organization="Elsewhere")
    elsewhere = make_cast(cast.app, slug="elsewhere")
    theirs = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=elsewhere.okafor.members[0])
    typed = {"name": "Another", "people": "Ngozi Okafor", "known-0-ngozi-okafor": str(theirs)}
    answer = host_of(cast).post(address(cast, LIST), **typed)
    assert answer.status_code == 422, "it is not among those who are offered"
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE guest_id = :id", id=theirs) == 1


def test_more_people_come_after_those_who_are_there(cast: Cast) -> None:
    browser = host_of(cast)
    answer = fill_in(browser, household(cast, cast.okafor, "/people"), people="Zoë Okafor\n+")
    assert answer.status_code == 303
    assert members(cast, cast.okafor.id) == [*cast.okafor.names, "Zoë Okafor", ""]
    again = fill_in(browser, household(cast, cast.okafor, "/people"), people="ngozi BRANDT")
    assert again.status_code == 422
    brandt = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.brandt.members[0])
    chosen = {"known-0-ngozi-brandt": str(brandt)}
    refused = send(browser, again.text, household(cast, cast.okafor, "/people"), **chosen)
    assert refused.status_code == 409
    assert "Ngozi Brandt is already invited, with “Brandt family”." in told(refused.text)


def test_members_are_put_in_order(cast: Cast) -> None:
    browser, (one, two, three, four) = host_of(cast), cast.okafor.names
    path = household(cast, cast.okafor, "/order")
    assert browser.post(path, down=cast.okafor.members[0]).status_code == 303
    assert members(cast, cast.okafor.id) == [two, one, three, four]
    assert browser.post(path, up=cast.okafor.members[3]).status_code == 303
    assert members(cast, cast.okafor.id) == [two, one, four, three]
    for nonsense in ({"up": cast.okafor.members[1]}, {"down": cast.brandt.members[0]}, {"up": "x"}, {}):
        assert browser.post(path, **nonsense).status_code == 303
    assert members(cast, cast.okafor.id) == [two, one, four, three]
    assert len(log(cast, "invitation.ordered")) == 2


def test_what_is_known_of_a_member_is_changed_and_their_own_words_stay(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0])
    tell(cast, cast.okafor, 0, meal="Fish", dietary="vegan", note="See you")
    typed = {
        "name": "Ngozi  Okafor-Bell", "email": "Ngozi@Example.org", "phone": "+44 20 7946 0000", "language": "es",
        "is_vip": "y", "is_child": "y", "host_note": "From work\r\nCall first",
    }  # fmt: skip
    assert fill_in(host_of(cast), person(cast, cast.okafor, 0), **typed).status_code == 303
    row = cast.rows(
        "SELECT g.name, g.search_key, g.email_key, g.phone, g.language, m.is_child, m.host_note, m.seat_category,"
        " m.rsvp, m.meal, m.dietary, m.note, a.display_name FROM invitation_guests m JOIN guests g ON g.id = m.guest_id"
        " JOIN guest_assignments a ON a.member_id = m.id WHERE m.id = :id",
        id=cast.okafor.members[0],
    )[0]
    assert tuple(row) == (
        "Ngozi Okafor-Bell", "ngozi okafor-bell", "ngozi@example.org", "+442079460000", "es", True,
        "From work\nCall first", "vip", "accepted", "Fish", "vegan", "See you", "Ngozi Okafor-Bell",
    )  # fmt: skip
    actor, subject, detail = log(cast, "member.changed")[0]
    assert actor.startswith("user:")
    assert subject == f"member:{cast.okafor.members[0]}"
    assert "Ngozi Okafor-Bell" in str(detail)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Please give a name."),
        ({"email": "ada"}, "That does not look like an e-mail address."),
        ({"phone": "call me"}, "That does not look like a phone number."),
        ({"host_note": "a" * 2001}, "That is a little long. Please keep your note to 2,000 letters."),
        ({"language": "xx"}, "Please choose one of the languages on the page."),
    ],
)
def test_a_field_that_cannot_be_says_why(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    answer = fill_in(browser, person(cast, cast.okafor, 0), **typed)
    assert answer.status_code == 422
    assert words_of(answer.text).count(sentence) == 2, "in the summary and at the field"
    assert everything(cast.app) == before


def test_an_address_that_another_guest_has_is_refused_by_name(cast: Cast) -> None:
    browser = host_of(cast)
    assert fill_in(browser, person(cast, cast.okafor, 0), email="ada@example.org").status_code == 303
    answer = fill_in(browser, person(cast, cast.brandt, 0), email="ADA@example.org", phone="020 7946 0000")
    assert answer.status_code == 409
    assert told(answer.text) == "Ngozi Okafor already has this e-mail address."
    assert 'value="020 7946 0000"' in answer.text
    entry = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.brandt.members[1])
    answer = fill_in(browser, f"/host/guests/{entry}", email="Ada@example.org")
    assert answer.status_code == 409
    assert "Ngozi Okafor already has this e-mail address." in words_of(answer.text)
    cast.run("UPDATE guests SET name = '' WHERE email IS NOT NULL")
    answer = fill_in(browser, person(cast, cast.brandt, 0), email="ADA@example.org")
    assert told(answer.text) == "Another guest already has this e-mail address."
    elsewhere = make_cast(cast.app, slug="elsewhere")
    theirs = address(elsewhere, f"/invitations/{elsewhere.okafor.id}/members/{elsewhere.okafor.members[0]}")
    assert fill_in(host_of(elsewhere), theirs, email="ada@example.org").status_code == 303, "their book is another"


def test_two_hosts_change_the_same_member(cast: Cast) -> None:
    noor = HostBrowser(cast.app)
    add_host(cast.app, "noor@example.org", superuser=True)
    noor.sign_in("noor@example.org")
    mine, path = host_of(cast), person(cast, cast.okafor, 0)
    opened = mine.get(path).text
    assert fill_in(noor, path, phone="+442079460001", host_note="Hers").status_code == 303
    refused = send(mine, opened, path, phone="+442079460002", host_note="Mine")
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "This was changed while you were typing. Nothing you typed is lost. Noor Haddad changed it at" in said
    assert "Phone +442079460001 +442079460002 Your note Hers Mine" in said
    assert 'value="+442079460002"' in refused.text
    row = "SELECT phone FROM guests g JOIN invitation_guests m ON m.guest_id = g.id WHERE m.id = :id"
    assert cast.rows(row, id=cast.okafor.members[0]) == [("+442079460001",)]
    assert send(mine, refused.text, path).status_code == 303, "and may be saved over it"
    assert cast.rows(row, id=cast.okafor.members[0]) == [("+442079460002",)]


def test_what_a_host_did_not_touch_stays_as_another_has_written_it(cast: Cast) -> None:
    noor = HostBrowser(cast.app)
    add_host(cast.app, "noor@example.org", superuser=True)
    noor.sign_in("noor@example.org")
    mine, path = host_of(cast), person(cast, cast.okafor, 0)
    opened = mine.get(path).text
    assert fill_in(noor, path, phone="+442079460001", is_vip="y").status_code == 303
    refused = send(mine, opened, path, host_note="Mine")
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "As it is now If you save Phone +442079460001 +442079460001 Your note nothing Mine" in said
    assert "May take VIP seats yes yes" in said
    assert send(mine, refused.text, path).status_code == 303
    row = (
        "SELECT g.phone, m.host_note, m.seat_category FROM guests g JOIN invitation_guests m ON m.guest_id = g.id"
        " WHERE m.id = :id"
    )
    assert cast.rows(row, id=cast.okafor.members[0]) == [("+442079460001", "Mine", "vip")]


def test_a_name_that_a_guest_gave_meanwhile_is_not_overwritten(cast: Cast) -> None:
    browser = host_of(cast)
    assert fill_in(browser, household(cast, cast.okafor, "/people"), people="+").status_code == 303
    plus_one = cast.count("SELECT max(id) FROM invitation_guests")
    path = household(cast, cast.okafor, f"/members/{plus_one}")
    opened = browser.get(path).text
    cast.run(
        "UPDATE guests SET name = 'Mia', search_key = 'mia' WHERE id ="
        " (SELECT guest_id FROM invitation_guests WHERE id = :id)",
        id=plus_one,
    )
    refused = send(browser, opened, path, host_note="Ngozi’s friend")
    assert refused.status_code == 409
    assert members(cast, cast.okafor.id)[-1] == "Mia"
    assert send(browser, refused.text, path).status_code == 303
    assert members(cast, cast.okafor.id)[-1] == "Mia", "nor by saving again"


@pytest.mark.parametrize("shown", ["", "x", "forged.value"])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(cast: Cast, shown: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    answer = browser.post(person(cast, cast.okafor, 0), name="Another", shown=shown)
    assert answer.status_code == 409
    assert everything(cast.app) == before


def test_a_household_is_renamed_unless_somebody_was_quicker(cast: Cast) -> None:
    mine, path = host_of(cast), household(cast, cast.okafor, "/name")
    opened = mine.get(path).text
    assert fill_in(mine, path, name="The Okafors").status_code == 303
    refused = send(mine, opened, path, name="Family Okafor")
    assert refused.status_code == 409
    assert "It is called “The Okafors” now." in words_of(refused.text)
    assert send(mine, refused.text, path).status_code == 303
    assert cast.rows("SELECT name FROM invitations WHERE id = :id", id=cast.okafor.id) == [("Family Okafor",)]
    assert len(log(cast, "invitation.renamed")) == 2


def test_who_is_taken_off_frees_seat_and_place_at_once(cast: Cast) -> None:
    add_part(cast, "Dinner")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    guest = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.okafor.members[0])
    cast.run("UPDATE tables SET captain_id = :guest WHERE id = (SELECT min(id) FROM tables)", guest=guest)
    browser, path = host_of(cast), person(cast, cast.okafor, 0, "/remove")
    said = words_of(browser.get(path).text)
    assert "Ngozi Okafor is coming and sits at Table 1, seat 5. The seat is free for others at once." in said
    assert fill_in(browser, path).status_code == 303
    assert members(cast, cast.okafor.id) == cast.okafor.names[1:]
    assert plan(cast) == {}
    assert cast.count("SELECT count(*) FROM guest_assignments WHERE guest_id = :id", id=guest) == 0
    assert cast.count("SELECT count(*) FROM guests WHERE id = :id", id=guest) == 1, "the address book keeps them"
    assert len(log(cast, "member.removed")) == 1


def test_the_last_one_stays(cast: Cast) -> None:
    browser = host_of(cast)
    for number in (0, 1, 2):
        assert fill_in(browser, person(cast, cast.okafor, number, "/remove")).status_code == 303
    answer = fill_in(browser, person(cast, cast.okafor, 3, "/remove"))
    assert answer.status_code == 409
    assert told(answer.text) == "An invitation needs at least one person. Withdraw the link instead."
    assert members(cast, cast.okafor.id) == [cast.okafor.names[3]]


def test_a_plus_one_of_somebody_who_goes_is_brought_by_another(cast: Cast) -> None:
    browser = host_of(cast)
    made = invite(browser, cast, name="Park", people="Lena Park\nTom Park\n+")
    lena, tom, guest = [
        row[0]
        for row in cast.rows("SELECT id FROM invitation_guests WHERE invitation_id = :id ORDER BY position", id=made)
    ]
    path = address(cast, f"/invitations/{made}/members/{lena}/remove")
    assert fill_in(browser, path).status_code == 303
    assert cast.rows("SELECT plus_one_of FROM invitation_guests WHERE id = :id", id=guest) == [(tom,)]
    assert fill_in(browser, address(cast, f"/invitations/{made}/members/{guest}/remove")).status_code == 303
    assert cast.count("SELECT count(*) FROM guests WHERE name = ''") == 0, "nobody is left who has no name"


def test_a_member_moves_with_answer_and_seat(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    tell(cast, cast.okafor, 0, meal="Fish", note="See you")
    browser, path = host_of(cast), person(cast, cast.okafor, 0, "/move")
    found = browser.get(path, query_string={"q": "brandt"})
    assert "Brandt family" in words_of(found.text)
    assert send(browser, found.text, path, to=str(cast.brandt.id)).status_code == 303
    assert members(cast, cast.brandt.id) == [*cast.brandt.names, "Ngozi Okafor"]
    assert plan(cast) == {"Ngozi Okafor": "1-5"}
    assert cast.rows("SELECT rsvp, meal, note FROM invitation_guests WHERE id = :id", id=cast.okafor.members[0]) == [
        ("accepted", "Fish", "See you")
    ]
    assert len(log(cast, "member.moved")) == 1


def test_whoever_moves_last_leaves_a_link_that_is_withdrawn(cast: Cast) -> None:
    browser = host_of(cast)
    for number in range(4):
        path = person(cast, cast.okafor, number, "/move")
        assert browser.post(path, to=str(cast.brandt.id)).status_code == 303
    assert cast.count("SELECT count(*) FROM invitations WHERE id = :id AND revoked_at IS NOT NULL", id=cast.okafor.id)
    assert browser.get(cast.okafor.path()).status_code == 410


def test_nobody_is_put_behind_a_link_that_is_withdrawn(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    browser, path = host_of(cast), person(cast, cast.okafor, 0, "/move")
    opened = browser.get(path, query_string={"q": "brandt"}).text
    people = browser.get(household(cast, cast.brandt, "/people")).text
    browser.post(f"{household(cast, cast.brandt)}/link/revoke")
    before = everything(cast.app)
    answer = send(browser, opened, path, to=str(cast.brandt.id))
    assert answer.status_code == 409
    assert "The link of “Brandt family” is withdrawn, so nobody can join them." in words_of(answer.text)
    answer = send(browser, people, household(cast, cast.brandt, "/people"), people="Mia Roth")
    assert answer.status_code == 409
    assert told(answer.text).startswith("The link of “Brandt family” is withdrawn, so nobody can join them.")
    assert "Mia Roth" in answer.text
    assert everything(cast.app) == before
    said = browser.get(path, query_string={"q": "brandt"}).text
    assert "Link withdrawn" in words_of(said)
    assert f'value="{cast.brandt.id}"' not in said, "nobody is offered what would be refused"


@pytest.mark.parametrize("target", ["", "0", "x", "999999", "99999999999999999999"])
def test_there_is_no_moving_to_nowhere(cast: Cast, target: str) -> None:
    browser, before = host_of(cast), everything(cast.app)
    assert browser.post(person(cast, cast.okafor, 0, "/move"), to=target).status_code == 404
    assert everything(cast.app) == before


def test_there_is_no_moving_to_another_event(cast: Cast) -> None:
    elsewhere = make_cast(cast.app, slug="elsewhere")
    answer = host_of(cast).post(person(cast, cast.okafor, 0, "/move"), to=str(elsewhere.okafor.id))
    assert answer.status_code == 404
